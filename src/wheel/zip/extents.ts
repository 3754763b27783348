import type { ZipEntry } from './directory.ts';
import { LOCAL, LONGEST_SLACK, RECORD, viewOf } from './layout.ts';
import type { ZipProblem } from './problem.ts';
import type { Unbounded } from './records.ts';

/** Entries in the order in which they lie in the file; usually that of the directory. */
export function inFileOrder<Item extends { readonly start: number }>(entries: readonly Item[]): readonly Item[] {
  const isInOrder = entries.every((entry, index) => index === 0 || (entries[index - 1]?.start ?? 0) <= entry.start);
  return isInOrder ? entries : entries.toSorted((one, other) => one.start - other.start);
}

/**
 * Sets where each entry ends: at the beginning of the next one. Tells entries that share bytes, that reach into the directory, and bytes that no
 * entry can own. What lies between is looked at with the local headers.
 */
export function boundEntries(
  file: string,
  directory: { readonly offset: number; readonly bytes: Uint8Array },
  entries: readonly Unbounded[],
  tell: (problem: ZipProblem) => void,
): readonly ZipEntry[] {
  const view = viewOf(directory.bytes);
  const sorted = inFileOrder(entries);
  const first = sorted[0]?.start ?? directory.offset;
  if (first !== 0) tell({ code: 'bytes-before-start', file, bytes: first });
  for (const [index, entry] of sorted.entries()) {
    const next = sorted[index + 1];
    const end = Math.min(next?.start ?? directory.offset, directory.offset);
    const least = entry.start + LOCAL.length + view.getUint16(entry.recordAt + 28, true) + entry.packedSize;
    const { name } = entry;
    if (least > directory.offset)
      tell({ code: 'entry-outside', file, entry: name, end: least, room: directory.offset });
    else if (least > end) tell({ code: 'entries-overlap', file, entry: name, other: next?.name ?? name });
    else if (end - least > LONGEST_SLACK) tell({ code: 'hidden-bytes', file, entry: name, bytes: end - least });
    entry.end = end;
  }
  return entries;
}

/** How many bytes a directory of so many entries has at least. */
export function leastDirectory(entries: number): number {
  return entries * RECORD.length;
}
