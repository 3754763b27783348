import { neutral } from '../../domain/plain-text.ts';
import { STATE_WORDS } from '../../domain/state.ts';
import type { Block } from '../doc.ts';
import { idOf } from '../identity.ts';
import { neutralLines } from '../words.ts';
import { actionsOf } from './action.tsx';
import { boardOf } from './board.tsx';
import { filterOf } from './filter.tsx';
import { gridOf } from './grid.tsx';
import { icon } from './icon.tsx';
import { rich } from './inline.tsx';
import { pictureOf } from './picture.tsx';
import { live, type Node, type Stage } from './stage.ts';
import { tableOf } from './table.tsx';

type Of<Kind extends Block['kind']> = Extract<Block, { readonly kind: Kind }>;

function section(block: Of<'section'>, stage: Stage): Node {
  const id = idOf('s', block.id);
  const aside = block.aside;
  return (
    <section id={id} aria-labelledby={`${id}:h`}>
      <div class="section-head">
        <h2 id={`${id}:h`}>{neutral(block.heading)}</h2>
        {aside === undefined
          ? null
          : live(stage, `${id}:aside`, (inner, asideId) => (
              <p class="aside" id={asideId}>
                {rich(aside, inner)}
              </p>
            ))}
      </div>
      {blocksOf(block.blocks, stage, id)}
    </section>
  );
}

function facts(block: Of<'facts'>, stage: Stage, path: string): Node {
  return (
    <dl class="facts">
      {block.rows.map((row) =>
        live(stage, idOf(path, row.name), (inner, id) => (
          <div id={id}>
            <dt>{neutral(row.name)}</dt>
            <dd>{rich(row.value, inner)}</dd>
          </div>
        )),
      )}
    </dl>
  );
}

/** A warning is said as soon as it appears, an error interrupts. */
const ROLES = { info: undefined, warn: 'status', error: 'alert' } as const;
const SHAPES = { info: undefined, warn: 'needs-you', error: 'failing' } as const;

function notice(block: Of<'notice'>, stage: Stage, id: string): Node {
  const shape = SHAPES[block.tone];
  return (
    <div id={id} class={`notice notice-${block.tone}`} role={ROLES[block.tone]}>
      {shape === undefined ? null : icon(shape)}
      <div>
        <p>{rich(block.text, stage)}</p>
        {block.next === undefined ? null : <p class="next">{rich(block.next, stage)}</p>}
      </div>
    </div>
  );
}

function phases(block: Of<'phases'>, stage: Stage, path: string): Node {
  return (
    <ol class="phases" aria-label="Phases">
      {block.steps.map((step) =>
        live(stage, idOf(path, step.name), (inner, id) => (
          <li id={id} class={`phase st-${step.state}`} aria-current={step.current ? 'step' : undefined}>
            <span class="phase-name">
              {icon(step.state)}
              <span>{neutral(step.name)}</span>
            </span>
            <span class="w">{STATE_WORDS[step.state].word}</span>
            <span class="phase-text">{rich(step.text, inner)}</span>
          </li>
        )),
      )}
    </ol>
  );
}

function code(block: Of<'code'>, id: string): Node {
  const text = neutralLines(block.text);
  return (
    <figure class="code" id={id}>
      {block.label === undefined ? null : <figcaption>{neutral(block.label)}</figcaption>}
      <pre tabindex={0} role="group" aria-label={neutral(block.label ?? 'Code')}>
        <code>{text}</code>
      </pre>
      <button type="button" class="btn small js" data-copy={text}>
        Copy
      </button>
    </figure>
  );
}

function blockOf(block: Block, stage: Stage, path: string): Node {
  switch (block.kind) {
    case 'section':
      return section(block, stage);
    case 'paragraph':
      return live(stage, path, (inner, id) => <p id={id}>{rich(block.text, inner)}</p>);
    case 'list':
      return live(stage, path, (inner, id) => (
        <ul id={id} class="list">
          {block.items.map((item) => (
            <li>{rich(item, inner)}</li>
          ))}
        </ul>
      ));
    case 'facts':
      return facts(block, stage, path);
    case 'code':
      return live(stage, path, (_inner, id) => code(block, id));
    case 'notice':
      return live(stage, path, (inner, id) => notice(block, inner, id));
    case 'table':
      return tableOf(block, stage);
    case 'board':
      return boardOf(block, stage);
    case 'grid':
      return gridOf(block, stage);
    case 'phases':
      return phases(block, stage, path);
    case 'picture':
      return live(stage, idOf('p', block.id), (inner) => pictureOf(block, inner));
    case 'actions':
      return live(stage, path, (inner, id) => <div id={id}>{actionsOf(block.actions, inner)}</div>);
    case 'filter':
      return filterOf(block, stage);
  }
}

/** The blocks of a page or of an opened row; `path` names where they are. */
export function blocksOf(blocks: readonly Block[], stage: Stage, path: string): readonly Node[] {
  return blocks.map((block, index) => blockOf(block, stage, `${path}:${index}`));
}
