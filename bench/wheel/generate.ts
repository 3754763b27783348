/** Wheels of the size of the largest there are, the same bytes each time: made once, and kept in a folder under /tmp. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, open, rename, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { crc32, deflateRaw } from 'node:zlib';
import { seeded } from '../history/random.ts';

export interface WheelSize {
  /** Names the file. */
  readonly label: string;
  /** Libraries: how many, and bytes each. */
  readonly libraries: { readonly count: number; readonly bytes: number };
  /** Headers and modules. */
  readonly sources: { readonly count: number; readonly bytes: number };
}

export const LARGE: WheelSize = {
  label: '1500',
  libraries: { count: 12, bytes: 108e6 },
  sources: { count: 9_980, bytes: 20_000 },
};
export const MIDDLE: WheelSize = {
  label: '200',
  libraries: { count: 4, bytes: 40e6 },
  sources: { count: 2_000, bytes: 20_000 },
};

export const VERSION = '2.7.0+cu126';
const FOLDER = join(tmpdir(), 'signalbox-bench-wheels-1');
const BLOCK = 1_000_000;
const deflate = promisify(deflateRaw);

/** Blocks of words and noise that deflate to a third or so, as code of machines does. */
function makeBlocks(seed: number): readonly Buffer[] {
  const { below } = seeded(seed);
  const words = Array.from({ length: 4000 }, () =>
    Buffer.from(Array.from({ length: 4 + below(12) }, () => below(256))),
  );
  return Array.from({ length: 40 }, () => {
    const block = Buffer.alloc(BLOCK);
    for (let at = 0; at < BLOCK;) {
      const word = words[below(below(words.length) + 1)] ?? block;
      at += word.copy(block, at);
    }
    return block;
  });
}

interface Written {
  readonly name: string;
  readonly crc: number;
  readonly size: number;
  readonly packed: number;
  readonly start: number;
  readonly hash: string;
}

function header(name: string, entry: Pick<Written, 'crc' | 'size' | 'packed'>, start: number | null): Buffer {
  const nameBytes = Buffer.from(name);
  const fixed = Buffer.alloc(start === null ? 30 : 46);
  let at = fixed.writeUInt32LE(start === null ? 0x04034b50 : 0x02014b50);
  if (start !== null) at = fixed.writeUInt16LE(0x0314, at);
  for (const value of [20, 0, 8, 0, 0x5a21]) at = fixed.writeUInt16LE(value, at);
  for (const value of [entry.crc, entry.packed, entry.size]) at = fixed.writeUInt32LE(value, at);
  fixed.writeUInt16LE(nameBytes.length, at);
  if (start !== null) {
    fixed.writeUInt32LE((0o100644 << 16) >>> 0, 38);
    fixed.writeUInt32LE(start, 42);
  }
  return Buffer.concat([fixed, nameBytes]);
}

class WheelWriter {
  readonly #handle: FileHandle;
  readonly written: Written[] = [];
  #at = 0;

  constructor(handle: FileHandle) {
    this.#handle = handle;
  }

  async #put(bytes: Uint8Array): Promise<void> {
    await this.#handle.write(bytes, 0, bytes.length, this.#at);
    this.#at += bytes.length;
  }

  async add(name: string, content: Buffer): Promise<void> {
    const packed = await deflate(content, { level: 6 });
    const facts = { crc: crc32(content), size: content.length, packed: packed.length };
    const start = this.#at;
    await this.#put(header(name, facts, null));
    await this.#put(packed);
    this.written.push({ name, ...facts, start, hash: createHash('sha256').update(content).digest('base64url') });
  }

  async end(): Promise<void> {
    const offset = this.#at;
    const records = Buffer.concat(this.written.map((entry) => header(entry.name, entry, entry.start)));
    await this.#put(records);
    const end = Buffer.alloc(22);
    end.writeUInt32LE(0x06054b50);
    end.writeUInt16LE(this.written.length, 8);
    end.writeUInt16LE(this.written.length, 10);
    end.writeUInt32LE(records.length, 12);
    end.writeUInt32LE(offset, 16);
    await this.#put(end);
  }
}

async function write(path: string, { libraries, sources }: WheelSize): Promise<void> {
  const blocks = makeBlocks(7);
  const { below } = seeded(11);
  const content = (size: number): Buffer => {
    const content = Buffer.alloc(size);
    for (let at = 0; at < size;) {
      const block = blocks[below(blocks.length)] ?? content;
      const from = below(BLOCK / 2);
      at += block.copy(content, at, from);
    }
    return content;
  };
  const handle = await open(path, 'w');
  const wheel = new WheelWriter(handle);
  await wheel.add('torch/__init__.py', Buffer.from('__version__ = "2.7.0+cu126"\n'));
  for (let index = 0; index < libraries.count; index += 1)
    await wheel.add(`torch/lib/libtorch_${index}.so`, content(libraries.bytes));
  for (let index = 0; index < sources.count; index += 1) {
    await wheel.add(`torch/include/ATen/part_${index % 97}/ops_${index}_dispatch.h`, content(sources.bytes));
  }
  const info = `torch-${VERSION}.dist-info`;
  await wheel.add(
    `${info}/METADATA`,
    Buffer.from(`Metadata-Version: 2.1\nName: torch\nVersion: ${VERSION}\nSummary: tensors\n\nText.\n`),
  );
  await wheel.add(
    `${info}/WHEEL`,
    Buffer.from('Wheel-Version: 1.0\nGenerator: bench\nRoot-Is-Purelib: false\nTag: cp312-cp312-linux_x86_64\n'),
  );
  const rows = wheel.written.map(({ name, hash, size }) => `${name},sha256=${hash},${size}\n`);
  await wheel.add(`${info}/RECORD`, Buffer.from(`${rows.join('')}${info}/RECORD,,\n`));
  await wheel.end();
  await handle.close();
}

/** The path of the wheel of this size; making it takes a minute for the largest, once. */
export async function wheelOf(size: WheelSize): Promise<string> {
  const folder = join(FOLDER, size.label);
  const path = join(folder, `torch-${VERSION}-cp312-cp312-linux_x86_64.whl`);
  if (existsSync(path)) return path;
  await mkdir(folder, { recursive: true });
  const temporary = `${path}.${process.pid}`;
  await write(temporary, size);
  await rename(temporary, path);
  return path;
}
