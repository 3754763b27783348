import type { FileHandle } from 'node:fs/promises';
import type { Splice } from '../../domain/byte-source.ts';
import type { Digest } from '../../domain/canonical-json.ts';
import { runningDigest, type RunningDigest } from '../../domain/sha256.ts';
import type { FileSource } from './file-source.ts';

export interface SplicePass {
  readonly source: FileSource;
  readonly splice: Splice;
}

/** Where the new file is written. */
export interface SpliceTarget {
  readonly handle: FileHandle;
  /** So many bytes of it are there already once `begun` resolves, and nothing after them. */
  readonly there: number;
  readonly begun: Promise<void>;
}

export interface SpliceDigests {
  /** Of the whole source. */
  readonly input: Digest;
  /** Of the new file. */
  readonly output: Digest;
}

/** Large enough that a call costs nothing beside its bytes, small enough that three are held. */
const STEP = 1024 * 1024;
const BUFFERS = 3;

/** A part of the source in the order of the file. */
interface Stretch {
  readonly from: number;
  readonly to: number;
  /** Taken over, or only read for its digest. */
  readonly taken: boolean;
  /** Where it comes to lie in the new file. */
  readonly at: number;
  /** New bytes that come just before it. */
  readonly before: readonly Uint8Array[];
}

/** How many bytes the source and the new file begin with alike, as far as the splice tells. */
export function alikeAtFirst({ pieces: [first] }: Splice): number {
  return first?.kind === 'copy' && first.offset === 0 ? first.length : 0;
}

/** The source from its beginning to its end, each byte once. */
function stretches(splice: Splice, size: number): readonly Stretch[] {
  const found: Stretch[] = [];
  let read = 0;
  let at = 0;
  let before: Uint8Array[] = [];
  for (const piece of splice.pieces) {
    if (piece.kind === 'bytes') {
      before.push(piece.bytes);
      at += piece.bytes.length;
      continue;
    }
    const { offset, length } = piece;
    if (offset < read) throw new RangeError('a splice takes over parts of its source in their order');
    if (offset > read) found.push({ from: read, to: offset, taken: false, at, before: [] });
    read = offset + length;
    found.push({ from: offset, to: read, taken: true, at, before });
    at += length;
    before = [];
  }
  return [...found, { from: read, to: size, taken: false, at, before }];
}

/** The same without what is of no use to whom digests are of none: parts that are left out, and what lies in the new file already. */
function notThere(all: readonly Stretch[], there: number): readonly Stretch[] {
  return all.map((stretch) => {
    const { from, to, taken, at } = stretch;
    const skipped = taken ? Math.min(Math.max(0, there - at), to - from) : to - from;
    return { ...stretch, from: from + skipped, at: taken ? at + skipped : at };
  });
}

/**
 * The digests of the source and of the new file. As long as both begin alike there is one; in most wheels only the last files change, so that it
 * is nearly all.
 */
class Digests {
  readonly #input: RunningDigest = runningDigest();
  #output: RunningDigest | null = null;

  /** Bytes that both have next. */
  both(bytes: Uint8Array): void {
    this.#input.add(bytes);
    this.#output?.add(bytes);
  }

  /** Bytes that only the source has. */
  input(bytes: Uint8Array): void {
    this.#output ??= this.#input.fork();
    this.#input.add(bytes);
  }

  /** Bytes that only the new file has. */
  output(bytes: Uint8Array): void {
    this.#output ??= this.#input.fork();
    this.#output.add(bytes);
  }

  end(): SpliceDigests {
    const output = (this.#output ?? this.#input.fork()).digest();
    return { input: this.#input.digest(), output };
  }
}

/**
 * Puts bytes into the new file; resolves when their buffer may be used for something else, and is null where it may at once. `target` is null where the
 * new file is only reckoned.
 */
function put(target: SpliceTarget | null, bytes: Uint8Array, at: number): Promise<void> | null {
  if (target === null || at + bytes.length <= target.there) return null;
  const written = target.begun.then(() => writeAll(target.handle, bytes, at));
  // Awaited by whoever called; until then a failure must not count as one that nobody looks at.
  written.catch(() => undefined);
  return written;
}

async function writeAll(handle: FileHandle, bytes: Uint8Array, at: number): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    const { bytesWritten } = await handle.write(bytes, done, bytes.length - done, at + done);
    done += bytesWritten;
  }
}

async function putBefore(target: SpliceTarget | null, { at, before }: Stretch, digests: Digests | null): Promise<void> {
  let begin = at - before.reduce((sum, bytes) => sum + bytes.length, 0);
  for (const bytes of before) {
    digests?.output(bytes);
    await put(target, bytes, begin);
    begin += bytes.length;
  }
}

interface Step {
  readonly stretch: Stretch;
  readonly from: number;
  readonly length: number;
}

function* stepsOf(all: readonly Stretch[]): Generator<Step> {
  for (const stretch of all) {
    for (let from = stretch.from; from < stretch.to || from === stretch.from; from += STEP) {
      yield { stretch, from, length: Math.min(STEP, stretch.to - from) };
    }
  }
}

/** One pass over the source: both digests, and of the new file what is not there yet. */
export async function passOver(pass: SplicePass, target: SpliceTarget | null): Promise<SpliceDigests> {
  const digests = new Digests();
  await stepOver(pass, stretches(pass.splice, pass.source.size), target, digests);
  return digests.end();
}

/** Of the new file what is not there yet; nothing else is read. */
export async function passWithoutDigests(pass: SplicePass, target: SpliceTarget): Promise<void> {
  const all = stretches(pass.splice, pass.source.size);
  await stepOver(pass, notThere(all, target.there), target, null);
}

/** While one part is reckoned, the next is read and the last is written. */
async function stepOver(
  { source }: SplicePass,
  all: readonly Stretch[],
  target: SpliceTarget | null,
  digests: Digests | null,
): Promise<void> {
  const buffers = Array.from({ length: BUFFERS }, () => Buffer.allocUnsafeSlow(STEP));
  const busy: (Promise<void> | null)[] = buffers.map(() => null);
  const steps = [...stepsOf(all)];
  // Asks for the bytes before it returns wherever it can: what is asked for a turn later comes after the digest, which takes the thread meanwhile.
  const read = (index: number): Promise<Uint8Array> => {
    const slot = index % BUFFERS;
    const { from, length } = steps[index] ?? { from: 0, length: 0 };
    const bytes = (buffers[slot] ?? Buffer.alloc(0)).subarray(0, length);
    const fill = async (): Promise<Uint8Array> => {
      if (length > 0) await source.readInto(bytes, from);
      return bytes;
    };
    const writing = busy[slot] ?? null;
    busy[slot] = null;
    return writing === null ? fill() : writing.then(fill);
  };
  let next = read(0);
  for (const [index, { stretch, from }] of steps.entries()) {
    const bytes = await next;
    next = read(index + 1);
    next.catch(() => undefined);
    if (from === stretch.from) await putBefore(target, stretch, digests);
    if (stretch.taken) busy[index % BUFFERS] = put(target, bytes, stretch.at + from - stretch.from);
    if (stretch.taken) digests?.both(bytes);
    else digests?.input(bytes);
  }
  await Promise.all([...busy, target?.begun]);
  await source.check();
}
