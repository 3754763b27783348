import type { Action, Block, Doc, Inline, Rich } from '../web/doc.ts';

/** All words of a document in their order, for tests that ask what is said and not how it looks. */
export function textOfDoc(doc: Doc): string {
  return [doc.title, doc.heading, ...(doc.lead === undefined ? [] : [textOf(doc.lead)]), textOfBlocks(doc.blocks)].join(
    '\n',
  );
}

/** Everything that can be done from a document. */
export function actionsOf(doc: Doc): readonly Action[] {
  return doc.blocks.flatMap(actionsIn);
}

function actionsIn(block: Block): readonly Action[] {
  switch (block.kind) {
    case 'section':
      return block.blocks.flatMap(actionsIn);
    case 'table':
      return block.groups.flatMap(({ rows }) =>
        rows.flatMap(({ actions = [], details = [] }) => [...actions, ...details.flatMap(actionsIn)]),
      );
    case 'board':
      return block.columns.flatMap(({ cards }) => cards.flatMap(({ actions = [] }) => actions));
    case 'actions':
      return block.actions;
    case 'paragraph':
    case 'list':
    case 'facts':
    case 'code':
    case 'notice':
    case 'grid':
    case 'phases':
    case 'picture':
    case 'filter':
      return [];
  }
}

function textOf(rich: Rich): string {
  if (typeof rich === 'string') return rich;
  return 'kind' in rich ? textOfInline(rich) : rich.map(textOfInline).join('');
}

function textOfInline(inline: Inline): string {
  if (typeof inline === 'string') return inline;
  switch (inline.kind) {
    case 'state':
      return `[${inline.state}]${inline.word === undefined ? '' : ` ${inline.word}`}`;
    case 'person':
      return `@${inline.login}`;
    case 'time':
      return `<${inline.form} ${inline.at}>`;
    case 'link':
    case 'code':
    case 'strong':
      return inline.text;
  }
}

function textOfBlocks(blocks: readonly Block[]): string {
  return blocks.map(textOfBlock).join('\n');
}

function textOfBlock(block: Block): string {
  switch (block.kind) {
    case 'section':
      return `# ${block.heading}\n${textOfBlocks(block.blocks)}`;
    case 'paragraph':
      return textOf(block.text);
    case 'notice':
      return [block.text, ...(block.next === undefined ? [] : [block.next])].map(textOf).join(' ');
    case 'list':
      return block.items.map(textOf).join('\n');
    case 'facts':
      return block.rows.map(({ name, value }) => `${name}: ${textOf(value)}`).join('\n');
    case 'code':
      return block.text;
    case 'table': {
      const rows = block.groups.flatMap(({ name, rows: those }) => [
        ...(name === null || those.length === 0 ? [] : [name]),
        ...those.map(({ cells, details = [] }) => `${cells.map(textOf).join(' | ')} ${textOfBlocks(details)}`),
      ]);
      return [block.caption, ...(rows.length === 0 ? [textOf(block.empty)] : rows)].join('\n');
    }
    case 'board': {
      const isEmpty = block.columns.every(({ cards }) => cards.length === 0);
      const columns = block.columns.map(
        ({ name, cards }) =>
          `${name} ${cards.length}\n${cards.map(({ title, lines }) => [title, ...lines.map(textOf)].join('\n')).join('\n')}`,
      );
      return [block.caption, ...(isEmpty ? [textOf(block.empty)] : columns)].join('\n');
    }
    case 'grid':
      return [
        block.caption,
        block.heads.map(({ name, columns }) => `${name}: ${columns.join(' ')}`).join(' | '),
        ...(block.rows.length === 0
          ? [textOf(block.empty)]
          : block.rows.map(
              ({ name, cells }) => `${name} ${cells.map(({ state, name: said }) => `[${state}] ${said}`).join('; ')}`,
            )),
      ].join('\n');
    case 'phases':
      return block.steps.map(({ name, state, text }) => `${name} [${state}] ${text}`).join('\n');
    case 'picture':
      return `${block.caption} ${JSON.stringify(block.picture)}`;
    case 'actions':
      return block.actions.map(({ label }) => label).join(', ');
    case 'filter':
      return block.fields.map(({ label, value = '' }) => `${label} ${value}`).join(', ');
  }
}
