import { RECORD } from './layout.ts';
import { nameEnd, type RecordTable } from './record-table.ts';

/** So many steps for each name are enough to fill any table but one whose names were chosen for their hashes. */
const STEPS = 8;
const SLASH = 0x2f;
const ASCII = 0x7f;
const [FNV_BASIS, FNV_PRIME] = [0x811c9dc5, 0x01000193];

/** ASCII without case. */
const FOLDED = Uint8Array.from({ length: 256 }, (_, byte) => (byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte));

/** The hash of what is longer by one byte (FNV-1a). */
function hashed(hash: number, byte: number): number {
  return Math.imul(hash ^ (FOLDED[byte] ?? 0), FNV_PRIME);
}

/** A hash table of names by their bytes without case; of a folder without its slash. */
class NameTable {
  readonly #table: RecordTable;
  readonly #hashes: Int32Array;
  /** Places, one added; 0 is free. Half of it stays free. */
  readonly #slots: Int32Array;
  readonly #mask: number;
  /** How often one slot more was looked at than the first. */
  steps = 0;

  constructor(table: RecordTable) {
    this.#table = table;
    this.#hashes = new Int32Array(table.count);
    this.#slots = new Int32Array(2 ** Math.ceil(Math.log2(table.count * 2 + 1)));
    this.#mask = this.#slots.length - 1;
  }

  /** The place that has this hash; -1 when none has. */
  find(hash: number): number {
    for (let slot = hash & this.#mask; ; slot = (slot + 1) & this.#mask) {
      const place = (this.#slots[slot] ?? 0) - 1;
      if (place === -1 || this.#hashes[place] === hash) return place;
      this.steps += 1;
    }
  }

  /** Takes all names in; false when two have the same hash, or when that takes too long. */
  fill(): boolean {
    const { count } = this.#table;
    for (let place = 0; place < count; place += 1) {
      const hash = this.#hashAt(place);
      let slot = hash & this.#mask;
      for (; this.#slots[slot] !== 0; slot = (slot + 1) & this.#mask) {
        this.steps += 1;
        if (this.steps > STEPS * count || this.#hashes[(this.#slots[slot] ?? 0) - 1] === hash) return false;
      }
      this.#slots[slot] = place + 1;
      this.#hashes[place] = hash;
    }
    return true;
  }

  isFolder(place: number): boolean {
    return this.#table.bytes[nameEnd(this.#table, place) - 1] === SLASH;
  }

  #hashAt(place: number): number {
    const { bytes, at } = this.#table;
    const end = nameEnd(this.#table, place) - (this.isFolder(place) ? 1 : 0);
    let hash = FNV_BASIS | 0;
    for (let next = (at[place] ?? 0) + RECORD.length; next < end; next += 1) hash = hashed(hash, bytes[next] ?? 0);
    return hash;
  }

  /** Whether a folder that an entry lies in has the hash of a file. */
  isInFile(place: number): boolean {
    const { bytes, at } = this.#table;
    const end = nameEnd(this.#table, place) - 1;
    let hash = FNV_BASIS | 0;
    for (let next = (at[place] ?? 0) + RECORD.length; next < end; next += 1) {
      const byte = bytes[next] ?? 0;
      if (byte === SLASH) {
        const other = this.find(hash);
        if (other !== -1 && !this.isFolder(other)) return true;
      }
      hash = hashed(hash, byte);
    }
    return false;
  }

  /** Where the entry of this very name stands. */
  placeOf(name: string): number | null {
    const end = name.endsWith('/') ? name.length - 1 : name.length;
    let hash = FNV_BASIS | 0;
    for (let at = 0; at < end; at += 1) {
      const code = name.charCodeAt(at);
      if (code >= ASCII) return null;
      hash = hashed(hash, code);
    }
    const place = this.find(hash);
    return place !== -1 && this.#isNamed(place, name) ? place : null;
  }

  #isNamed(place: number, name: string): boolean {
    const { bytes, at } = this.#table;
    const from = (at[place] ?? 0) + RECORD.length;
    if (nameEnd(this.#table, place) - from !== name.length) return false;
    for (let index = 0; index < name.length; index += 1) {
      if (bytes[from + index] !== name.charCodeAt(index)) return false;
    }
    return true;
  }
}

/**
 * Where a name stands among usual ones, looked up by their bytes. Null when it is not proven that none is there twice, that none become one on some
 * systems and that no file is a folder of another: then whoever compares the names as texts has to tell, see `indexNames`.
 */
export function indexUsualNames(table: RecordTable): ((name: string) => number | null) | null {
  const names = new NameTable(table);
  if (table.unusual.size > 0 || !names.fill()) return null;
  // There cannot be more folders to look for than bytes.
  const most = names.steps + table.bytes.length;
  for (let place = 0; place < table.count; place += 1) if (names.steps > most || names.isInFile(place)) return null;
  return (name) => names.placeOf(name);
}
