import { joinLines, splitLines, type EditedText, type LineMatch, type TextLine } from './lines.ts';

/** Where a submodule is to come from. */
export interface SubmoduleChange {
  readonly path: string;
  readonly url?: string | undefined;
  readonly branch?: string | undefined;
}

interface Section {
  readonly start: number;
  readonly end: number;
}

const SETTING = /^(\s*)([A-Za-z][A-Za-z0-9-]*)(\s*=\s*)(.*?)(\s*)$/;

/** Sets url and branch of the submodule at a path, in .gitmodules. A branch that the section does not have yet is added after its last setting. */
export function editSubmodule(content: string, change: SubmoduleChange): EditedText {
  const { mark, lines } = splitLines(content);
  const section = sectionsOf(lines).find((one) =>
    settings(lines, one).some(({ key, value }) => key === 'path' && value === change.path),
  );
  if (section === undefined) return { content, matches: [], already: 0, unmanaged: [] };
  const edited = [...lines];
  const matches: LineMatch[] = [];
  let already = 0;
  const wanted = { url: change.url, branch: change.branch };
  for (const [key, value] of Object.entries(wanted)) {
    if (value === undefined) continue;
    const found = settings(lines, section).find((setting) => setting.key === key);
    if (found?.value === value) already += 1;
    else if (found === undefined) matches.push(addSetting(edited, section, `${key} = ${value}`));
    else matches.push(setValue(edited, found.index, value));
  }
  return { content: joinLines({ mark, lines: edited }), matches, already, unmanaged: [] };
}

function sectionsOf(lines: readonly TextLine[]): readonly Section[] {
  const starts = lines.flatMap(({ text }, index) => (/^\s*\[/.test(text) ? [index] : []));
  return starts
    .map((start, index) => ({ start, end: starts[index + 1] ?? lines.length }))
    .filter(({ start }) => /^\s*\[\s*submodule\s/i.test(lines[start]?.text ?? ''));
}

interface Setting {
  readonly key: string;
  readonly value: string;
  readonly index: number;
}

function settings(lines: readonly TextLine[], { start, end }: Section): readonly Setting[] {
  return lines.slice(start + 1, end).flatMap(({ text }, offset) => {
    const match = SETTING.exec(text);
    if (match === null) return [];
    return [{ key: (match[2] ?? '').toLowerCase(), value: unquote(match[4] ?? ''), index: start + 1 + offset }];
  });
}

function unquote(value: string): string {
  return value.length > 1 && value.startsWith('"') && value.endsWith('"') ? value.slice(1, -1) : value;
}

function setValue(lines: TextLine[], index: number, value: string): LineMatch {
  const line = lines[index] ?? { text: '', ending: '\n' };
  const after = line.text.replace(
    SETTING,
    (_all, indent: string, key: string, equals: string) => `${indent}${key}${equals}${value}`,
  );
  lines.splice(index, 1, { ...line, text: after });
  return { line: index + 1, count: 1, before: line.text, after };
}

function addSetting(lines: TextLine[], section: Section, setting: string): LineMatch {
  const last = settings(lines, section).at(-1)?.index ?? section.start;
  const before = lines[last] ?? { text: '', ending: '\n' };
  const indent = SETTING.exec(before.text)?.[1] ?? '\t';
  const ending = before.ending === '' ? '\n' : before.ending;
  const text = `${indent}${setting}`;
  lines.splice(last, 1, { ...before, ending }, { text, ending: before.ending });
  return { line: last + 2, count: 1, before: '', after: text };
}
