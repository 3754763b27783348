import { LOCAL, LONGEST_SLACK, RECORD } from './layout.ts';
import type { ZipProblem } from './problem.ts';
import { nameAt, nameEnd, type RecordTable } from './record-table.ts';

/** Entries in the order in which they lie in the file; usually that of the directory. */
export function inFileOrder<Item extends { readonly start: number }>(entries: readonly Item[]): readonly Item[] {
  const isInOrder = entries.every((entry, index) => index === 0 || (entries[index - 1]?.start ?? 0) <= entry.start);
  return isInOrder ? entries : entries.toSorted((one, other) => one.start - other.start);
}

/** The places of a table in the order of the file; null where that is their own. */
function fileOrder({ starts }: RecordTable): Uint32Array | null {
  const isInOrder = starts.every((start, place) => place === 0 || (starts[place - 1] ?? 0) <= start);
  if (isInOrder) return null;
  return Uint32Array.from(starts.keys()).toSorted((one, other) => (starts[one] ?? 0) - (starts[other] ?? 0));
}

/**
 * Sets where each entry ends: at the beginning of the next one. Tells entries that share bytes, that reach into the directory, and bytes that no
 * entry can own. What lies between is looked at with the local headers.
 */
export function boundEntries(
  file: string,
  offset: number,
  table: RecordTable,
  tell: (problem: ZipProblem) => void,
): void {
  const { count, at, starts, packedSizes, ends } = table;
  const order = fileOrder(table);
  const placeAt = (index: number): number => order?.[index] ?? index;
  const first = count === 0 ? offset : (starts[placeAt(0)] ?? 0);
  if (first !== 0) tell({ code: 'bytes-before-start', file, bytes: first });
  for (let index = 0; index < count; index += 1) {
    const place = placeAt(index);
    const next = index + 1 < count ? placeAt(index + 1) : null;
    const end = Math.min(next === null ? offset : (starts[next] ?? 0), offset);
    const nameLength = nameEnd(table, place) - (at[place] ?? 0) - RECORD.length;
    const least = (starts[place] ?? 0) + LOCAL.length + nameLength + (packedSizes[place] ?? 0);
    ends[place] = end;
    if (least <= end && end - least <= LONGEST_SLACK) continue;
    const entry = nameAt(table, place);
    if (least > offset) tell({ code: 'entry-outside', file, entry, end: least, room: offset });
    else if (least > end) tell({ code: 'entries-overlap', file, entry, other: nameAt(table, next ?? place) });
    else tell({ code: 'hidden-bytes', file, entry, bytes: end - least });
  }
}

/** How many bytes a directory of so many entries has at least. */
export function leastDirectory(entries: number): number {
  return entries * RECORD.length;
}
