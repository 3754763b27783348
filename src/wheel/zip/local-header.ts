import { refuse, succeed, type Result } from '../../domain/result.ts';
import type { ZipDirectory, ZipEntry } from './directory.ts';
import { DESCRIPTOR_SIGNATURE, EXTRA, extraFields, FLAG, LOCAL, long, MAX32, RECORD, viewOf } from './layout.ts';
import type { ZipProblem } from './problem.ts';

/** What the header before the data of an entry adds to the directory. */
export interface LocalHeader {
  /** In bytes, with the name and the extra fields: the data begins after it. */
  readonly length: number;
  /** In bytes: a descriptor follows the data; 0 when there is none. */
  readonly descriptor: number;
}

type Differs = Extract<ZipProblem, { code: 'header-differs' }>['field'];

function sameName(directory: ZipDirectory, entry: ZipEntry, bytes: Uint8Array, length: number): boolean {
  const from = entry.recordAt + RECORD.length;
  if (viewOf(directory.bytes).getUint16(entry.recordAt + 28, true) !== length) return false;
  for (let at = 0; at < length; at += 1) {
    if (bytes[LOCAL.length + at] !== directory.bytes[from + at]) return false;
  }
  return true;
}

/** The two sizes of a local header, from its zip64 field where it has no room for them. */
function readSizes(view: DataView, nameEnd: number, end: number): readonly [packed: number, size: number] | null {
  const [packed, size] = [view.getUint32(18, true), view.getUint32(22, true)];
  const fields = extraFields(view, nameEnd, end);
  if (fields === null) return null;
  const field = fields.find(({ id }) => id === EXTRA.zip64);
  if (field === undefined) return packed === MAX32 || size === MAX32 ? null : [packed, size];
  const room = (size === MAX32 ? 8 : 0) + (packed === MAX32 ? 8 : 0);
  if (field.length < room) return null;
  const wideSize = size === MAX32 ? long(view, field.at) : size;
  return [packed === MAX32 ? long(view, field.at + (size === MAX32 ? 8 : 0)) : packed, wideSize];
}

const CHECKED = FLAG.encrypted | FLAG.patched | FLAG.strong | FLAG.masked | FLAG.descriptor | FLAG.utf8;

function differs(directory: ZipDirectory, entry: ZipEntry, bytes: Uint8Array): Differs | null {
  const view = viewOf(bytes);
  if (bytes.length < LOCAL.length || view.getUint32(0, true) !== LOCAL.signature) return 'signature';
  const records = viewOf(directory.bytes);
  const flags = view.getUint16(6, true);
  if (((flags ^ records.getUint16(entry.recordAt + 8, true)) & CHECKED) !== 0) return 'flags';
  if (view.getUint16(8, true) !== (entry.method === 'stored' ? 0 : 8)) return 'method';
  const nameLength = view.getUint16(26, true);
  const end = LOCAL.length + nameLength + view.getUint16(28, true);
  if (end > bytes.length || !sameName(directory, entry, bytes, nameLength))
    return end > bytes.length ? 'extra' : 'name';
  const sizes = readSizes(view, LOCAL.length + nameLength, end);
  if (sizes === null) return 'extra';
  const crc = view.getUint32(14, true);
  // With a descriptor the header was written before the numbers were known: it says nothing, or the truth.
  const open = (flags & FLAG.descriptor) !== 0;
  const agrees = (said: number, true_: number): boolean => said === true_ || (open && said === 0);
  if (!agrees(crc, entry.crc)) return 'crc';
  if (!agrees(sizes[1], entry.size)) return 'size';
  return agrees(sizes[0], entry.packedSize) ? null : 'packed-size';
}

/**
 * Reads the header of an entry from bytes that begin with it, and holds it to the directory: what they disagree on, and bytes between the data and
 * the next entry that are no descriptor, are problems.
 */
export function readLocalHeader(
  directory: ZipDirectory,
  entry: ZipEntry,
  bytes: Uint8Array,
): Result<LocalHeader, ZipProblem> {
  const inEntry = { file: directory.file, entry: entry.name };
  const field = differs(directory, entry, bytes);
  if (field !== null) return refuse({ code: 'header-differs', ...inEntry, field });
  const view = viewOf(bytes);
  const length = LOCAL.length + view.getUint16(26, true) + view.getUint16(28, true);
  const descriptor = entry.end - entry.start - length - entry.packedSize;
  if (descriptor < 0) return refuse({ code: 'header-differs', ...inEntry, field: 'extra' });
  const allowed = (view.getUint16(6, true) & FLAG.descriptor) === 0 ? [0] : [12, 16, 20, 24];
  if (!allowed.includes(descriptor)) return refuse({ code: 'hidden-bytes', ...inEntry, bytes: descriptor });
  return succeed({ length, descriptor });
}

/** Whether the descriptor after the data of an entry says what the directory says. */
export function checkDescriptor(directory: ZipDirectory, entry: ZipEntry, bytes: Uint8Array): ZipProblem | null {
  if (bytes.length === 0) return null;
  const view = viewOf(bytes);
  const begin = bytes.length % 8 === 0 ? 4 : 0;
  const wide = bytes.length >= 20;
  const number = (at: number): number => (wide ? long(view, at) : view.getUint32(at, true));
  const inEntry = { code: 'header-differs', file: directory.file, entry: entry.name } as const;
  if (begin === 4 && view.getUint32(0, true) !== DESCRIPTOR_SIGNATURE) return { ...inEntry, field: 'signature' };
  if (view.getUint32(begin, true) !== entry.crc) return { ...inEntry, field: 'crc' };
  if (number(begin + 4) !== entry.packedSize) return { ...inEntry, field: 'packed-size' };
  return number(begin + (wide ? 12 : 8)) === entry.size ? null : { ...inEntry, field: 'size' };
}
