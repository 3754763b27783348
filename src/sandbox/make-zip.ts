import { crc32, deflateRawSync } from 'node:zlib';

/** An entry of a zip file that a test makes; what is left out is as it should be. */
export interface ZipPart {
  readonly path: string;
  readonly bytes?: Uint8Array;
  /** Deflated when it says so; stored otherwise. */
  readonly deflated?: boolean;
  /** File type and permissions as Unix has them; a plain file that everybody may read otherwise. */
  readonly mode?: number;
}

export const SYMLINK = 0o120777;
const PLAIN_FILE = 0o100644;
const LOCAL_HEADER = 30;
const CENTRAL_HEADER = 46;
const END = 22;
const UTF8_NAME = 0x800;
/** 1 January 1980: the same bytes whenever a test runs. */
const FIRST_DAY = 0x21;

interface Written {
  readonly path: Buffer;
  readonly part: ZipPart;
  readonly data: Buffer;
  readonly size: number;
  readonly crc: number;
  readonly offset: number;
}

/** A zip file of these entries in this order; the same entries give the same bytes. */
export function makeZip(parts: readonly ZipPart[]): Uint8Array {
  const written: Written[] = [];
  let offset = 0;
  for (const part of parts) {
    const bytes = part.bytes ?? new Uint8Array();
    const path = Buffer.from(part.path);
    const data = part.deflated === true ? deflateRawSync(bytes) : Buffer.from(bytes);
    written.push({ path, part, data, size: bytes.length, crc: crc32(bytes), offset });
    offset += LOCAL_HEADER + path.length + data.length;
  }
  const directory = Buffer.concat(written.map(centralHeader));
  const end = Buffer.alloc(END);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(written.length, 8);
  end.writeUInt16LE(written.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...written.flatMap((each) => [localHeader(each), each.data]), directory, end]);
}

function localHeader(entry: Written): Buffer {
  const header = Buffer.alloc(LOCAL_HEADER);
  header.writeUInt32LE(0x04034b50, 0);
  sharedFields(entry, header, 4);
  return Buffer.concat([header, entry.path]);
}

function centralHeader(entry: Written): Buffer {
  const header = Buffer.alloc(CENTRAL_HEADER);
  header.writeUInt32LE(0x02014b50, 0);
  // Made on Unix, so that the mode counts.
  header.writeUInt16LE((3 << 8) | 20, 4);
  sharedFields(entry, header, 6);
  header.writeUInt32LE((entry.part.mode ?? PLAIN_FILE) * 0x10000, 38);
  header.writeUInt32LE(entry.offset, 42);
  return Buffer.concat([header, entry.path]);
}

function sharedFields(entry: Written, header: Buffer, at: number): void {
  header.writeUInt16LE(20, at);
  header.writeUInt16LE(UTF8_NAME, at + 2);
  header.writeUInt16LE(entry.part.deflated === true ? 8 : 0, at + 4);
  header.writeUInt16LE(FIRST_DAY, at + 8);
  header.writeUInt32LE(entry.crc, at + 10);
  header.writeUInt32LE(entry.data.length, at + 14);
  header.writeUInt32LE(entry.size, at + 18);
  header.writeUInt16LE(entry.path.length, at + 22);
}
