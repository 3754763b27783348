import { crc32 } from 'node:zlib';
import type { ByteSource } from '../../domain/byte-source.ts';
import type { Result } from '../../domain/result.ts';
import { refuseOr } from '../../domain/result.ts';
import type { ZipDirectory, ZipEntry } from './directory.ts';
import { inFileOrder } from './extents.ts';
import { inflate } from './inflate.ts';
import { LOCAL, viewOf } from './layout.ts';
import { usualLimits, type ZipLimits } from './limits.ts';
import { checkDescriptor, readLocalHeader } from './local-header.ts';
import type { ZipProblem } from './problem.ts';

/** Takes the content of one entry, piece by piece. What it was given is void when the walk tells a problem. */
export interface EntryVisitor {
  add(bytes: Uint8Array): void;
  /** All of it has come, and its checksum is right. */
  end(): void;
}

/** Takes bytes from a stream in the portions that are needed. */
class Cursor {
  readonly #pieces: AsyncIterator<Uint8Array>;
  #rest: Uint8Array = new Uint8Array();

  constructor(stream: AsyncIterable<Uint8Array>) {
    this.#pieces = stream[Symbol.asyncIterator]();
  }

  /** Up to `most` bytes of what has come; empty at the end. */
  async some(most: number): Promise<Uint8Array> {
    while (this.#rest.length === 0) {
      const next = await this.#pieces.next();
      if (next.done === true) return this.#rest;
      this.#rest = next.value;
    }
    const taken = this.#rest.subarray(0, most);
    this.#rest = this.#rest.subarray(taken.length);
    return taken;
  }

  async exactly(length: number): Promise<Uint8Array> {
    const first = await this.some(length);
    if (first.length === length) return first;
    const bytes = new Uint8Array(length);
    bytes.set(first);
    for (let at = first.length; at < length;) {
      const piece = await this.some(length - at);
      if (piece.length === 0) return bytes.subarray(0, at);
      bytes.set(piece, at);
      at += piece.length;
    }
    return bytes;
  }

  async close(): Promise<void> {
    await this.#pieces.return?.();
  }
}

/** The next `length` bytes of a cursor in pieces; `rest` of them are left when whoever reads them stops early. */
class Portion {
  rest: number;
  readonly #cursor: Cursor;

  constructor(cursor: Cursor, length: number) {
    this.#cursor = cursor;
    this.rest = length;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    while (this.rest > 0) {
      const piece = await this.#cursor.some(this.rest);
      if (piece.length === 0) return;
      this.rest -= piece.length;
      yield piece;
    }
  }
}

/** Unpacks what follows the header, and says what is wrong with it. */
async function takeContent(
  cursor: Cursor,
  directory: ZipDirectory,
  entry: ZipEntry,
  visitor: EntryVisitor,
): Promise<ZipProblem | null> {
  const inEntry = { file: directory.file, entry: entry.name };
  const portion = new Portion(cursor, entry.packedSize);
  let crc = 0;
  const take = (bytes: Uint8Array): void => {
    crc = crc32(bytes, crc);
    visitor.add(bytes);
  };
  let size: number | null = entry.size;
  if (entry.method === 'stored') for await (const piece of portion) take(piece);
  else size = await inflate(portion, entry.size, take);
  while (portion.rest > 0) {
    const skipped = await cursor.some(portion.rest);
    if (skipped.length === 0) break;
    portion.rest -= skipped.length;
  }
  if (size === null || portion.rest > 0) return { code: 'data-broken', ...inEntry };
  if (size !== entry.size) return { code: 'size-wrong', ...inEntry, claimed: entry.size, found: size };
  return crc === entry.crc ? null : { code: 'crc-wrong', ...inEntry, claimed: entry.crc, found: crc };
}

/** One entry from its header to the next one, of which the cursor then stands at the beginning. */
async function takeEntry(
  cursor: Cursor,
  directory: ZipDirectory,
  entry: ZipEntry,
  visit: (entry: ZipEntry) => EntryVisitor,
): Promise<readonly ZipProblem[]> {
  const length = entry.end - entry.start;
  const fixed = await cursor.exactly(Math.min(LOCAL.length, length));
  const view = viewOf(fixed);
  const named = fixed.length < LOCAL.length ? 0 : view.getUint16(26, true) + view.getUint16(28, true);
  const rest = await cursor.exactly(Math.min(named, length - fixed.length));
  const bytes = new Uint8Array(fixed.length + rest.length);
  bytes.set(fixed);
  bytes.set(rest, fixed.length);
  const header = readLocalHeader(directory, entry, bytes);
  if (!header.ok) {
    for (let left = length - bytes.length; left > 0;) {
      const skipped = await cursor.some(left);
      left = skipped.length === 0 ? 0 : left - skipped.length;
    }
    return header.problems;
  }
  const visitor = visit(entry);
  const problem = await takeContent(cursor, directory, entry, visitor);
  const descriptor = await cursor.exactly(header.value.descriptor);
  const wrong = problem ?? checkDescriptor(directory, entry, descriptor);
  if (wrong !== null) return [wrong];
  visitor.end();
  return [];
}

/**
 * Unpacks a whole zip in one pass over its bytes, in the order of the file, and holds every header, size and checksum to the directory. Memory
 * does not grow with the file. Goes on after a broken entry, so that all of them are told.
 */
export async function walkEntries(
  source: ByteSource,
  directory: ZipDirectory,
  visit: (entry: ZipEntry) => EntryVisitor,
  limits: ZipLimits = usualLimits,
): Promise<Result<null, ZipProblem>> {
  const problems: ZipProblem[] = [];
  const cursor = new Cursor(source.stream(0, directory.offset));
  try {
    for (const entry of inFileOrder(directory.entries)) {
      problems.push(...(await takeEntry(cursor, directory, entry, visit)));
      if (problems.length >= limits.problems) break;
    }
  } finally {
    await cursor.close();
  }
  return refuseOr(problems, () => null);
}
