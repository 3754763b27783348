import type { ByteSource, Tail } from '../../domain/byte-source.ts';
import { refuse, refuseOr, succeed, type Result } from '../../domain/result.ts';
import type { ZipDirectory } from './directory.ts';
import { readEnd, type ZipEnd } from './end.ts';
import { boundEntries, leastDirectory } from './extents.ts';
import { END, LOCAL, viewOf } from './layout.ts';
import { usualLimits, type ZipLimits } from './limits.ts';
import { indexNames } from './names.ts';
import type { ZipProblem } from './problem.ts';
import { entriesFrom, entryAt, namesOf, topFoldersOf } from './record-table.ts';
import { readRecords } from './records.ts';
import { indexUsualNames } from './usual-names.ts';

/** Below this no ratio is told: small files of zeros are no danger. */
const RATIO_FROM = 100 * 1024 * 1024;

/** Where there is no end: whether it began as a zip. */
async function withoutEnd(source: ByteSource, tail: Tail): Promise<ZipProblem> {
  const { size } = tail;
  const file = source.name;
  if (size === 0) return { code: 'zip-empty', file };
  if (size < 4) return { code: 'not-a-zip', file, size };
  const begin = tail.bytes.length === size ? tail.bytes : await source.read(0, 4);
  const isZip = viewOf(begin).getUint32(0, true) === LOCAL.signature;
  return isZip ? { code: 'zip-truncated', file, size } : { code: 'not-a-zip', file, size };
}

function overLimit(file: string, end: ZipEnd, limits: ZipLimits): ZipProblem | null {
  const { entries, length } = end;
  if (entries > limits.entries) return { code: 'too-many-entries', file, entries, limit: limits.entries };
  if (length > limits.directory) return { code: 'directory-too-large', file, bytes: length, limit: limits.directory };
  if (length >= leastDirectory(entries)) return null;
  return { code: 'directory-broken', file, at: end.offset, why: `${length} bytes are too few for ${entries} entries` };
}

/** All bytes from the beginning of the directory, and what of the tail lies before it. */
async function hold(source: ByteSource, end: ZipEnd, tail: Tail): Promise<ZipDirectory['held']> {
  const from = tail.size - tail.bytes.length;
  if (end.offset >= from) return { from, bytes: tail.bytes };
  const before = await source.read(end.offset, from - end.offset);
  const bytes = new Uint8Array(before.length + tail.bytes.length);
  bytes.set(before);
  bytes.set(tail.bytes, before.length);
  return { from: end.offset, bytes };
}

function build(
  source: ByteSource,
  end: ZipEnd,
  held: ZipDirectory['held'],
  tools: { size: number; limits: ZipLimits },
) {
  const file = source.name;
  const { size, limits } = tools;
  const problems: ZipProblem[] = [];
  const tell = (problem: ZipProblem): void => {
    if (problems.length < limits.problems) problems.push(problem);
  };
  const begin = end.offset - held.from;
  const bytes = held.bytes.subarray(begin, begin + end.length);
  const table = readRecords(file, end, bytes, tell);
  if (table === null) return refuseOr(problems, never);
  boundEntries(file, end.offset, table, tell);
  const names = once(() => namesOf(table));
  const placeOf = indexUsualNames(table) ?? indexNames(file, names(), tell);
  const unpacked = table.sizes.reduce((sum, each) => sum + each, 0);
  const limit = Math.min(limits.unpacked, Math.max(RATIO_FROM, size * limits.ratio));
  if (unpacked > limit) tell({ code: 'unpacked-too-large', file, bytes: unpacked, limit });
  const entries = once(() => entriesFrom(table, names(), 0));
  const topFolders = once(() => topFoldersOf(table));
  const { offset, comment } = end;
  return refuseOr(problems, (): ZipDirectory => ({
    file,
    size,
    offset,
    bytes,
    comment,
    held,
    count: table.count,
    sizes: table.sizes,
    starts: table.starts,
    ends: table.ends,
    recordsAt: table.at,
    entriesFrom: (place) => entriesFrom(table, names(), place),
    placeOf,
    find: (name) => {
      const place = placeOf(name);
      return place === null ? null : entryAt(table, place, name);
    },
    get topFolders() {
      return topFolders();
    },
    get names() {
      return names();
    },
    get entries() {
      return entries();
    },
  }));
}

function never(): never {
  throw new RangeError('a directory that cannot be read has a problem');
}

function once<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | null = null;
  return () => (made ??= { value: make() }).value;
}

/**
 * Reads the directory of a zip: one read of its end, and one more where the directory is longer than that. Every way in which the file could mean
 * one thing to us and another to somebody else is a problem. What `source` throws (a file that changed, a server that is gone) is not caught.
 */
export async function readDirectory(
  source: ByteSource,
  limits: ZipLimits = usualLimits,
): Promise<Result<ZipDirectory, ZipProblem>> {
  const file = source.name;
  const tail = await source.tail(Math.max(limits.tail, END.longestComment + 128));
  if (tail.size > limits.file) return refuse({ code: 'zip-too-large', file, size: tail.size, limit: limits.file });
  const end = readEnd(file, tail);
  if (!end.ok) return end;
  if (end.value === null) return refuse(await withoutEnd(source, tail));
  const over = overLimit(file, end.value, limits);
  if (over !== null) return refuse(over);
  const held = await hold(source, end.value, tail);
  const directory = build(source, end.value, held, { size: tail.size, limits });
  return directory.ok ? succeed(directory.value) : directory;
}
