import type { Digest } from '../../domain/canonical-json.ts';
import { parseRecord, recordHash, type RecordRow } from '../record.ts';
import type { ZipDirectory } from '../zip/index.ts';
import type { RecordFault, ReversionProblem } from './problem.ts';

/** The bytes of a file of the wheel, as far as they were read. */
export interface KnownFile {
  readonly digest: Digest;
  readonly size: number;
}

const PROVING = new Set(['sha256', 'sha384', 'sha512']);

/** Files of which RECORD has no hash: itself and its signatures. */
function isOutsideRecord(path: string, distInfo: string): boolean {
  return ['RECORD', 'RECORD.jws', 'RECORD.p7s'].some((name) => path === `${distInfo}/${name}`);
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

/** Holds RECORD to the zip: every file once, with a hash and the right size, and with the right hash as far as bytes were read. */
export function checkRecord(
  text: string,
  directory: ZipDirectory,
  distInfo: string,
  known: ReadonlyMap<string, KnownFile>,
): { readonly rows: readonly RecordRow[]; readonly problems: readonly ReversionProblem[] } {
  const { rows, problems: broken } = parseRecord(text);
  const faults = new Map<RecordFault, { path: string; others: number }>();
  const found: Found = (fault, path) => {
    const first = faults.get(fault);
    if (first === undefined) faults.set(fault, { path, others: 0 });
    else first.others += 1;
  };
  for (const { path, code } of broken) if (code !== 'weak-hash') found('broken', path);
  const listed = new Set<string>();
  for (const row of rows) {
    if (listed.has(row.path)) found('twice', row.path);
    listed.add(row.path);
    if (isOutsideRecord(row.path, distInfo)) continue;
    checkRow(row, directory.find(row.path)?.size ?? null, known.get(row.path), found);
  }
  for (const { name } of directory.entries) {
    if (!name.endsWith('/') && !isOutsideRecord(name, distInfo) && !listed.has(name)) found('not-listed', name);
  }
  const problems = [...faults].map(([fault, first]): ReversionProblem => ({
    code: 'record-wrong',
    file: directory.file,
    fault,
    ...first,
  }));
  return { rows, problems };
}

function quotedField(path: string): string {
  return /[",\r\n]/.test(path) ? `"${path.replaceAll('"', '""')}"` : path;
}

/** RECORD anew: rows in their order, under their new paths, with the hashes of what is new. */
export function rebuildRecord(
  rows: readonly RecordRow[],
  edits: {
    readonly pathOf: (path: string) => string;
    readonly replaced: ReadonlyMap<string, KnownFile>;
    readonly dropped: ReadonlySet<string>;
  },
): string {
  const lines = rows.flatMap((row) => {
    if (edits.dropped.has(row.path)) return [];
    const path = quotedField(edits.pathOf(row.path));
    const replaced = edits.replaced.get(row.path);
    if (replaced !== undefined) return [`${path},${recordHash(replaced.digest)},${replaced.size}\n`];
    const hash = row.algorithm === null ? '' : `${row.algorithm}=${row.hash ?? ''}`;
    return [`${path},${hash},${row.size ?? ''}\n`];
  });
  return lines.join('');
}
