import { crc32, inflateRawSync } from 'node:zlib';

/** Reads a file that is not in memory. */
export type ReadAt = (offset: number, length: number) => Promise<Buffer>;

/** Why a file is no wheel. */
export class NoWheelError extends Error {
  override readonly name = 'NoWheelError';
}

export interface WheelContent {
  readonly metadata: Buffer;
}

interface Entry {
  readonly name: string;
  readonly method: number;
  readonly crc: number;
  readonly packed: number;
  readonly size: number;
  readonly offset: number;
}

const END = 22;
const MOST_ENTRIES = 100_000;
const LARGEST_TEXT = 16 * 1024 * 1024;
/** Up to this size every entry is unpacked and its check sum compared. */
const TESTED = 64 * 1024 * 1024;

/** Looks through an uploaded wheel as the index does: a sound zip, METADATA, and a RECORD that names exactly what is in it. Throws `NoWheelError`. */
export async function readUploadedWheel(read: ReadAt, size: number, fileName: string): Promise<WheelContent> {
  const entries = await directoryOf(read, size);
  const names = new Set(entries.map(({ name }) => name));
  if (names.size !== entries.length)
    throw new NoWheelError('ZIP archive not accepted: Duplicate filename in local headers');
  if (size <= TESTED) for (const entry of entries) if (!entry.name.endsWith('/')) await unpack(read, entry);
  const stem = fileName.split('-').slice(0, 2).join('-');
  const text = async (part: string): Promise<Buffer> => {
    const path = `${stem}.dist-info/${part}`;
    const entry = entries.find(({ name }) => name === path);
    if (entry === undefined)
      throw new NoWheelError(`Wheel '${fileName}' does not contain the required ${part} file: ${path}`);
    if (entry.size > LARGEST_TEXT) throw new NoWheelError(`Wheel '${fileName}' has too large a ${part} file`);
    return unpack(read, entry);
  };
  const [metadata, record] = [await text('METADATA'), await text('RECORD')];
  await text('WHEEL');
  checkRecord(record.toString('utf8'), entries, fileName);
  return { metadata };
}

function checkRecord(record: string, entries: readonly Entry[], fileName: string): void {
  const listed = new Set(record.split(/\r?\n/u).flatMap((line) => pathIn(line) ?? []));
  const inside = entries.map(({ name }) => name).filter((name) => !name.endsWith('/'));
  // Signatures stand outside of what they sign.
  const unlisted = inside.filter((name) => !listed.has(name) && !/\.dist-info\/RECORD\.(?:jws|p7s)$/u.test(name));
  const absent = [...listed].filter((name) => !inside.includes(name));
  if (unlisted.length === 0 && absent.length === 0) return;
  throw new NoWheelError(
    `Wheel '${fileName}' RECORD does not match the contents of the ZIP archive: ${[...unlisted, ...absent].slice(0, 3).join(', ')}`,
  );
}

/** The first value of a line of CSV. */
function pathIn(line: string): string | null {
  const quoted = /^"((?:[^"]|"")*)"/u.exec(line)?.[1];
  const path = quoted?.replaceAll('""', '"') ?? line.split(',')[0] ?? '';
  return path === '' ? null : path;
}

async function directoryOf(read: ReadAt, size: number): Promise<readonly Entry[]> {
  const from = Math.max(0, size - END - 65_535);
  const tail = await read(from, size - from);
  const at = tail.lastIndexOf(Buffer.from('PK\u0005\u0006', 'latin1'));
  if (at < 0 || tail.length - at < END) throw new NoWheelError('Invalid distribution file. File is not a zipfile');
  const [count, length, offset] = [tail.readUInt16LE(at + 10), tail.readUInt32LE(at + 12), tail.readUInt32LE(at + 16)];
  if (count === 0xffff || offset === 0xffffffff)
    throw new NoWheelError('ZIP archive not accepted: zip64 is not read here');
  if (count > MOST_ENTRIES || offset + length > from + at)
    throw new NoWheelError('Invalid distribution file. Bad zipfile');
  const directory = await read(offset, length);
  const entries: Entry[] = [];
  for (let place = 0; entries.length < count;) {
    if (place + 46 > directory.length || directory.readUInt32LE(place) !== 0x02014b50) {
      throw new NoWheelError('Invalid distribution file. Bad zipfile');
    }
    const lengths = [28, 30, 32].map((field) => directory.readUInt16LE(place + field));
    const [nameLength = 0, extra = 0, comment = 0] = lengths;
    entries.push({
      name: directory.toString('utf8', place + 46, place + 46 + nameLength),
      method: directory.readUInt16LE(place + 10),
      crc: directory.readUInt32LE(place + 16),
      packed: directory.readUInt32LE(place + 20),
      size: directory.readUInt32LE(place + 24),
      offset: directory.readUInt32LE(place + 42),
    });
    place += 46 + nameLength + extra + comment;
  }
  return entries;
}

async function unpack(read: ReadAt, entry: Entry): Promise<Buffer> {
  const header = await read(entry.offset, 30);
  if (header.length < 30 || header.readUInt32LE(0) !== 0x04034b50) {
    throw new NoWheelError('Invalid distribution file. Bad zipfile');
  }
  const start = entry.offset + 30 + header.readUInt16LE(26) + header.readUInt16LE(28);
  const packed = await read(start, entry.packed);
  const bytes = entry.method === 8 ? inflated(packed, entry.size) : packed;
  if (bytes.length !== entry.size || crc32(bytes) !== entry.crc) {
    throw new NoWheelError(`Invalid distribution file. Bad CRC-32 for file '${entry.name}'`);
  }
  return bytes;
}

function inflated(packed: Buffer, size: number): Buffer {
  try {
    return inflateRawSync(packed, { maxOutputLength: Math.max(1, size) });
  } catch {
    throw new NoWheelError('Invalid distribution file. Bad zipfile');
  }
}
