import type { ZipEnd } from './end.ts';
import type { ZipEntry } from './directory.ts';
import { EXTRA, extraFields, FLAG, long, MAX32, RECORD, viewOf, type ExtraField } from './layout.ts';
import { DEFLATE_RATIO } from './limits.ts';
import { unsafeName } from './names.ts';
import type { ZipProblem } from './problem.ts';

type Told = (problem: ZipProblem) => void;
/** An entry before it is known where the next one begins. */
export type Unbounded = Omit<ZipEntry, 'end'>;

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const latin = new TextDecoder('latin1');
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

function isAscii(bytes: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; at += 1) if ((bytes[at] ?? 0) > 0x7e) return false;
  return true;
}

function readName({ file, bytes, text, tell }: Records, from: number, to: number, marked: boolean): string {
  if (isAscii(bytes, from, to)) return text.slice(from, to);
  const lossy = new TextDecoder().decode(bytes.subarray(from, to));
  if (!marked) tell({ code: 'name-encoding', file, entry: lossy, why: 'not-marked' });
  try {
    return utf8.decode(bytes.subarray(from, to));
  } catch {
    if (marked) tell({ code: 'name-encoding', file, entry: lossy, why: 'not-utf8' });
    return lossy;
  }
}

/** The sizes and the offset, from the zip64 field where the record has no room for them. */
function readNumbers(view: DataView, at: number, extra: ExtraField | undefined) {
  let next = extra?.at ?? 0;
  const to = extra === undefined ? 0 : extra.at + extra.length;
  let missing = false;
  const wide = (narrow: number): number => {
    if (narrow !== MAX32) return narrow;
    next += 8;
    if (next > to) missing = true;
    return missing ? narrow : long(view, next - 8);
  };
  const size = wide(view.getUint32(at + 24, true));
  const packedSize = wide(view.getUint32(at + 20, true));
  const start = wide(view.getUint32(at + 42, true));
  return { size, packedSize, start, missing, otherDisk: view.getUint16(at + 34, true) !== 0 };
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

function checkEntry({ file, tell }: Records, entry: Unbounded): void {
  const { name, method, size, packedSize, mode } = entry;
  const why = unsafeName(name);
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
  const { file, bytes, view, tell } = records;
  if (at + RECORD.length > bytes.length || view.getUint32(at, true) !== RECORD.signature)
    return 'there is no record of an entry';
  const nameEnd = at + RECORD.length + view.getUint16(at + 28, true);
  const extraEnd = nameEnd + view.getUint16(at + 30, true);
  const end = extraEnd + view.getUint16(at + 32, true);
  if (end > bytes.length) return 'a record reaches over the end of the directory';
  const name = readName(records, at + RECORD.length, nameEnd, (view.getUint16(at + 8, true) & FLAG.utf8) !== 0);
  const fields = extraFields(view, nameEnd, extraEnd);
  if (fields === null) return 'the extra fields of a record do not fill their room';
  const zip64 = fields.filter(({ id }) => id === EXTRA.zip64);
  const { missing, otherDisk, ...numbers } = readNumbers(view, at, zip64[0]);
  if (missing || zip64.length > 1) return 'a zip64 field is missing or too short, or there are two';
  if (otherDisk) return 'an entry is said to be in another file';
  const secondName = fields.find(({ id }) => id === EXTRA.unicodePath);
  // Version and checksum come before the name.
  const nameAgain =
    secondName === undefined ? null : bytes.subarray(secondName.at + 5, secondName.at + secondName.length);
  if (nameAgain !== null && new TextDecoder().decode(nameAgain) !== name) {
    tell({ code: 'name-encoding', file, entry: name, why: 'two-names' });
  }
  const method = checkFlags(records, at, name);
  const [crc, mode] = [view.getUint32(at + 16, true), view.getUint16(at + 40, true)];
  const entry = { name, method, ...numbers, crc, mode, record: { at, length: end - at } };
  checkEntry(records, entry);
  return entry;
}

/** Reads the records of a directory. Tells every problem; null when it cannot be read to its end. */
export function readRecords(file: string, end: ZipEnd, bytes: Uint8Array, tell: Told): readonly Unbounded[] | null {
  const records: Records = { file, bytes, view: viewOf(bytes), text: latin.decode(bytes), tell };
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
    at += entry.record.length;
  }
  return entries.length === end.entries
    ? entries
    : broken(`it has ${entries.length} entries and its end tells ${end.entries}`);
}
