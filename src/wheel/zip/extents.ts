import type { ZipEntry } from './directory.ts';
import { LOCAL, LONGEST_SLACK, RECORD, viewOf } from './layout.ts';
import type { ZipProblem } from './problem.ts';
import type { Unbounded } from './records.ts';

/**
 * Where each entry ends: at the beginning of the next one. Tells entries that share bytes, that reach into the directory, and bytes that no entry
 * can own. What lies between is looked at with the local headers.
 */
export function boundEntries(
  file: string,
  directory: { readonly offset: number; readonly bytes: Uint8Array },
  entries: readonly Unbounded[],
  tell: (problem: ZipProblem) => void,
): readonly ZipEntry[] {
  const view = viewOf(directory.bytes);
  const sorted = entries.toSorted((one, other) => one.start - other.start);
  const first = sorted[0]?.start ?? directory.offset;
  if (first !== 0) tell({ code: 'bytes-before-start', file, bytes: first });
  const ends = new Map<Unbounded, number>();
  sorted.forEach((entry, index) => {
    const next = sorted[index + 1];
    const end = Math.min(next?.start ?? directory.offset, directory.offset);
    const least = entry.start + LOCAL.length + view.getUint16(entry.record.at + 28, true) + entry.packedSize;
    if (least > directory.offset)
      tell({ code: 'entry-outside', file, entry: entry.name, end: least, room: directory.offset });
    else if (least > end) tell({ code: 'entries-overlap', file, entry: entry.name, other: next?.name ?? entry.name });
    else if (end - least > LONGEST_SLACK) tell({ code: 'hidden-bytes', file, entry: entry.name, bytes: end - least });
    ends.set(entry, end);
  });
  return entries.map((entry) => ({ ...entry, end: ends.get(entry) ?? directory.offset }));
}

/** How many bytes a directory of so many entries has at least. */
export function leastDirectory(entries: number): number {
  return entries * RECORD.length;
}
