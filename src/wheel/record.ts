import type { Digest } from '../domain/canonical-json.ts';

/** One line of RECORD: a file of the wheel with its hash and size. */
export interface RecordRow {
  readonly path: string;
  /** `sha256`; null where there is none, as for RECORD itself. */
  readonly algorithm: string | null;
  /** URL-safe base64 without padding; null with the algorithm. */
  readonly hash: string | null;
  /** In bytes; null where it is not told. */
  readonly size: number | null;
  readonly line: number;
}

/** What is wrong in RECORD. */
export type RecordProblem = { readonly line: number; readonly path: string } & (
  | { readonly code: 'not-three-fields'; readonly count: number }
  | { readonly code: 'bad-hash'; readonly hash: string }
  | { readonly code: 'weak-hash'; readonly algorithm: string }
  | { readonly code: 'bad-size'; readonly size: string }
  | { readonly code: 'no-path' }
  | { readonly code: 'unclosed-quote' }
  | { readonly code: 'too-many-lines' }
);

export interface RecordFile {
  readonly rows: readonly RecordRow[];
  readonly problems: readonly RecordProblem[];
}

/** Twice as many as a zip may have entries here. */
const MOST_ROWS = 400_000;
/** How many mistakes are told; a file that is no RECORD has one in each line. */
const MOST_PROBLEMS = 1_000;
/** What PEP 376 leaves to choose; weaker ones prove nothing. */
const ALGORITHMS: ReadonlySet<string> = new Set(['sha256', 'sha384', 'sha512']);
/** Files that RECORD does not hold the hash of: itself, and signatures over it. */
const EXEMPT: ReadonlySet<string> = new Set(['RECORD', 'RECORD.jws', 'RECORD.p7s']);

/** Whether a file of the dist-info folder needs no line, or one without hash and size. */
export function isExempt(path: string, distInfo: string): boolean {
  return path.startsWith(`${distInfo}/`) && EXEMPT.has(path.slice(distInfo.length + 1));
}

/** Reads RECORD: comma-separated, quotes around what has commas, quotes or line ends. Each time that is asked for when it is wanted first. */
export function parseRecord(text: string): RecordFile {
  let problems: readonly RecordProblem[] | null = null;
  let rows: readonly RecordRow[] | null = null;
  const readRows = (): readonly RecordRow[] => {
    const made: RecordRow[] = [];
    problems = visitRecord(text, (row) => made.push(row));
    return made;
  };
  return {
    get rows() {
      return (rows ??= readRows());
    },
    get problems() {
      return (problems ??= visitRecord(text, null));
    },
  };
}

/** Takes a row, and where it stands in the text, its line end included. */
type VisitRow = (row: RecordRow, from: number, to: number) => void;

const SIZE = /^\d{1,15}$/;
// What nearly all rows look like: no quotes, a hash without padding, and a size.
const USUAL_ROW = /[^,"\r\n]+,sha256=[\w-]+,\d{1,15}(?:\r?\n|$)/y;

/**
 * Takes a row that is written as nearly all are (no quotes, a sha256, a size): where it begins in the text, where its path ends, and the size. True
 * when that was all that is wanted of it, so that nothing is made for each of ten thousand rows.
 */
type TakeUsual = (from: number, pathTo: number, size: number) => boolean;

/**
 * Reads RECORD row by row, so that nothing needs to hold them all; gives back what is wrong in it. Without anybody to take rows none are made, and
 * none of those that `take` took.
 */
export function visitRecord(
  text: string,
  visit: VisitRow | null,
  take: TakeUsual | null = null,
): readonly RecordProblem[] {
  const problems: RecordProblem[] = [];
  let count = 0;
  let line = 1;
  for (let at = 0; at < text.length;) {
    const usual = usualRowEnd(text, at);
    const read = usual === null ? anyRowAt(text, at, line) : null;
    if (count >= MOST_ROWS && read?.isEmpty !== true) {
      problems.push({ code: 'too-many-lines', line, path: '' });
      break;
    }
    if (read !== null && problems.length < MOST_PROBLEMS) problems.push(...read.problems);
    const next = usual ?? read?.next ?? text.length;
    if (visit !== null && (read !== null || !isTaken(text, at, take))) {
      const row = read === null ? usualRow(text, at, line) : read.row;
      if (row !== null) visit(row, at, next);
    }
    if (read?.row !== null) count += 1;
    at = next;
    line += read?.lines ?? 1;
  }
  return problems;
}

/** Where a row that looks like nearly all ends; null for any other row. */
function usualRowEnd(text: string, at: number): number | null {
  USUAL_ROW.lastIndex = at;
  return USUAL_ROW.test(text) ? USUAL_ROW.lastIndex : null;
}

/** Where the hash of a usual row begins, behind its path. */
const HASH_AFTER = ',sha256='.length;

function isTaken(text: string, at: number, take: TakeUsual | null): boolean {
  if (take === null) return false;
  const pathTo = text.indexOf(',', at);
  return take(at, pathTo, numberAt(text, text.indexOf(',', pathTo + HASH_AFTER) + 1));
}

/** The digits from a place on, without a text of them. */
function numberAt(text: string, from: number): number {
  let number = 0;
  for (let at = from; ; at += 1) {
    const digit = text.charCodeAt(at) - 0x30;
    // Past the end of the text it is not a number.
    if (!(digit >= 0 && digit <= 9)) return number;
    number = number * 10 + digit;
  }
}

function usualRow(text: string, at: number, line: number): RecordRow {
  const comma = text.indexOf(',', at);
  const hash = comma + HASH_AFTER;
  const second = text.indexOf(',', hash);
  const size = numberAt(text, second + 1);
  return { path: text.slice(at, comma), algorithm: 'sha256', hash: text.slice(hash, second), size, line };
}

interface ReadRow {
  /** Null when it names no file. */
  readonly row: RecordRow | null;
  readonly isEmpty: boolean;
  readonly problems: readonly RecordProblem[];
  /** Where the next row begins, and how many lines further on. */
  readonly next: number;
  readonly lines: number;
}

function anyRowAt(text: string, at: number, line: number): ReadRow {
  const { fields, next, isClosed } = fieldsAt(text, at);
  const [path = '', hash = '', size = ''] = fields;
  const isEmpty = fields.length === 0;
  return {
    row: path === '' ? null : { path, ...hashOf(hash), size: SIZE.test(size) ? Number(size) : null, line },
    isEmpty,
    problems: [
      ...(isClosed ? [] : [{ code: 'unclosed-quote', line, path } as const]),
      ...(isEmpty ? [] : mistakesOf(fields, line)),
    ],
    next,
    lines: countOf(text, at, next),
  };
}

function mistakesOf(fields: readonly string[], line: number): readonly RecordProblem[] {
  const [path = '', hash = '', size = ''] = fields;
  if (fields.length !== 3) return [{ code: 'not-three-fields', line, path, count: fields.length }];
  if (path === '') return [{ code: 'no-path', line, path }];
  const problems: RecordProblem[] = [];
  const { algorithm } = hashOf(hash);
  if (hash !== '' && !/^[a-z0-9_]+=[A-Za-z0-9_-]+$/.test(hash)) problems.push({ code: 'bad-hash', line, path, hash });
  else if (algorithm !== null && !ALGORITHMS.has(algorithm))
    problems.push({ code: 'weak-hash', line, path, algorithm });
  if (size !== '' && !SIZE.test(size)) problems.push({ code: 'bad-size', line, path, size });
  return problems;
}

function hashOf(text: string): Pick<RecordRow, 'algorithm' | 'hash'> {
  const equals = text.indexOf('=');
  if (equals <= 0) return { algorithm: null, hash: null };
  return { algorithm: text.slice(0, equals), hash: text.slice(equals + 1).replace(/={1,2}$/, '') };
}

interface Fields {
  /** None of an empty line. */
  readonly fields: readonly string[];
  /** Where the next row begins. */
  readonly next: number;
  readonly isClosed: boolean;
}

function fieldsAt(text: string, at: number): Fields {
  const next = rowEnd(text, at);
  const plain = text.slice(at, next).replace(/\r?\n$|\r$/, '');
  if (plain.includes('"')) return quotedFields(text, at);
  return { fields: plain === '' ? [] : plain.split(','), next, isClosed: true };
}

function countOf(text: string, from: number, to: number): number {
  let count = 0;
  for (let at = text.indexOf('\n', from); at !== -1 && at < to; at = text.indexOf('\n', at + 1)) count += 1;
  return count;
}

/** A row with quotes in it, which may go over several lines; a quote within quotes stands twice. */
function quotedFields(text: string, from: number): Fields {
  const fields: string[] = [];
  let at = from;
  for (;;) {
    const read = text[at] === '"' ? quotedField(text, at) : bareField(text, at);
    fields.push(read.field);
    if (!read.isClosed) return { fields, next: text.length, isClosed: false };
    at = read.next;
    if (text[at] === ',') at += 1;
    else return { fields, next: rowEnd(text, at), isClosed: true };
  }
}

interface ReadField {
  readonly field: string;
  readonly next: number;
  readonly isClosed: boolean;
}

function quotedField(text: string, from: number): ReadField {
  const pieces: string[] = [];
  let at = from + 1;
  for (;;) {
    const quote = text.indexOf('"', at);
    if (quote === -1) return { field: [...pieces, text.slice(at)].join(''), next: text.length, isClosed: false };
    pieces.push(text.slice(at, quote));
    if (text[quote + 1] !== '"') {
      // What follows the closing quote up to the comma belongs to the field, as Python's reader has it.
      const rest = bareField(text, quote + 1);
      return { field: [...pieces, rest.field].join(''), next: rest.next, isClosed: true };
    }
    pieces.push('"');
    at = quote + 2;
  }
}

function bareField(text: string, from: number): ReadField {
  const end = /[,\r\n]/g;
  end.lastIndex = from;
  const next = end.exec(text)?.index ?? text.length;
  return { field: text.slice(from, next), next, isClosed: true };
}

function rowEnd(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end === -1 ? text.length : end + 1;
}

/** A digest as RECORD writes it: `sha256=47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU`. */
export function recordHash(digest: Digest): string {
  const bytes = (digest.slice('sha256:'.length).match(/../g) ?? []).map((pair) => Number.parseInt(pair, 16));
  const base64 = btoa(String.fromCharCode(...bytes));
  return `sha256=${base64.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')}`;
}

/** What is wrong with a line, and what to do. */
export function explainRecord(problem: RecordProblem): string {
  const path = JSON.stringify(problem.path.slice(0, 200));
  switch (problem.code) {
    case 'not-three-fields':
      return `The line of ${path} has ${problem.count} fields; path, hash and size are three. Write RECORD anew.`;
    case 'bad-hash':
      return `${path} has ${JSON.stringify(problem.hash.slice(0, 200))} for a hash. Write sha256= and the hash in URL-safe base64 without padding.`;
    case 'weak-hash':
      return `${path} has a hash by ${problem.algorithm}, which proves nothing. Write RECORD anew with sha256.`;
    case 'bad-size':
      return `${path} has ${JSON.stringify(problem.size.slice(0, 50))} for a size. Write the number of bytes.`;
    case 'no-path':
      return 'The line names no file. Write RECORD anew.';
    case 'unclosed-quote':
      return `The quote that begins at ${path} is never closed, and the rest of RECORD is lost in it. Write RECORD anew.`;
    case 'too-many-lines':
      return `RECORD has more than ${MOST_ROWS} lines; the rest is not read.`;
  }
}
