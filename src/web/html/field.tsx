import { neutral } from '../../domain/plain-text.ts';
import type { Field } from '../doc.ts';
import { neutralLines } from '../words.ts';
import type { Node } from './stage.ts';

function input(field: Field, described: string | undefined): Node {
  const shared = { name: field.name, required: field.required === true, 'aria-describedby': described };
  switch (field.kind) {
    case 'choice':
      return (
        <select {...shared}>
          {(field.choices ?? []).map((choice) => (
            <option value={choice.value} selected={choice.value === (field.value ?? '')}>
              {neutral(choice.label)}
            </option>
          ))}
        </select>
      );
    case 'long-text':
      return (
        <textarea {...shared} rows={3} maxlength={field.max}>
          {neutralLines(field.value ?? '')}
        </textarea>
      );
    case 'date':
      return <input {...shared} type="date" value={field.value} />;
    case 'text':
    case 'hidden':
      return (
        <input
          {...shared}
          type="text"
          value={field.value}
          maxlength={field.max}
          autocomplete="off"
          spellcheck={false}
        />
      );
  }
}

/** An input with its label and hint. `within` makes ids unique. */
export function fieldOf(field: Field, within: string): Node {
  if (field.kind === 'hidden') return <input type="hidden" name={field.name} value={field.value ?? ''} />;
  const hint = field.hint === undefined ? undefined : `${within}:${field.name}:hint`;
  return (
    <div class="field">
      <label>
        <span class="name">{neutral(field.label)}</span>
        {input(field, hint)}
      </label>
      {field.hint === undefined ? null : (
        <p class="hint" id={hint}>
          {neutral(field.hint)}
        </p>
      )}
    </div>
  );
}
