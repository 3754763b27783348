import type { Digest } from '../../domain/canonical-json.ts';
import { recordHash, visitRecord, type RecordRow } from '../record.ts';
import type { ZipDirectory } from '../zip/index.ts';
import type { RecordFault, ReversionProblem } from './problem.ts';

/** The bytes of a file of the wheel, as far as they were read. */
export interface KnownFile {
  readonly digest: Digest;
  readonly size: number;
}

const PROVING = new Set(['sha256', 'sha384', 'sha512']);

/** Files of which RECORD has no hash: itself and its signatures. */
function outsideRecord(distInfo: string): ReadonlySet<string> {
  return new Set(['RECORD', 'RECORD.jws', 'RECORD.p7s'].map((name) => `${distInfo}/${name}`));
}

/** Places of the directory as RECORD comes by them: nearly always the next one, so that it is not looked up. */
class Places {
  readonly #directory: ZipDirectory;
  #next = 0;

  constructor(directory: ZipDirectory) {
    this.#directory = directory;
  }

  of(path: string): number | null {
    const { names, placeOf } = this.#directory;
    const place = names[this.#next] === path ? this.#next : placeOf(path);
    if (place !== null) this.#next = place + 1;
    return place;
  }

  /** The next one, when the row whose path stands at this place of the text is of it and has its size; no text is made of the path. */
  takeNext(text: string, from: number, to: number, size: number): number | null {
    const place = this.#next;
    const path = this.#directory.names[place];
    if (path?.length !== to - from || this.#directory.sizes[place] !== size || !text.startsWith(path, from))
      return null;
    this.#next += 1;
    return place;
  }
}

type Found = (fault: RecordFault, path: string) => void;

function checkRow(row: RecordRow, size: number | null, known: KnownFile | undefined, found: Found): void {
  const { path } = row;
  if (size === null) found('not-there', path);
  else if (row.algorithm === null) found('no-hash', path);
  else if (!PROVING.has(row.algorithm)) found('weak-hash', path);
  else if (row.size !== null && row.size !== size) found('size', path);
  else if (
    known !== undefined &&
    row.algorithm === 'sha256' &&
    `sha256=${row.hash ?? ''}` !== recordHash(known.digest)
  ) {
    found('hash', path);
  }
}

/** What becomes of the files that RECORD lists. */
export interface RecordEdits {
  /** The folders that anything happens to: whatever lies in none of them stays as it is. */
  readonly folders: readonly string[];
  readonly pathOf: (path: string) => string;
  readonly replaced: ReadonlyMap<string, KnownFile>;
  readonly dropped: ReadonlySet<string>;
}

function quotedField(path: string): string {
  return /[",\r\n]/.test(path) ? `"${path.replaceAll('"', '""')}"` : path;
}

/** The row after the edits: null when it stays as it is written, empty when it goes. */
function editedRow(row: RecordRow, edits: RecordEdits): string | null {
  if (edits.dropped.has(row.path)) return '';
  const path = edits.pathOf(row.path);
  const replaced = edits.replaced.get(row.path);
  if (replaced !== undefined) return `${quotedField(path)},${recordHash(replaced.digest)},${replaced.size}\n`;
  if (path === row.path) return null;
  const hash = row.algorithm === null ? '' : `${row.algorithm}=${row.hash ?? ''}`;
  return `${quotedField(path)},${hash},${row.size ?? ''}\n`;
}

/** What is wrong between RECORD and the zip: of each kind the first, and how many more. */
class Faults {
  readonly #found = new Map<RecordFault, { path: string; others: number }>();
  readonly add = (fault: RecordFault, path: string): void => {
    const first = this.#found.get(fault);
    if (first === undefined) this.#found.set(fault, { path, others: 0 });
    else first.others += 1;
  };

  problems(file: string): readonly ReversionProblem[] {
    return [...this.#found].map(([fault, first]) => ({ code: 'record-wrong', file, fault, ...first }));
  }
}

/**
 * RECORD for the new wheel, in one pass: rows whose path or content changes are written anew, all others stay as they are. Holds it to the zip as
 * well: every file once, with a hash and the right size, and with the right hash as far as bytes were read.
 */
export function editRecord(
  text: string,
  directory: ZipDirectory,
  wheel: { readonly distInfo: string; readonly known: ReadonlyMap<string, KnownFile> },
  edits: RecordEdits,
): { readonly text: string; readonly problems: readonly ReversionProblem[] } {
  const { distInfo, known } = wheel;
  const faults = new Faults();
  const parts: string[] = [];
  const outside = outsideRecord(distInfo);
  const places = new Places(directory);
  const isListed = new Uint8Array(directory.count);
  const absent = new Set<string>();
  let kept = 0;
  // A row that is right, comes in its turn and stays as it is: nearly all are.
  const take = (from: number, pathTo: number, size: number): boolean => {
    if (edits.folders.some((folder) => text.startsWith(folder, from))) return false;
    const place = places.takeNext(text, from, pathTo, size);
    if (place === null || isListed[place] === 1) return false;
    isListed[place] = 1;
    return true;
  };
  const visit = (row: RecordRow, from: number, to: number): void => {
    const place = places.of(row.path);
    if (place === null ? absent.has(row.path) : isListed[place] === 1) faults.add('twice', row.path);
    if (place === null) absent.add(row.path);
    else isListed[place] = 1;
    const size = directory.sizes[place ?? -1] ?? null;
    if (!outside.has(row.path)) checkRow(row, size, known.get(row.path), faults.add);
    const edited = editedRow(row, edits);
    if (edited === null) return;
    parts.push(text.slice(kept, from), edited);
    kept = to;
  };
  const broken = visitRecord(text, visit, take);
  for (const { path, code } of broken) if (code !== 'weak-hash') faults.add('broken', path);
  directory.names.forEach((name, place) => {
    if (isListed[place] === 0 && !name.endsWith('/') && !outside.has(name)) faults.add('not-listed', name);
  });
  return { text: parts.join('') + text.slice(kept), problems: faults.problems(directory.file) };
}
