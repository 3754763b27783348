import type { ZipEntry } from './directory.ts';
import { RECORD, viewOf } from './layout.ts';

/**
 * The records of a directory by place: a column for each number that is looked at of every entry. An object for each of ten thousand entries, with its
 * name, takes longer than reading them.
 */
export interface RecordTable {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly count: number;
  /** Where each record begins in the bytes. */
  readonly at: Uint32Array;
  readonly sizes: Float64Array;
  readonly packedSizes: Float64Array;
  readonly starts: Float64Array;
  /** Where what follows an entry begins; set when all are known. */
  readonly ends: Float64Array;
  /** Names that cannot be told at a glance to be safe, by place. */
  readonly unusual: Map<number, string>;
}

/** A table that is still empty, with room for so many. */
export function emptyTable(bytes: Uint8Array, count: number): RecordTable {
  return {
    bytes,
    view: viewOf(bytes),
    count,
    at: new Uint32Array(count),
    sizes: new Float64Array(count),
    packedSizes: new Float64Array(count),
    starts: new Float64Array(count),
    ends: new Float64Array(count),
    unusual: new Map(),
  };
}

/** A character a byte, whatever it is. */
export function asLatin1({ buffer, byteOffset }: Uint8Array, from: number, to: number): string {
  return Buffer.from(buffer, byteOffset + from, to - from).toString('latin1');
}

/** Where the name of an entry ends in the bytes; it begins where the fixed part of its record ends. */
export function nameEnd({ at, view }: RecordTable, place: number): number {
  const record = at[place] ?? 0;
  return record + RECORD.length + view.getUint16(record + 28, true);
}

export function nameAt(table: RecordTable, place: number): string {
  const from = (table.at[place] ?? 0) + RECORD.length;
  return table.unusual.get(place) ?? asLatin1(table.bytes, from, nameEnd(table, place));
}

/** The names of all, as parts of one text. */
export function namesOf(table: RecordTable): readonly string[] {
  const text = asLatin1(table.bytes, 0, table.bytes.length);
  return Array.from(
    table.at,
    (record, place) => table.unusual.get(place) ?? text.slice(record + RECORD.length, nameEnd(table, place)),
  );
}

/** The folders at the top that something lies in, each once. */
export function topFoldersOf(table: RecordTable): readonly string[] {
  const found = new Set<string>();
  let [from, length] = [0, 0];
  for (let place = 0; place < table.count; place += 1) {
    const nameFrom = (table.at[place] ?? 0) + RECORD.length;
    // Neighbours mostly lie in one.
    if (length > 0 && isAlike(table.bytes, from, nameFrom, length)) continue;
    const name = nameAt(table, place);
    const slash = name.indexOf('/');
    if (slash > 0) found.add(name.slice(0, slash));
    [from, length] = [nameFrom, table.unusual.has(place) ? 0 : slash + 1];
  }
  return [...found];
}

/** Whether as many bytes are the same at both places. */
function isAlike(bytes: Uint8Array, one: number, other: number, length: number): boolean {
  for (let at = 0; at < length; at += 1) if (bytes[one + at] !== bytes[other + at]) return false;
  return true;
}

export function entryAt(table: RecordTable, place: number, name: string): ZipEntry {
  const { at, view, sizes, packedSizes, starts, ends } = table;
  const record = at[place] ?? 0;
  return {
    name,
    method: view.getUint16(record + 10, true) === 0 ? 'stored' : 'deflated',
    size: sizes[place] ?? 0,
    packedSize: packedSizes[place] ?? 0,
    crc: view.getUint32(record + 16, true),
    mode: view.getUint16(record + 40, true),
    start: starts[place] ?? 0,
    end: ends[place] ?? 0,
    recordAt: record,
    recordLength: (at[place + 1] ?? table.bytes.length) - record,
  };
}

/** The entries from a place on. */
export function entriesFrom(table: RecordTable, names: readonly string[], from: number): readonly ZipEntry[] {
  return names.slice(from).map((name, index) => entryAt(table, from + index, name));
}
