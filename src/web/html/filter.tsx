import { neutral } from '../../domain/plain-text.ts';
import type { Block } from '../doc.ts';
import { idOf } from '../identity.ts';
import { fieldOf } from './field.tsx';
import type { Node, Stage } from './stage.ts';

/** A form that only changes the address; members of the query that are not its own stay. */
export function filterOf(filter: Extract<Block, { readonly kind: 'filter' }>, stage: Stage): Node {
  const own = filter.fields.map((field) => field.name);
  const others = Object.entries(stage.room.query).filter(([name]) => !own.includes(name));
  return (
    <form method="get" class="filter" role="search" aria-label={neutral(filter.label)}>
      {others.map(([name, value]) => (
        <input type="hidden" name={name} value={value} />
      ))}
      {filter.fields.map((field) => fieldOf(field, idOf('filter', filter.label)))}
      <button type="submit" class="btn">
        {neutral(filter.label)}
      </button>
    </form>
  );
}
