import type { ZipDirectory } from './directory.ts';
import { viewOf } from './layout.ts';

/**
 * How many entries, from the first on, keep their place and their record: none of them is edited, they lie one after the other, and there are no extra
 * fields that would be written anew. In most wheels these are nearly all, since what bears the version comes last.
 */
export function untouchedAtFirst(directory: ZipDirectory, edited: Iterable<string>): number {
  const { starts, ends, recordsAt, count, placeOf } = directory;
  const view = viewOf(directory.bytes);
  let first = count;
  for (const name of edited) first = Math.min(first, placeOf(name) ?? count);
  let [place, end] = [0, 0];
  for (; place < first && starts[place] === end; place += 1) {
    if (view.getUint16((recordsAt[place] ?? 0) + 30, true) !== 0) break;
    end = ends[place] ?? 0;
  }
  return place;
}
