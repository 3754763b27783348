import { crc32, deflateRawSync } from 'node:zlib';

/** Numbers of a header that a test may set to something else than the truth. */
export interface ZipLies {
  readonly name?: string | Uint8Array;
  readonly flags?: number;
  readonly method?: number;
  readonly crc?: number;
  readonly size?: number;
  readonly packedSize?: number;
  readonly start?: number;
  readonly signature?: number;
  readonly mode?: number;
  readonly disk?: number;
  readonly extra?: Uint8Array;
}

export interface ZipPart {
  readonly name: string | Uint8Array;
  readonly content?: string | Uint8Array;
  /** Deflated unless said otherwise. */
  readonly stored?: boolean;
  readonly mode?: number;
  /** Sizes come after the data: in 4 or 8 bytes each, with or without a signature. */
  readonly descriptor?: 12 | 16 | 20 | 24;
  readonly zip64?: boolean;
  readonly local?: ZipLies;
  readonly record?: ZipLies;
  /** The packed data, when it is not what the content gives. */
  readonly packed?: Uint8Array;
  /** Bytes after the entry that belong to nobody. */
  readonly after?: Uint8Array;
}

export interface ZipEndLies {
  readonly before?: Uint8Array;
  readonly after?: Uint8Array;
  readonly comment?: Uint8Array;
  readonly entries?: number;
  readonly length?: number;
  readonly offset?: number;
  readonly disk?: number;
  /** With the record of 64 bits and its locator. */
  readonly zip64?: boolean;
  readonly zip64Entries?: number;
  readonly locatorOffset?: number;
  readonly beforeEnd?: Uint8Array;
}

const u16 = (value: number): Buffer => {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
};
const u32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
};
const u64 = (value: number): Buffer => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
};
const MAX32 = 0xffff_ffff;
const bytesOf = (text: string | Uint8Array): Uint8Array => (typeof text === 'string' ? Buffer.from(text) : text);

interface Made {
  readonly local: Buffer;
  readonly record: Buffer;
}

/** What both headers have in common, from the flags to the sizes. */
function middle(
  part: ZipPart,
  truth: { crc: number; size: number; packed: number },
  lies: ZipLies,
  open: boolean,
): Buffer {
  const name = bytesOf(lies.name ?? part.name);
  const utf8 = name.some((byte) => byte > 0x7f) ? 0x800 : 0;
  const narrow = (value: number): Buffer => u32(part.zip64 === true ? MAX32 : Math.min(value, MAX32));
  return Buffer.concat([
    u16(lies.flags ?? utf8 | (part.descriptor === undefined ? 0 : 8)),
    u16(lies.method ?? (part.stored === true ? 0 : 8)),
    u16(0),
    u16(0x21),
    u32(lies.crc ?? (open ? 0 : truth.crc)),
    open ? u32(0) : narrow(lies.packedSize ?? truth.packed),
    open ? u32(0) : narrow(lies.size ?? truth.size),
    u16(name.length),
  ]);
}

function makePart(part: ZipPart, start: number): Made {
  const content = bytesOf(part.content ?? '');
  const packed = part.packed ?? (part.stored === true ? content : deflateRawSync(content));
  const truth = { crc: crc32(content), size: content.length, packed: packed.length };
  const { local = {}, record = {}, descriptor } = part;
  const open = descriptor !== undefined;
  const sizes = (lies: ZipLies): Buffer =>
    Buffer.concat([u64(lies.size ?? truth.size), u64(lies.packedSize ?? truth.packed)]);
  const field64 = (content64: Buffer): Buffer => Buffer.concat([u16(1), u16(content64.length), content64]);
  const localExtra = local.extra ?? (part.zip64 === true && !open ? field64(sizes(local)) : Buffer.alloc(0));
  const at = record.start ?? start;
  const recordExtra =
    record.extra ?? (part.zip64 === true ? field64(Buffer.concat([sizes(record), u64(at)])) : Buffer.alloc(0));
  const wide = descriptor === 20 || descriptor === 24 ? u64 : u32;
  const trailer = open
    ? Buffer.concat([
        descriptor % 8 === 0 ? u32(0x08074b50) : Buffer.alloc(0),
        u32(truth.crc),
        wide(truth.packed),
        wide(truth.size),
      ])
    : Buffer.alloc(0);
  // 16 and 24 have a signature, 12 and 20 have none.
  return {
    local: Buffer.concat([
      u32(local.signature ?? 0x04034b50),
      u16(20),
      middle(part, truth, local, open),
      u16(localExtra.length),
      bytesOf(local.name ?? part.name),
      localExtra,
      packed,
      trailer,
      part.after ?? Buffer.alloc(0),
    ]),
    record: Buffer.concat([
      u32(record.signature ?? 0x02014b50),
      u16(0x0314),
      u16(20),
      middle(part, truth, record, false),
      u16(recordExtra.length),
      u16(0),
      u16(record.disk ?? 0),
      u16(0),
      u32(((record.mode ?? part.mode ?? 0o100644) << 16) >>> 0),
      u32(part.zip64 === true ? MAX32 : at),
      bytesOf(record.name ?? part.name),
      recordExtra,
    ]),
  };
}

/** A zip written byte by byte, with every lie that a test asks for. What `zip` or Python would never write, too. */
export function writeZip(parts: readonly ZipPart[], lies: ZipEndLies = {}): Uint8Array {
  const locals: Uint8Array[] = lies.before === undefined ? [] : [lies.before];
  const records: Buffer[] = [];
  let start = 0;
  for (const part of parts) {
    const made = makePart(part, start);
    locals.push(made.local);
    records.push(made.record);
    start += made.local.length;
  }
  const directory = Buffer.concat(records);
  const count = lies.entries ?? parts.length;
  const length = lies.length ?? directory.length;
  const offset = lies.offset ?? start;
  const end = Buffer.concat([
    u32(0x06054b50),
    u16(lies.disk ?? 0),
    u16(lies.disk ?? 0),
    u16(Math.min(count, 0xffff)),
    u16(Math.min(count, 0xffff)),
    u32(lies.zip64 === true ? MAX32 : length),
    u32(lies.zip64 === true ? MAX32 : offset),
    u16(lies.comment?.length ?? 0),
    lies.comment ?? Buffer.alloc(0),
  ]);
  const wideCount = u64(lies.zip64Entries ?? count);
  const wide = Buffer.concat([
    Buffer.concat([u32(0x06064b50), u64(44), u16(45), u16(45), u32(0), u32(0), wideCount, wideCount]),
    Buffer.concat([u64(length), u64(offset)]),
    Buffer.concat([u32(0x07064b50), u32(0), u64(lies.locatorOffset ?? start + directory.length), u32(1)]),
  ]);
  return Buffer.concat([
    ...locals,
    directory,
    ...(lies.zip64 === true ? [wide] : []),
    lies.beforeEnd ?? Buffer.alloc(0),
    end,
    lies.after ?? Buffer.alloc(0),
  ]);
}
