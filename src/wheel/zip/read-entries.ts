import type { ByteSource } from '../../domain/byte-source.ts';
import { refuse, refuseOr, succeed, type Result } from '../../domain/result.ts';
import { crc32 } from './crc32.ts';
import type { ZipDirectory, ZipEntry } from './directory.ts';
import { inflate } from './inflate.ts';
import { usualLimits, type ZipLimits } from './limits.ts';
import { checkDescriptor, readLocalHeader } from './local-header.ts';
import type { ZipProblem } from './problem.ts';

/** Bytes between two entries that are read for nothing rather than asked for apart. */
const NEIGHBOURS = 128 * 1024;

/** Unless one entry is longer, no more is read at once. */
const LONGEST = 16 * 1024 * 1024;

interface Range {
  readonly from: number;
  readonly to: number;
  readonly entries: readonly ZipEntry[];
}

/** Entries in the order of the file, those near each other together; what is held already stays apart from what is not. */
function ranges(entries: readonly ZipEntry[], held: number): readonly Range[] {
  const sorted = entries.toSorted((one, other) => one.start - other.start);
  const found: Range[] = [];
  let begin = 0;
  sorted.forEach((entry, index) => {
    const next = sorted[index + 1];
    const from = sorted[begin]?.start ?? 0;
    const together =
      next !== undefined &&
      next.start - entry.end <= NEIGHBOURS &&
      next.end - from <= LONGEST &&
      entry.start >= held === next.start >= held;
    if (together) return;
    found.push({ from, to: entry.end, entries: sorted.slice(begin, index + 1) });
    begin = index + 1;
  });
  return found;
}

async function readRange(source: ByteSource, { held }: ZipDirectory, { from, to }: Range): Promise<Uint8Array> {
  return from >= held.from ? held.bytes.subarray(from - held.from, to - held.from) : source.read(from, to - from);
}

/** The content of an entry out of the bytes from its header to the next one: held to its header, its sizes and its checksum. */
async function unpack(
  directory: ZipDirectory,
  entry: ZipEntry,
  bytes: Uint8Array,
): Promise<Result<Uint8Array, ZipProblem>> {
  const header = readLocalHeader(directory, entry, bytes);
  if (!header.ok) return header;
  const inEntry = { file: directory.file, entry: entry.name };
  const dataEnd = header.value.length + entry.packedSize;
  const wrong = checkDescriptor(directory, entry, bytes.subarray(dataEnd));
  if (wrong !== null) return refuse(wrong);
  const packed = bytes.subarray(header.value.length, dataEnd);
  const content = entry.method === 'stored' ? packed.slice() : await inflated(packed, entry.size);
  if (content === null) return refuse({ code: 'data-broken', ...inEntry });
  if (content instanceof Uint8Array) {
    const found = crc32(0, content);
    return found === entry.crc
      ? succeed(content)
      : refuse({ code: 'crc-wrong', ...inEntry, claimed: entry.crc, found });
  }
  return refuse({ code: 'size-wrong', ...inEntry, claimed: entry.size, found: content });
}

/** What was packed; its size where that is not the one claimed; null where it is broken. */
async function inflated(packed: Uint8Array, claimed: number): Promise<Uint8Array | number | null> {
  const content = new Uint8Array(claimed);
  let taken = 0;
  const size = await inflate([packed], claimed, (piece) => {
    content.set(piece, taken);
    taken += piece.length;
  });
  return size === claimed ? content : size;
}

function overLimit(file: string, entries: readonly ZipEntry[], limit: number): ZipProblem | null {
  let bytes = 0;
  for (const entry of entries) {
    bytes += Math.max(entry.size, entry.end - entry.start);
    if (bytes > limit) return { code: 'entry-too-large', file, entry: entry.name, bytes, limit };
  }
  return null;
}

/**
 * The content of entries of a directory, by name. Entries near each other come with one read, and what the end of the file brought with it is not
 * read again. Nothing is held that is larger than allowed.
 */
export async function readEntries(
  source: ByteSource,
  directory: ZipDirectory,
  entries: readonly ZipEntry[],
  limits: ZipLimits = usualLimits,
): Promise<Result<ReadonlyMap<string, Uint8Array>, ZipProblem>> {
  const over = overLimit(directory.file, entries, limits.held);
  if (over !== null) return refuse(over);
  const contents = new Map<string, Uint8Array>();
  const problems: ZipProblem[] = [];
  for (const range of ranges(entries, directory.held.from)) {
    const bytes = await readRange(source, directory, range);
    for (const entry of range.entries) {
      const content = await unpack(directory, entry, bytes.subarray(entry.start - range.from, entry.end - range.from));
      if (content.ok) contents.set(entry.name, content.value);
      else problems.push(...content.problems);
    }
  }
  return refuseOr(problems, () => contents);
}
