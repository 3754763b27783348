import { link, mkdir, open, rename, stat, unlink, type FileHandle } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import { basename, dirname, join } from 'node:path';
import type { Digest } from '../../domain/canonical-json.ts';
import { runningDigest } from '../../domain/sha256.ts';
import { openFile } from './file-source.ts';
import {
  alikeAtFirst,
  passOver,
  passWithoutDigests,
  type SpliceDigests,
  type SplicePass,
  type SpliceTarget,
} from './splice-pass.ts';

/** Why a file is not written where it was to be. */
export class TargetError extends Error {
  readonly code: 'refused' | 'unwritable';

  constructor(code: TargetError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'TargetError';
    this.code = code;
  }
}

export interface SpliceWork extends SplicePass {
  readonly target: string;
}

export interface SpliceReceipt extends SpliceDigests {
  /** `adopted`: the very same bytes lay there already. */
  readonly outcome: 'written' | 'adopted';
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
  const digests = await passOver(work, null);
  if ((await digestOfFile(work.target)) !== digests.output) throw otherFile(work.target);
  return { ...digests, outcome: 'adopted' };
}

function codeOf(error: unknown): string | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null;
}

/** Puts the finished file under its name, and says whether the very same has come there meanwhile; without a digest nothing is the same. */
async function place(temporary: string, target: string, digest: Digest | null): Promise<SpliceReceipt['outcome']> {
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
  return 'written';
}

/** Has the system copy the whole source where most of it is taken over as its beginning; what is too much is cut off, what is other comes after. */
async function beginWithCopy(
  { source }: SpliceWork,
  temporary: string,
  handle: FileHandle,
  alike: number,
): Promise<void> {
  const { mode } = await handle.stat();
  await source.copyTo(temporary);
  // A copy has the permissions of the source, which may be one that nobody may write to.
  await handle.chmod(mode & 0o777);
  await handle.truncate(alike);
}

function targetOf(work: SpliceWork, temporary: string, handle: FileHandle): SpliceTarget {
  const alike = alikeAtFirst(work.splice);
  const isWorthIt = alike * 2 >= work.source.size;
  const begun = isWorthIt ? beginWithCopy(work, temporary, handle, alike) : Promise.resolve();
  // Awaited before the first byte after it; until then a failure must not count as one that nobody looks at.
  begun.catch(() => undefined);
  return { handle, begun, there: isWorthIt ? alike : 0 };
}

async function writeTemporary<Passed>(
  work: SpliceWork,
  temporary: string,
  pass: (work: SpliceWork, target: SpliceTarget) => Promise<Passed>,
): Promise<Passed> {
  const handle = await open(temporary, 'wx', 0o644);
  let passed: Passed;
  const target = targetOf(work, temporary, handle);
  try {
    passed = await pass(work, target);
  } finally {
    await target.begun.catch(() => undefined);
    await handle.close();
  }
  const written = await sizeOf(temporary);
  if (written !== work.splice.size) throw new RangeError(`a splice of ${work.splice.size} bytes became ${written}`);
  return passed;
}

/** Writes under another name, and has it put in its place; leaves nothing behind where that fails. */
async function beside<Made>(target: string, make: (temporary: string) => Promise<Made>): Promise<Made> {
  const temporary = join(dirname(target), `.${basename(target)}.${randomUUID()}.part`);
  try {
    await mkdir(dirname(target), { recursive: true });
    return await make(temporary);
  } catch (error) {
    await unlink(temporary).catch(() => undefined);
    const code = codeOf(error);
    // What has a code of the system, and is no failure of the source, is of the place where it is written.
    if (code === null || !/^E[A-Z]+$/.test(code)) throw error;
    throw new TargetError('unwritable', `${target} cannot be written (${code})`, { cause: error });
  }
}

/**
 * Makes the file that a splice describes: written under another name, then put in its place. What is there already is never written over: the very
 * same is adopted, anything else refused. Whether the system has brought it to the disk is not waited for (docs/decisions/0120).
 */
export async function writeSplice(work: SpliceWork): Promise<SpliceReceipt> {
  const { target } = work;
  if ((await sizeOf(target)) !== null) return adopt(work);
  return beside(target, async (temporary) => {
    const digests = await writeTemporary(work, temporary, passOver);
    return { ...digests, outcome: await place(temporary, target, digests.output) };
  });
}

/**
 * The same for whom digests are of no use, which take most of the time: what the system copies is not read. Whatever lies there already is refused, since
 * nobody knows what the file would have been.
 */
export async function writeUndigested(work: SpliceWork): Promise<void> {
  const { target } = work;
  if ((await sizeOf(target)) !== null) throw otherFile(target);
  await beside(target, async (temporary) => {
    await writeTemporary(work, temporary, passWithoutDigests);
    await place(temporary, target, null);
  });
}
