import type { ZipEnd } from './end.ts';
import type { ZipEntry } from './directory.ts';
import { EXTRA, extraFields, FLAG, long, MAX32, RECORD, viewOf, type ExtraField } from './layout.ts';
import { DEFLATE_RATIO } from './limits.ts';
import { isUsualName, unsafeName } from './names.ts';
import type { ZipProblem } from './problem.ts';

type Told = (problem: ZipProblem) => void;
/** An entry whose end is not known yet: that is where the next one begins, which is set before anybody else sees it. */
export type Unbounded = Omit<ZipEntry, 'end'> & { end: number };

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const STORED = 0;
const DEFLATED = 8;
const KIND = { mask: 0o170_000, plain: 0o100_000, folder: 0o040_000 } as const;
/** Headers and rounding weigh more than the content below this. */
const RATIO_FROM = 4096;

interface Records {
  readonly file: string;
  readonly bytes: Uint8Array;
  readonly view: DataView;
  /** The bytes as text, a character a byte: names of ASCII are slices of it. */
  readonly text: string;
  readonly tell: Told;
}

// eslint-disable-next-line no-control-regex -- every byte of ASCII counts here; what is no name is found later
const ASCII = /^[\0-\x7e]*$/;

/** A name that is not a usual one. */
function readName({ file, bytes, text, tell }: Records, from: number, to: number, marked: boolean): string {
  const plain = text.slice(from, to);
  if (ASCII.test(plain)) return plain;
  const lossy = new TextDecoder().decode(bytes.subarray(from, to));
  if (!marked) tell({ code: 'name-encoding', file, entry: lossy, why: 'not-marked' });
  try {
    return utf8.decode(bytes.subarray(from, to));
  } catch {
    if (marked) tell({ code: 'name-encoding', file, entry: lossy, why: 'not-utf8' });
    return lossy;
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

/** The same of any record, most of which have no extra fields; or what is wrong. */
function readNumbers(
  { view, bytes, file, tell }: Records,
  at: number,
  name: string,
  ends: readonly [number, number],
): Numbers | string {
  const [from, to] = ends;
  if (from === to) {
    const [size, packedSize] = [view.getUint32(at + 24, true), view.getUint32(at + 20, true)];
    const start = view.getUint32(at + 42, true);
    const isWide = size === MAX32 || packedSize === MAX32 || start === MAX32;
    return isWide ? 'a zip64 field is missing' : { size, packedSize, start };
  }
  const fields = extraFields(view, from, to);
  if (fields === null) return 'the extra fields of a record do not fill their room';
  const secondName = fields.find(({ id }) => id === EXTRA.unicodePath);
  // Version and checksum come before the name.
  const again = secondName === undefined ? null : bytes.subarray(secondName.at + 5, secondName.at + secondName.length);
  if (again !== null && new TextDecoder().decode(again) !== name) {
    tell({ code: 'name-encoding', file, entry: name, why: 'two-names' });
  }
  return wideNumbers(view, at, fields) ?? 'a zip64 field is missing or too short, or there are two';
}

function checkFlags(records: Records, at: number, entry: string): 'stored' | 'deflated' {
  const { file, view, tell } = records;
  const flags = view.getUint16(at + 8, true);
  const method = view.getUint16(at + 10, true);
  if ((flags & (FLAG.encrypted | FLAG.strong | FLAG.masked)) !== 0) tell({ code: 'encrypted', file, entry });
  else if ((method !== STORED && method !== DEFLATED) || (flags & FLAG.patched) !== 0) {
    tell({ code: 'method-unknown', file, entry, method });
  }
  return method === STORED ? 'stored' : 'deflated';
}

function checkEntry({ file, tell }: Records, entry: Unbounded, isUsual: boolean): void {
  const { name, method, size, packedSize, mode } = entry;
  const why = isUsual ? null : unsafeName(name);
  if (why !== null) tell({ code: 'name-unsafe', file, entry: name, why });
  const kind = mode & KIND.mask;
  const isFolder = name.endsWith('/');
  if (kind !== 0 && kind !== (isFolder ? KIND.folder : KIND.plain))
    tell({ code: 'not-a-plain-file', file, entry: name, mode });
  if ((method === 'stored' && size !== packedSize) || (isFolder && size !== 0)) {
    tell({ code: 'size-wrong', file, entry: name, claimed: size, found: isFolder ? 0 : packedSize });
  } else if (size > RATIO_FROM && size > packedSize * DEFLATE_RATIO + RATIO_FROM) {
    tell({ code: 'ratio-impossible', file, entry: name, size, packedSize });
  }
}

/** One record, and what is wrong with it; or why there is none. */
function readRecord(records: Records, at: number): Unbounded | string {
  const { bytes, view, text } = records;
  if (at + RECORD.length > bytes.length || view.getUint32(at, true) !== RECORD.signature)
    return 'there is no record of an entry';
  const nameEnd = at + RECORD.length + view.getUint16(at + 28, true);
  const extraEnd = nameEnd + view.getUint16(at + 30, true);
  const end = extraEnd + view.getUint16(at + 32, true);
  if (end > bytes.length) return 'a record reaches over the end of the directory';
  const plain = text.slice(at + RECORD.length, nameEnd);
  const isUsual = isUsualName(plain);
  const isMarked = (view.getUint16(at + 8, true) & FLAG.utf8) !== 0;
  const name = isUsual ? plain : readName(records, at + RECORD.length, nameEnd, isMarked);
  const numbers = readNumbers(records, at, name, [nameEnd, extraEnd]);
  if (typeof numbers === 'string') return numbers;
  if (view.getUint16(at + 34, true) !== 0) return 'an entry is said to be in another file';
  const { size, packedSize, start } = numbers;
  const entry: Unbounded = {
    name,
    method: checkFlags(records, at, name),
    size,
    packedSize,
    crc: view.getUint32(at + 16, true),
    mode: view.getUint16(at + 40, true),
    start,
    end: 0,
    recordAt: at,
    recordLength: end - at,
  };
  checkEntry(records, entry, isUsual);
  return entry;
}

/** A character a byte, whatever it is. */
function asLatin1({ buffer, byteOffset, length }: Uint8Array): string {
  return Buffer.from(buffer, byteOffset, length).toString('latin1');
}

/** Reads the records of a directory. Tells every problem; null when it cannot be read to its end. */
export function readRecords(file: string, end: ZipEnd, bytes: Uint8Array, tell: Told): readonly Unbounded[] | null {
  const records: Records = { file, bytes, view: viewOf(bytes), text: asLatin1(bytes), tell };
  const entries: Unbounded[] = [];
  let at = 0;
  const broken = (why: string): null => {
    tell({ code: 'directory-broken', file, at: end.offset + at, why });
    return null;
  };
  while (at < bytes.length) {
    const entry = readRecord(records, at);
    if (typeof entry === 'string') return broken(entry);
    if (entries.length === end.entries) return broken(`it has more than the ${end.entries} entries that its end tells`);
    entries.push(entry);
    at += entry.recordLength;
  }
  return entries.length === end.entries
    ? entries
    : broken(`it has ${entries.length} entries and its end tells ${end.entries}`);
}
