import { crc32 } from 'node:zlib';
import type { Piece, Splice } from '../../domain/byte-source.ts';
import type { ZipDirectory, ZipEntry } from './directory.ts';
import { inFileOrder } from './extents.ts';
import { Starts } from './starts.ts';
import { untouchedAtFirst } from './untouched.ts';
import { END, END64, EXTRA, extraFields, LOCAL, LOCATOR64, MAX16, MAX32, RECORD, viewOf } from './layout.ts';

/** What becomes of an entry; one without an edit is taken over as it is. */
export type ZipEdit =
  | { readonly kind: 'drop' }
  /** The same content under another name; `header` is its local header. */
  | { readonly kind: 'rename'; readonly name: string; readonly header: Uint8Array }
  /** Other content, stored; its time and permissions stay. */
  | { readonly kind: 'replace'; readonly name: string; readonly content: Uint8Array };

const encoder = new TextEncoder();

function join(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** Extra fields without those of these ids. */
function extrasWithout(bytes: Uint8Array, from: number, to: number, ids: readonly number[]): Uint8Array {
  const fields = extraFields(viewOf(bytes), from, to) ?? [];
  return join(
    fields.filter(({ id }) => !ids.includes(id)).map(({ at, length }) => bytes.subarray(at - 4, at + length)),
  );
}

function put64(view: DataView, at: number, value: number): void {
  view.setUint32(at, value % 2 ** 32, true);
  view.setUint32(at + 4, Math.floor(value / 2 ** 32), true);
}

/** Pieces of the new file in order; what is taken over from neighbouring places becomes one piece. */
class Pieces {
  readonly #pieces: Piece[] = [];
  #offset = 0;
  #length = 0;
  size = 0;

  copy(offset: number, length: number): void {
    if (this.#offset + this.#length !== offset) {
      this.#flush();
      this.#offset = offset;
    }
    this.#length += length;
    this.size += length;
  }

  add(bytes: Uint8Array): void {
    this.#flush();
    if (bytes.length > 0) this.#pieces.push({ kind: 'bytes', bytes });
    this.size += bytes.length;
  }

  end(): readonly Piece[] {
    this.#flush();
    return this.#pieces;
  }

  #flush(): void {
    if (this.#length > 0) this.#pieces.push({ kind: 'copy', offset: this.#offset, length: this.#length });
    this.#offset += this.#length;
    this.#length = 0;
  }
}

/** The header of the same entry with another name. A field that repeats the old name goes. */
function renamedHeader(header: Uint8Array, name: Uint8Array): Uint8Array {
  const nameEnd = LOCAL.length + viewOf(header).getUint16(26, true);
  const extra = extrasWithout(header, nameEnd, header.length, [EXTRA.unicodePath]);
  const fixed = header.slice(0, LOCAL.length);
  const view = viewOf(fixed);
  view.setUint16(26, name.length, true);
  view.setUint16(28, extra.length, true);
  return join([fixed, name, extra]);
}

/** The header of an entry with new content: what a record says, but for what only records have. */
function replacedHeader(record: Uint8Array, name: Uint8Array): Uint8Array {
  const fixed = new Uint8Array(LOCAL.length);
  const view = viewOf(fixed);
  view.setUint32(0, LOCAL.signature, true);
  // From the version needed to the length of the name both have the same fields.
  fixed.set(record.subarray(6, 30), 4);
  return join([fixed, name]);
}

/** A record with other content: stored, its sizes known beforehand, without extra fields. */
function replacedRecord(record: Uint8Array, name: Uint8Array, content: Uint8Array): Uint8Array {
  const view = viewOf(record);
  const commentFrom = RECORD.length + view.getUint16(28, true) + view.getUint16(30, true);
  const made = join([record.subarray(0, RECORD.length), name, record.subarray(commentFrom)]);
  const written = viewOf(made);
  written.setUint16(6, 20, true);
  // Only the mark of UTF-8 stays.
  written.setUint16(8, written.getUint16(8, true) & 0x800, true);
  written.setUint16(10, 0, true);
  written.setUint32(16, crc32(content), true);
  written.setUint32(20, content.length, true);
  written.setUint32(24, content.length, true);
  written.setUint16(28, name.length, true);
  written.setUint16(30, 0, true);
  return made;
}

function renamedRecord(record: Uint8Array, name: Uint8Array): Uint8Array {
  const view = viewOf(record);
  const nameEnd = RECORD.length + view.getUint16(28, true);
  const extraEnd = nameEnd + view.getUint16(30, true);
  const extra = extrasWithout(record, nameEnd, extraEnd, [EXTRA.unicodePath]);
  const made = join([record.subarray(0, RECORD.length), name, extra, record.subarray(extraEnd)]);
  viewOf(made).setUint16(28, name.length, true);
  viewOf(made).setUint16(30, extra.length, true);
  return made;
}

/** A record with other numbers: in a zip64 field where the record has no room for them, and only there. */
function numberedRecord(record: Uint8Array, { size, packedSize, start }: Placed): Uint8Array {
  const view = viewOf(record);
  const nameEnd = RECORD.length + view.getUint16(28, true);
  const extraEnd = nameEnd + view.getUint16(30, true);
  const wide = [size, packedSize, start].filter((number) => number >= MAX32);
  const field = new Uint8Array(wide.length === 0 ? 0 : 4 + wide.length * 8);
  if (field.length > 0) {
    viewOf(field).setUint16(0, EXTRA.zip64, true);
    viewOf(field).setUint16(2, wide.length * 8, true);
    wide.forEach((number, index) => put64(viewOf(field), 4 + index * 8, number));
  }
  const extra = join([field, extrasWithout(record, nameEnd, extraEnd, [EXTRA.zip64])]);
  const made = join([record.subarray(0, nameEnd), extra, record.subarray(extraEnd)]);
  const written = viewOf(made);
  written.setUint32(20, Math.min(packedSize, MAX32), true);
  written.setUint32(24, Math.min(size, MAX32), true);
  written.setUint16(30, extra.length, true);
  written.setUint32(42, Math.min(start, MAX32), true);
  if (field.length > 0) written.setUint16(6, Math.max(45, written.getUint16(6, true)), true);
  return made;
}

/** A record of the new directory that is not the old one with another place. */
interface Placed {
  readonly record: Uint8Array;
  readonly start: number;
  readonly size: number;
  readonly packedSize: number;
}

function recordOf(directory: ZipDirectory, { recordAt, recordLength }: ZipEntry): Uint8Array {
  return directory.bytes.subarray(recordAt, recordAt + recordLength);
}

/** Lays an edited entry down at the end of what there is. */
function layEdited(
  pieces: Pieces,
  directory: ZipDirectory,
  entry: ZipEntry,
  edit: Exclude<ZipEdit, { kind: 'drop' }>,
): Placed {
  const start = pieces.size;
  const { size, packedSize } = entry;
  const record = recordOf(directory, entry);
  const name = encoder.encode(edit.name);
  if (edit.kind === 'rename') {
    const dataFrom = entry.start + edit.header.length;
    pieces.add(renamedHeader(edit.header, name));
    pieces.copy(dataFrom, entry.end - dataFrom);
    return { record: renamedRecord(record, name), start, size, packedSize };
  }
  const replaced = replacedRecord(record, name, edit.content);
  pieces.add(replacedHeader(replaced, name));
  pieces.add(edit.content);
  return { record: replaced, start, size: edit.content.length, packedSize: edit.content.length };
}

/** What comes after the records. */
function endOf(offset: number, length: number, count: number, comment: Uint8Array): Uint8Array {
  const end = new Uint8Array(END.length);
  const view = viewOf(end);
  view.setUint32(0, END.signature, true);
  view.setUint16(8, Math.min(count, MAX16), true);
  view.setUint16(10, Math.min(count, MAX16), true);
  view.setUint32(12, Math.min(length, MAX32), true);
  view.setUint32(16, Math.min(offset, MAX32), true);
  view.setUint16(20, comment.length, true);
  if (count < MAX16 && length < MAX32 && offset < MAX32) return join([end, comment]);
  const wide = new Uint8Array(END64.length + LOCATOR64.length);
  const view64 = viewOf(wide);
  view64.setUint32(0, END64.signature, true);
  put64(view64, 4, END64.length - 12);
  view64.setUint16(12, 45, true);
  view64.setUint16(14, 45, true);
  put64(view64, 24, count);
  put64(view64, 32, count);
  put64(view64, 40, length);
  put64(view64, 48, offset);
  view64.setUint32(END64.length, LOCATOR64.signature, true);
  put64(view64, END64.length + 8, offset + length);
  view64.setUint32(END64.length + 16, 1, true);
  return join([wide, end, comment]);
}

/** The new directory, written into one row of bytes: nearly all records are the old ones, but for the place of the entry. */
class Records {
  readonly #directory: ZipDirectory;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;
  count = 0;

  /** With room for so many bytes more than the old one has. */
  constructor(directory: ZipDirectory, more: number) {
    this.#directory = directory;
    this.#bytes = new Uint8Array(directory.bytes.length + more);
    this.#view = viewOf(this.#bytes);
  }

  /** The first records as they are. */
  begin(count: number): void {
    const { bytes, recordsAt } = this.#directory;
    this.#append(bytes.subarray(0, recordsAt[count] ?? bytes.length));
    this.count = count;
  }

  same(entry: ZipEntry, start: number): void {
    const record = recordOf(this.#directory, entry);
    const isPlain = (record[30] ?? 0) + (record[31] ?? 0) === 0;
    const { size, packedSize } = entry;
    if (!isPlain || Math.max(start, size, packedSize) >= MAX32) this.put({ record, start, size, packedSize });
    else {
      this.#append(record);
      this.#view.setUint32(this.#at - record.length + 42, start, true);
    }
  }

  put(placed: Placed): void {
    this.#append(numberedRecord(placed.record, placed));
  }

  end(): Uint8Array {
    return this.#bytes.subarray(0, this.#at);
  }

  #append(record: Uint8Array): void {
    this.#bytes.set(record, this.#at);
    this.#at += record.length;
    this.count += 1;
  }
}

/** At most three numbers of 8 bytes and the head of their field are new in a record, and a longer name in an edited one. */
function roomFor(entries: number, edits: ReadonlyMap<string, ZipEdit>): number {
  let room = entries * 28;
  for (const edit of edits.values()) room += edit.kind === 'drop' ? 0 : 3 * edit.name.length;
  return room;
}

/**
 * The zip with these edits, by the names that entries have now: everything else is taken over byte for byte, in the same order. A function of the
 * zip and the edits alone, so that it gives the same bytes wherever and whenever it is carried out.
 */
export function rebuildZip(directory: ZipDirectory, edits: ReadonlyMap<string, ZipEdit>): Splice {
  const pieces = new Pieces();
  const starts = new Starts(directory);
  const placed = new Map<string, Placed>();
  const untouched = untouchedAtFirst(directory, edits.keys());
  pieces.copy(0, directory.ends[untouched - 1] ?? 0);
  const others = directory.entriesFrom(untouched);
  for (const entry of inFileOrder(others)) {
    const edit = edits.get(entry.name);
    if (edit === undefined) {
      starts.put(entry, pieces.size);
      pieces.copy(entry.start, entry.end - entry.start);
    } else if (edit.kind !== 'drop') placed.set(entry.name, layEdited(pieces, directory, entry, edit));
  }
  const records = new Records(directory, roomFor(others.length, edits));
  records.begin(untouched);
  for (const entry of others) {
    const edited = placed.get(entry.name);
    if (edited !== undefined) records.put(edited);
    else if (!edits.has(entry.name)) records.same(entry, starts.of(entry));
  }
  const offset = pieces.size;
  const bytes = records.end();
  pieces.add(bytes);
  pieces.add(endOf(offset, bytes.length, records.count, directory.comment));
  return { size: pieces.size, pieces: pieces.end() };
}
