/** What an edit did to one line: the whole line before and after, and how often it matched there. */
export interface LineMatch {
  readonly line: number;
  readonly count: number;
  readonly before: string;
  readonly after: string;
}

/** Something that looks as if the edit should touch it and must not: where, and why it stays. */
export interface Unmanaged {
  readonly line: number;
  readonly text: string;
  readonly why: string;
}

/** A text after an edit. `already` counts the places that have the wanted value from before. */
export interface EditedText {
  readonly content: string;
  readonly matches: readonly LineMatch[];
  readonly already: number;
  readonly unmanaged: readonly Unmanaged[];
}

export interface TextLine {
  /** Without its line ending and without a byte order mark. */
  readonly text: string;
  /** `\n`, `\r\n`, or nothing at the end of a text without a final newline. */
  readonly ending: string;
}

export interface TextLines {
  readonly mark: string;
  readonly lines: readonly TextLine[];
}

const MARK = '\uFEFF';

/** Takes a text apart so that putting it together again gives the same bytes: endings, mark and final newline are kept. */
export function splitLines(content: string): TextLines {
  const mark = content.startsWith(MARK) ? MARK : '';
  const pieces = content.slice(mark.length).split('\n');
  const lines = pieces.flatMap((piece, index): readonly TextLine[] => {
    if (index === pieces.length - 1) return piece === '' ? [] : [{ text: piece, ending: '' }];
    return [piece.endsWith('\r') ? { text: piece.slice(0, -1), ending: '\r\n' } : { text: piece, ending: '\n' }];
  });
  return { mark, lines };
}

export function joinLines({ mark, lines }: TextLines): string {
  return mark + lines.map(({ text, ending }) => text + ending).join('');
}

/** A piece of a line to put in place of another: positions are of the line before. */
export interface Replacement {
  readonly start: number;
  readonly end: number;
  readonly to: string;
}

/** The line with the replacements made; they must not overlap. */
function replaceIn(text: string, replacements: readonly Replacement[]): string {
  const sorted = replacements.toSorted((left, right) => right.start - left.start);
  return sorted.reduce((line, { start, end, to }) => line.slice(0, start) + to + line.slice(end), text);
}

/** What one line comes to. */
export interface LineEdit {
  readonly replacements: readonly Replacement[];
  readonly already: number;
  /** Why each of the things on this line stays that looks as if it should not. */
  readonly unmanaged: readonly string[];
}

/** Edits a text line by line; nothing but what is replaced changes. */
export function editLines(content: string, edit: (text: string, index: number) => LineEdit): EditedText {
  const { mark, lines } = splitLines(content);
  const matches: LineMatch[] = [];
  const unmanaged: Unmanaged[] = [];
  let already = 0;
  const edited = lines.map((line, index) => {
    const found = edit(line.text, index);
    already += found.already;
    unmanaged.push(...found.unmanaged.map((why) => ({ line: index + 1, text: line.text.trim(), why })));
    if (found.replacements.length === 0) return line;
    const after = replaceIn(line.text, found.replacements);
    matches.push({ line: index + 1, count: found.replacements.length, before: line.text, after });
    return { ...line, text: after };
  });
  return { content: joinLines({ mark, lines: edited }), matches, already, unmanaged };
}
