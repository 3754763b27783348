import { link, mkdir, open, rename, stat, unlink, type FileHandle } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import { basename, dirname, join } from 'node:path';
import type { Splice } from '../../domain/byte-source.ts';
import type { Digest } from '../../domain/canonical-json.ts';
import { runningDigest, type RunningDigest } from '../../domain/sha256.ts';
import { openFile, type FileSource } from './file-source.ts';

/** Why a file is not written where it was to be. */
export class TargetError extends Error {
  readonly code: 'refused' | 'unwritable';

  constructor(code: TargetError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'TargetError';
    this.code = code;
  }
}

export interface SpliceWork {
  readonly source: FileSource;
  readonly splice: Splice;
  readonly target: string;
  /** Another reckoner of digests than SHA-256, to measure what that costs. */
  readonly reckoner?: () => RunningDigest;
}

export interface SpliceReceipt {
  /** Of the whole source. */
  readonly input: Digest;
  /** Of the new file. */
  readonly output: Digest;
  /** `adopted`: the very same bytes lay there already. */
  readonly outcome: 'written' | 'adopted';
}

/** Large enough that a call costs nothing beside its bytes, small enough that three are held. */
const STEP = 512 * 1024;
const BUFFERS = 3;

/** A part of the source in the order of the file: taken over, or only read for its digest; `before` is written first. */
interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly taken: boolean;
  readonly before: readonly Uint8Array[];
}

/** The source from its beginning to its end, each byte once. */
function stretches(splice: Splice, size: number): readonly Stretch[] {
  const found: Stretch[] = [];
  let at = 0;
  let before: Uint8Array[] = [];
  for (const piece of splice.pieces) {
    if (piece.kind === 'bytes') {
      before.push(piece.bytes);
      continue;
    }
    if (piece.offset < at) throw new RangeError('a splice takes over parts of its source in their order');
    if (piece.offset > at) found.push({ from: at, to: piece.offset, taken: false, before: [] });
    at = piece.offset + piece.length;
    found.push({ from: piece.offset, to: at, taken: true, before });
    before = [];
  }
  return [...found, { from: at, to: size, taken: false, before }];
}

/**
 * The digests of the source and of the new file. As long as both begin alike there is one; in most wheels only the last files change, so that it
 * is nearly all.
 */
class Digests {
  readonly #input: RunningDigest;
  #output: RunningDigest | null = null;

  constructor(reckoner: () => RunningDigest) {
    this.#input = reckoner();
  }

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

  end(): { readonly input: Digest; readonly output: Digest } {
    const output = (this.#output ?? this.#input.fork()).digest();
    return { input: this.#input.digest(), output };
  }
}

/** Writes one after the other; null instead of a file where the new one is only reckoned. */
class Writer {
  readonly #handle: FileHandle | null;
  #at = 0;

  constructor(handle: FileHandle | null) {
    this.#handle = handle;
  }

  /** Resolves when the bytes may be used for something else. */
  add(bytes: Uint8Array): Promise<void> {
    const at = this.#at;
    this.#at += bytes.length;
    const written = this.#handle === null ? Promise.resolve() : writeAll(this.#handle, bytes, at);
    // Awaited by whoever called; until then a failure must not count as one that nobody looks at.
    written.catch(() => undefined);
    return written;
  }
}

async function writeAll(handle: FileHandle, bytes: Uint8Array, at: number): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    const { bytesWritten } = await handle.write(bytes, done, bytes.length - done, at + done);
    done += bytesWritten;
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

/** One pass over the source: both digests, and the new file. While one part is reckoned, the next is read and the last is written. */
async function pass(
  { source, splice, reckoner = runningDigest }: SpliceWork,
  target: FileHandle | null,
): Promise<Omit<SpliceReceipt, 'outcome'>> {
  const digests = new Digests(reckoner);
  const writer = new Writer(target);
  const buffers = Array.from({ length: BUFFERS }, () => Buffer.allocUnsafeSlow(STEP));
  const free: Promise<void>[] = buffers.map(() => Promise.resolve());
  const steps = [...stepsOf(stretches(splice, source.size))];
  const read = async (index: number): Promise<Uint8Array> => {
    const step = steps[index];
    const slot = index % BUFFERS;
    await free[slot];
    const bytes = (buffers[slot] ?? Buffer.alloc(0)).subarray(0, step?.length ?? 0);
    if (step !== undefined && bytes.length > 0) await source.readInto(bytes, step.from);
    return bytes;
  };
  let next = read(0);
  for (const [index, { stretch, from }] of steps.entries()) {
    const bytes = await next;
    next = read(index + 1);
    next.catch(() => undefined);
    for (const before of from === stretch.from ? stretch.before : []) {
      digests.output(before);
      await writer.add(before);
    }
    if (stretch.taken) free[index % BUFFERS] = writer.add(bytes);
    if (stretch.taken) digests.both(bytes);
    else digests.input(bytes);
  }
  await Promise.all(free);
  await source.check();
  return digests.end();
}

async function sizeOf(path: string): Promise<number | null> {
  const facts = await stat(path).catch(() => null);
  if (facts === null) return null;
  if (!facts.isFile())
    throw new TargetError('refused', `${path} is there already and is no plain file. Choose another folder.`);
  return facts.size;
}

async function digestOfFile(path: string): Promise<Digest> {
  const source = await openFile(path);
  try {
    const digest = runningDigest();
    for await (const piece of source.stream(0, source.size)) digest.add(piece);
    return digest.digest();
  } finally {
    await source.close();
  }
}

function otherFile(path: string): TargetError {
  return new TargetError(
    'refused',
    `${path} is there already with other bytes. It was left as it is: move it away, or choose another folder.`,
  );
}

/** Where something lies already: it is the same, or the end. Nothing is written. */
async function adopt(work: SpliceWork): Promise<SpliceReceipt> {
  if ((await sizeOf(work.target)) !== work.splice.size) throw otherFile(work.target);
  const digests = await pass(work, null);
  if ((await digestOfFile(work.target)) !== digests.output) throw otherFile(work.target);
  return { ...digests, outcome: 'adopted' };
}

function codeOf(error: unknown): string | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null;
}

/** Puts the finished file under its name, and says whether the very same has come there meanwhile. */
async function place(temporary: string, target: string, digest: Digest): Promise<SpliceReceipt['outcome']> {
  try {
    await link(temporary, target);
  } catch (error) {
    const code = codeOf(error);
    if (code === 'EEXIST') {
      if ((await digestOfFile(target)) !== digest) throw otherFile(target);
      await unlink(temporary);
      return 'adopted';
    }
    // File systems without hard links: between the look and the renaming something may come, which nothing can be done about there.
    if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'ENOSYS') throw error;
    await rename(temporary, target);
    return 'written';
  }
  await unlink(temporary);
  const folder = await open(dirname(target), 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
  return 'written';
}

async function writeTemporary(work: SpliceWork, temporary: string): Promise<SpliceReceipt> {
  const handle = await open(temporary, 'wx', 0o644);
  let digests: Omit<SpliceReceipt, 'outcome'>;
  try {
    digests = await pass(work, handle);
    await handle.sync();
  } finally {
    await handle.close();
  }
  const written = await sizeOf(temporary);
  if (written !== work.splice.size) throw new RangeError(`a splice of ${work.splice.size} bytes became ${written}`);
  return { ...digests, outcome: await place(temporary, work.target, digests.output) };
}

/**
 * Makes the file that a splice describes: written under another name, brought to the disk, then put in its place. What is there already is never
 * written over: the very same is adopted, anything else refused.
 */
export async function writeSplice(work: SpliceWork): Promise<SpliceReceipt> {
  const { target } = work;
  if ((await sizeOf(target)) !== null) return adopt(work);
  const temporary = join(dirname(target), `.${basename(target)}.${randomUUID()}.part`);
  try {
    await mkdir(dirname(target), { recursive: true });
    return await writeTemporary(work, temporary);
  } catch (error) {
    await unlink(temporary).catch(() => undefined);
    const code = codeOf(error);
    // What has a code of the system, and is no failure of the source, is of the place where it is written.
    if (code === null || !/^E[A-Z]+$/.test(code)) throw error;
    throw new TargetError('unwritable', `${target} cannot be written (${code})`, { cause: error });
  }
}
