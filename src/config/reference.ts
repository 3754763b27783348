import { allKeys, type KeyExplained } from './explain.ts';

const HEAD = `# The train file

<!-- Written by scripts/train-reference.ts from the schema in src/domain/train; a test compares. Do not edit. -->

\`train.yaml\` is YAML 1.2, read strictly: a key that is not in this list is a mistake, no key may stand twice, versions stand in quotes
(\`"2.10"\`, since without them YAML reads the number 2.1). \`signalbox config check\` tells every mistake at once with its place;
\`signalbox config explain KEY\` shows an entry of this list.

**Beside it.** When the file is called \`train.yaml\`, its folder may hold \`support.yaml\` (what \`support\` would hold), \`artifacts.yaml\`
(\`artifacts\`), \`calendar.yaml\` (\`calendar\`) and \`texts/NAME.md\` (each a text of \`texts\`). Said in both places is a mistake.

**Inheriting.** \`extends: pytorch\` takes the preset of that name that ships with Signalbox, \`extends: ./path\` another file or folder.
Maps are merged key by key; lists and texts replace the inherited ones; \`null\` takes an inherited key away, except where null is a value.

**Names.** \`<repo>\`, \`<line>\` (X.Y) and \`<name>\` stand for names of your own, \`[]\` for each item of a list.
`;

/** docs/train-reference.md, from the schema alone. */
export function renderReference(): string {
  const sections = new Map<string, KeyExplained[]>();
  for (const entry of allKeys()) {
    const top = entry.key.replace(/[.[].*$/s, '');
    sections.set(top, [...(sections.get(top) ?? []), entry]);
  }
  return [HEAD, ...[...sections].map(([top, entries]) => renderSection(top, entries))].join('\n');
}

function renderSection(top: string, entries: readonly KeyExplained[]): string {
  const rows = entries.map(
    (entry) =>
      `| \`${entry.key}\` | ${entry.required ? '**yes**' : ''} | ${cell(entry.type)} | ${cell(presetOf(entry))} | ${cell(meaningOf(entry))} |`,
  );
  return [
    `## ${top}`,
    '',
    '| key | required | value | default | meaning |',
    '| --- | --- | --- | --- | --- |',
    ...rows,
    '',
  ].join('\n');
}

function presetOf({ preset }: KeyExplained): string {
  return preset === null || preset === '[]' || preset === '""' ? '' : `\`${preset}\``;
}

function meaningOf({ description, kinds }: KeyExplained): string {
  return [description, ...kinds.map(({ kind, description: what }) => `\`${kind}\`: ${what}`)]
    .filter((text) => text !== '')
    .join(' ');
}

function cell(text: string): string {
  return text
    .replaceAll('|', String.raw`\|`)
    .replaceAll('\n', ' ')
    .replaceAll('<', '&lt;');
}
