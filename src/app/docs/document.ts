/** A part of a document: its heading, what stands below it in Markdown, and its own parts. */
export interface Section {
  readonly title: string;
  readonly body: readonly string[];
  readonly parts?: readonly Section[];
}

/** A Markdown document: title, a note on where it comes from, a table of contents, the sections. Sections that say nothing are left out. */
export function renderDocument(title: string, note: string, sections: readonly (Section | null)[]): string {
  const kept = sections.flatMap((section) => withContent(section));
  const anchors = new Map<string, number>();
  const contents = kept.flatMap((section) => contentsOf(section, 0, anchors));
  const body = kept.flatMap((section) => linesOf(section, 2));
  return `${[`# ${title}`, '', note, '', ...contents, ...body].join('\n').trimEnd()}\n`;
}

function withContent(section: Section | null): readonly Section[] {
  if (section === null) return [];
  const parts = (section.parts ?? []).flatMap((part) => withContent(part));
  return section.body.length === 0 && parts.length === 0 ? [] : [{ ...section, parts }];
}

function contentsOf({ title, parts = [] }: Section, depth: number, anchors: Map<string, number>): readonly string[] {
  const anchor = anchorOf(title);
  const before = anchors.get(anchor) ?? 0;
  anchors.set(anchor, before + 1);
  const link = before === 0 ? anchor : `${anchor}-${before}`;
  return [
    `${'  '.repeat(depth)}- [${title}](#${link})`,
    ...parts.flatMap((part) => contentsOf(part, depth + 1, anchors)),
  ];
}

function linesOf({ title, body, parts = [] }: Section, level: number): readonly string[] {
  return ['', `${'#'.repeat(level)} ${title}`, ...spaced(body), ...parts.flatMap((part) => linesOf(part, level + 1))];
}

/** Paragraphs are parted by an empty line; rows of a list or a table, given as one text with newlines, stay together. */
function spaced(body: readonly string[]): readonly string[] {
  return body.flatMap((paragraph) => ['', paragraph.trimEnd()]);
}

/** As forges make anchors of headings: small letters, no marks, dashes for spaces. */
function anchorOf(title: string): string {
  return title
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(/\s/gu, '-');
}

/** A list, one row each. */
export function bullets(items: readonly string[]): readonly string[] {
  return items.length === 0 ? [] : [items.map((item) => `- ${item.replaceAll(/\s*\n\s*/gu, ' ')}`).join('\n')];
}

/** A list in order. */
export function numbered(items: readonly string[]): readonly string[] {
  if (items.length === 0) return [];
  return [items.map((item, index) => `${index + 1}. ${item.replaceAll(/\s*\n\s*/gu, ' ')}`).join('\n')];
}

/** Commands, or other text that is shown letter by letter. */
export function fenced(lines: readonly string[]): string {
  const inside = lines.join('\n');
  const longest = Math.max(2, ...[...inside.matchAll(/`+/gu)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}\n${inside}\n${fence}`;
}

/** A short text as code within a line. */
export function code(text: string): string {
  return text.includes('`') ? `\`\` ${text} \`\`` : `\`${text}\``;
}

const LIST = new Intl.ListFormat('en-GB', { type: 'conjunction' });

/** `a, b and c`, all of them. */
export function enumerated(items: readonly string[]): string {
  return LIST.format(items);
}
