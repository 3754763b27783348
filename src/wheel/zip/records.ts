import type { ZipEnd } from './end.ts';
import type { ZipEntry } from './directory.ts';
import { EXTRA, extraFields, FLAG, long, MAX32, RECORD, type ExtraField } from './layout.ts';
import { DEFLATE_RATIO } from './limits.ts';
import { isUsualName, unsafeName } from './names.ts';
import type { ZipProblem } from './problem.ts';
import { asLatin1, emptyTable, nameAt, type RecordTable } from './record-table.ts';

type Told = (problem: ZipProblem) => void;

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const STORED = 0;
const DEFLATED = 8;
const KIND = { mask: 0o170_000, plain: 0o100_000, folder: 0o040_000 } as const;
/** The attribute by which a record made under DOS, NTFS or VFAT says that it is a folder (APPNOTE 4.4.2, 4.4.15). */
const DOS_FOLDER: { readonly hosts: readonly number[]; readonly attribute: number } = {
  hosts: [0, 10, 14],
  attribute: 0x10,
};
/** Headers and rounding weigh more than the content below this. */
const RATIO_FROM = 4096;
const SLASH = 0x2f;

interface Records {
  readonly file: string;
  readonly table: RecordTable;
  readonly tell: Told;
}

// eslint-disable-next-line no-control-regex -- every byte of ASCII counts here; what is no name is found later
const ASCII = /^[\0-\x7e]*$/;

/** Reads a name that is not a usual one, and tells what is wrong with how it is written. */
function readUnusualName({ file, table, tell }: Records, place: number, from: number, to: number): void {
  const plain = asLatin1(table.bytes, from, to);
  table.unusual.set(place, plain);
  if (ASCII.test(plain)) return;
  const bytes = table.bytes.subarray(from, to);
  const isMarked = (table.view.getUint16((table.at[place] ?? 0) + 8, true) & FLAG.utf8) !== 0;
  const lossy = new TextDecoder().decode(bytes);
  table.unusual.set(place, lossy);
  if (!isMarked) tell({ code: 'name-encoding', file, entry: lossy, why: 'not-marked' });
  try {
    table.unusual.set(place, utf8.decode(bytes));
  } catch {
    if (isMarked) tell({ code: 'name-encoding', file, entry: lossy, why: 'not-utf8' });
  }
}

type Numbers = Pick<ZipEntry, 'size' | 'packedSize' | 'start'>;

/** Size, packed size and start of an entry whose record has extra fields: from the zip64 field where the record has no room for them. */
function wideNumbers(view: DataView, at: number, fields: readonly ExtraField[]): Numbers | null {
  const [field, ...others] = fields.filter(({ id }) => id === EXTRA.zip64);
  let next = field?.at ?? 0;
  const to = field === undefined ? 0 : field.at + field.length;
  const numberAt = (place: number): number => {
    const narrow = view.getUint32(at + place, true);
    if (narrow !== MAX32) return narrow;
    next += 8;
    return next > to ? NaN : long(view, next - 8);
  };
  // In this order they stand in the field.
  const numbers = { size: numberAt(24), packedSize: numberAt(20), start: numberAt(42) };
  return others.length > 0 || Object.values(numbers).some(Number.isNaN) ? null : numbers;
}

/** The same of a record with extra fields; or what is wrong. */
function readWide(records: Records, place: number, from: number, to: number): Numbers | string {
  const { file, tell, table } = records;
  const fields = extraFields(table.view, from, to);
  if (fields === null) return 'the extra fields of a record do not fill their room';
  const secondName = fields.find(({ id }) => id === EXTRA.unicodePath);
  // Version and checksum come before the name.
  const again =
    secondName === undefined ? null : table.bytes.subarray(secondName.at + 5, secondName.at + secondName.length);
  const name = again === null ? '' : nameAt(table, place);
  if (again !== null && new TextDecoder().decode(again) !== name) {
    tell({ code: 'name-encoding', file, entry: name, why: 'two-names' });
  }
  return (
    wideNumbers(table.view, table.at[place] ?? 0, fields) ?? 'a zip64 field is missing or too short, or there are two'
  );
}

/** Sets the numbers of a record, most of which have no extra fields; or says what is wrong. */
function readNumbers(records: Records, place: number, from: number, to: number): string | null {
  const { view, at, sizes, packedSizes, starts } = records.table;
  if (from !== to) {
    const wide = readWide(records, place, from, to);
    if (typeof wide === 'string') return wide;
    sizes[place] = wide.size;
    packedSizes[place] = wide.packedSize;
    starts[place] = wide.start;
    return null;
  }
  const record = at[place] ?? 0;
  const packedSize = view.getUint32(record + 20, true);
  const size = view.getUint32(record + 24, true);
  const start = view.getUint32(record + 42, true);
  sizes[place] = size;
  packedSizes[place] = packedSize;
  starts[place] = start;
  return size === MAX32 || packedSize === MAX32 || start === MAX32 ? 'a zip64 field is missing' : null;
}

function checkFlags({ file, table, tell }: Records, place: number): void {
  const record = table.at[place] ?? 0;
  const flags = table.view.getUint16(record + 8, true);
  const method = table.view.getUint16(record + 10, true);
  if ((flags & (FLAG.encrypted | FLAG.strong | FLAG.masked)) !== 0) {
    tell({ code: 'encrypted', file, entry: nameAt(table, place) });
  } else if ((method !== STORED && method !== DEFLATED) || (flags & FLAG.patched) !== 0) {
    tell({ code: 'method-unknown', file, entry: nameAt(table, place), method });
  }
}

function checkEntry({ file, table, tell }: Records, place: number, nameTo: number): void {
  const record = table.at[place] ?? 0;
  const mode = table.view.getUint16(record + 40, true);
  const isStored = table.view.getUint16(record + 10, true) === STORED;
  const size = table.sizes[place] ?? 0;
  const packedSize = table.packedSizes[place] ?? 0;
  const kind = mode & KIND.mask;
  const isFolder = table.bytes[nameTo - 1] === SLASH && nameTo > record + RECORD.length;
  if (kind !== 0 && kind !== (isFolder ? KIND.folder : KIND.plain))
    tell({ code: 'not-a-plain-file', file, entry: nameAt(table, place), mode });
  else if (!isFolder && isFolderOfDos(table.bytes, record))
    tell({ code: 'not-a-plain-file', file, entry: nameAt(table, place), mode: KIND.folder });
  if ((isStored && size !== packedSize) || (isFolder && size !== 0)) {
    const found = isFolder ? 0 : packedSize;
    tell({ code: 'size-wrong', file, entry: nameAt(table, place), claimed: size, found });
  } else if (size > RATIO_FROM && size > packedSize * DEFLATE_RATIO + RATIO_FROM) {
    tell({ code: 'ratio-impossible', file, entry: nameAt(table, place), size, packedSize });
  }
}

/** Whether the attributes of DOS call it a folder, where they count: by who made the record. Some readers go by them, others by the name alone. */
function isFolderOfDos(bytes: Uint8Array, record: number): boolean {
  const { hosts, attribute } = DOS_FOLDER;
  return hosts.includes(bytes[record + 5] ?? -1) && ((bytes[record + 38] ?? 0) & attribute) !== 0;
}

/** Reads one record into its place of the table, and tells what is wrong with it. Where the next one begins; or why there is none. */
function readRecord(records: Records, place: number, at: number): number | string {
  const { file, table, tell } = records;
  const { bytes, view } = table;
  if (at + RECORD.length > bytes.length || view.getUint32(at, true) !== RECORD.signature)
    return 'there is no record of an entry';
  const nameFrom = at + RECORD.length;
  const nameTo = nameFrom + view.getUint16(at + 28, true);
  const extraEnd = nameTo + view.getUint16(at + 30, true);
  const end = extraEnd + view.getUint16(at + 32, true);
  if (end > bytes.length) return 'a record reaches over the end of the directory';
  table.at[place] = at;
  const isUsual = isUsualName(bytes, nameFrom, nameTo);
  if (!isUsual) readUnusualName(records, place, nameFrom, nameTo);
  const wrong = readNumbers(records, place, nameTo, extraEnd);
  if (wrong !== null) return wrong;
  if (view.getUint16(at + 34, true) !== 0) return 'an entry is said to be in another file';
  checkFlags(records, place);
  const why = isUsual ? null : unsafeName(nameAt(table, place));
  if (why !== null) tell({ code: 'name-unsafe', file, entry: nameAt(table, place), why });
  checkEntry(records, place, nameTo);
  return end;
}

/** Reads the records of a directory. Tells every problem; null when it cannot be read to its end. */
export function readRecords(file: string, end: ZipEnd, bytes: Uint8Array, tell: Told): RecordTable | null {
  const table = emptyTable(bytes, end.entries);
  const records: Records = { file, table, tell };
  let at = 0;
  let place = 0;
  const broken = (why: string): null => {
    tell({ code: 'directory-broken', file, at: end.offset + at, why });
    return null;
  };
  for (; at < bytes.length && place < end.entries; place += 1) {
    const next = readRecord(records, place, at);
    if (typeof next === 'string') return broken(next);
    at = next;
  }
  if (place < end.entries) return broken(`it has ${place} entries and its end tells ${end.entries}`);
  return at === bytes.length ? table : broken(`it has more than the ${end.entries} entries that its end tells`);
}
