/** One header: `Name: torch`. */
export interface HeaderField {
  readonly name: string;
  /** With its further lines, as they stand there. */
  readonly value: string;
  /** Counted from 1. */
  readonly line: number;
}

/** What is wrong in a block of headers. */
export type HeaderProblem =
  | { readonly code: 'not-a-header'; readonly line: number; readonly text: string }
  | { readonly code: 'nothing-to-continue'; readonly line: number; readonly text: string }
  | { readonly code: 'no-header-name'; readonly line: number; readonly text: string }
  | { readonly code: 'too-many-headers'; readonly line: number; readonly text: string };

/** The head and body of a file in the form of a mail: METADATA, WHEEL. */
export interface HeaderBlock {
  readonly fields: readonly HeaderField[];
  /** What follows the empty line. */
  readonly body: string;
  readonly problems: readonly HeaderProblem[];
}

/** More than any file has: torch has a few hundred. */
const MOST_FIELDS = 20_000;
const SHOWN = 200;

/**
 * Reads headers as mail programs do: a line that begins with a blank goes on with the one before; the first line that is neither header nor
 * continuation begins the body, and is reported unless it is empty.
 */
export function parseHeaders(text: string): HeaderBlock {
  const fields: { name: string; parts: string[]; line: number }[] = [];
  const problems: HeaderProblem[] = [];
  let number = 0;
  let last: string[] | null = null;
  for (const { line, start, next } of linesOf(text)) {
    number += 1;
    const place = { line: number, text: line.slice(0, SHOWN) };
    if (line === '') return block(fields, text.slice(next), problems);
    const colon = line.indexOf(':');
    if (/^[ \t]/.test(line)) {
      if (last === null) problems.push({ code: 'nothing-to-continue', ...place });
      else last.push(line);
    } else if (colon === 0) {
      last = null;
      problems.push({ code: 'no-header-name', ...place });
    } else if (isHeaderName(line, colon)) {
      last = [line.slice(colon + 1).replace(/^[ \t]+/, '')];
      fields.push({ name: line.slice(0, colon), parts: last, line: number });
    } else {
      return block(fields, text.slice(start), [...problems, { code: 'not-a-header', ...place }]);
    }
    if (fields.length > MOST_FIELDS) return block(fields, '', [...problems, { code: 'too-many-headers', ...place }]);
  }
  return block(fields, '', problems);
}

function isHeaderName(line: string, colon: number): boolean {
  return colon > 0 && /^[\x21-\x39\x3b-\x7e]+$/.test(line.slice(0, colon));
}

/** Lines end in LF, CR LF or CR. */
function* linesOf(text: string): Generator<{ readonly line: string; readonly start: number; readonly next: number }> {
  let start = 0;
  for (const end of text.matchAll(/\r\n?|\n/g)) {
    const next = end.index + end[0].length;
    yield { line: text.slice(start, end.index), start, next };
    start = next;
  }
  if (start < text.length) yield { line: text.slice(start), start, next: text.length };
}

function block(
  fields: readonly { readonly name: string; readonly parts: readonly string[]; readonly line: number }[],
  body: string,
  problems: readonly HeaderProblem[],
): HeaderBlock {
  return {
    fields: fields.map(({ name, parts, line }) => ({ name, value: parts.join('\n').trimEnd(), line })),
    body,
    problems,
  };
}

/** The values of all headers of this name, whatever its case. */
export function valuesOf(fields: readonly HeaderField[], name: string): readonly HeaderField[] {
  const wanted = name.toLowerCase();
  return fields.filter((field) => field.name.toLowerCase() === wanted);
}

/** What is wrong, as a sentence that names neither file nor line: they are its place. */
export function explainHeader(problem: HeaderProblem): string {
  const text = JSON.stringify(problem.text);
  switch (problem.code) {
    case 'not-a-header':
      return `${text} is no header ("Name: value"), so what follows is not read as headers. A text of several lines needs a blank at the beginning of each further line.`;
    case 'nothing-to-continue':
      return `${text} begins with a blank as the continuation of a header, and there is none before it.`;
    case 'no-header-name':
      return `${text} has no name before the colon.`;
    case 'too-many-headers':
      return `There are more than ${MOST_FIELDS} headers; the rest is not read.`;
  }
}
