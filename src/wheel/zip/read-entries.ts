import { crc32 } from 'node:zlib';
import type { ByteSource } from '../../domain/byte-source.ts';
import { refuse, refuseOr, succeed, type Result } from '../../domain/result.ts';
import type { ZipDirectory, ZipEntry } from './directory.ts';
import { inflate, inflateHeld } from './inflate.ts';
import { usualLimits, type ZipLimits } from './limits.ts';
import { checkDescriptor, readLocalHeader } from './local-header.ts';
import type { ZipProblem } from './problem.ts';
import { groupSpans, readSpan } from './spans.ts';

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
    const found = crc32(content);
    return found === entry.crc
      ? succeed(content)
      : refuse({ code: 'crc-wrong', ...inEntry, claimed: entry.crc, found });
  }
  return refuse({ code: 'size-wrong', ...inEntry, claimed: entry.size, found: content });
}

/** Up to here waiting for another thread takes longer than unpacking. */
const SHORT = 4 * 1024 * 1024;

/** What was packed; its size where that is not the one claimed; null where it is broken. */
async function inflated(packed: Uint8Array, claimed: number): Promise<Uint8Array | number | null> {
  if (claimed <= SHORT) {
    const short = inflateHeld(packed, claimed);
    return short instanceof Uint8Array && short.length !== claimed ? short.length : short;
  }
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
  for (const group of groupSpans(entries, directory.held.from)) {
    const bytes = await readSpan(source, directory, group);
    for (const entry of group.items) {
      const content = await unpack(
        directory,
        entry,
        bytes.subarray(entry.start - group.start, entry.end - group.start),
      );
      if (content.ok) contents.set(entry.name, content.value);
      else problems.push(...content.problems);
    }
  }
  return refuseOr(problems, () => contents);
}
