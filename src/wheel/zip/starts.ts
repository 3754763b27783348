import type { ZipDirectory, ZipEntry } from './directory.ts';
import { RECORD } from './layout.ts';

/** Where entries come to lie, by the place of their records: a number each, where a map would take a hundred bytes. */
export class Starts {
  readonly #starts: Float64Array;

  constructor(directory: ZipDirectory) {
    this.#starts = new Float64Array(Math.ceil(directory.bytes.length / RECORD.length));
  }

  put(entry: ZipEntry, start: number): void {
    this.#starts[this.#placeOf(entry)] = start;
  }

  of(entry: ZipEntry): number {
    return this.#starts[this.#placeOf(entry)] ?? 0;
  }

  /** No two records begin within the length of the shortest. */
  #placeOf({ recordAt }: ZipEntry): number {
    return Math.floor(recordAt / RECORD.length);
  }
}
