import type { BigIntStats } from 'node:fs';
import { constants, open, stat, type FileHandle } from 'node:fs/promises';
import { ByteSourceError, type ByteSource, type ByteSourceFailure } from '../../domain/byte-source.ts';
import { copyHeld } from './copy-held.ts';

/** A file on this machine, held open: whoever opened it closes it. */
export interface FileSource extends ByteSource {
  readonly path: string;
  /** Of the file when it was opened, in bytes. */
  readonly size: number;
  /** Fills `target` from `offset`, without looking whether the file is still the same: `check` does, at the end of many reads. */
  readInto(target: Uint8Array, offset: number): Promise<void>;
  /** Copies the whole to a path that may be written over, as the system does it fastest: inside the kernel, sharing blocks where it can. */
  copyTo(target: string): Promise<void>;
  /** Throws `changed` when the path does not lead to what was opened, unchanged. */
  check(): Promise<void>;
  close(): Promise<void>;
}

const STEP = 1024 * 1024;

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'unknown';
}

const TOLD: Readonly<Record<string, readonly [ByteSourceFailure, string]>> = {
  ENOENT: ['missing', 'is not there'],
  ENOTDIR: ['missing', 'is not there: a part of its path is a file'],
  EACCES: ['not-allowed', 'may not be read by this user'],
  EPERM: ['not-allowed', 'may not be read by this user'],
};

function failure(path: string, error: unknown): ByteSourceError {
  if (error instanceof ByteSourceError) return error;
  const code = codeOf(error);
  const [why, text] = TOLD[code] ?? ['unreachable', `cannot be read (${code})`];
  return new ByteSourceError(why, `${path} ${text}`, { cause: error });
}

function changed(path: string): ByteSourceError {
  return new ByteSourceError('changed', `${path} was changed while it was read. Wait until whoever writes it is done.`);
}

/** What must stay as it was for two reads to be of one state. */
function same(one: BigIntStats, other: BigIntStats): boolean {
  return one.dev === other.dev && one.ino === other.ino && one.size === other.size && one.mtimeNs === other.mtimeNs;
}

/** Reads into `target` from `offset` until it is full. */
async function fill(path: string, handle: FileHandle, target: Uint8Array, offset: number): Promise<void> {
  for (let at = 0; at < target.length;) {
    const { bytesRead } = await handle.read(target, at, target.length - at, offset + at);
    if (bytesRead === 0) throw new ByteSourceError('short', `${path} ends after ${offset + at} bytes`);
    at += bytesRead;
  }
}

async function openPlain(path: string): Promise<{ readonly handle: FileHandle; readonly first: BigIntStats }> {
  // Not to be kept waiting by a pipe that nobody writes to.
  const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const first = await handle.stat({ bigint: true });
  if (first.isFile()) return { handle, first };
  await handle.close();
  throw new ByteSourceError('not-allowed', `${path} is no plain file${first.isDirectory() ? ' but a folder' : ''}`);
}

/** Opens a file to be read piece by piece. Each read looks whether the path still leads to what was opened, unchanged. */
export async function openFile(path: string): Promise<FileSource> {
  const { handle, first } = await openPlain(path).catch((error: unknown) => {
    throw failure(path, error);
  });
  const size = Number(first.size);
  const check = async (): Promise<void> => {
    const now = await stat(path, { bigint: true }).catch(() => null);
    if (now === null || !same(first, now)) throw changed(path);
  };
  const read = async (offset: number, length: number): Promise<Uint8Array> => {
    try {
      if (offset + length > size) throw new ByteSourceError('short', `${path} ends after ${size} bytes`);
      const bytes = Buffer.allocUnsafeSlow(length);
      await fill(path, handle, bytes, offset);
      await check();
      return bytes;
    } catch (error) {
      throw failure(path, error);
    }
  };
  return {
    name: path,
    path,
    size,
    readInto: (target, offset) =>
      fill(path, handle, target, offset).catch((error: unknown) => {
        throw failure(path, error);
      }),
    copyTo: (target) => copyHeld(path, handle, target),
    check,
    tail: async (length) => {
      const taken = Math.min(length, size);
      return { size, bytes: await read(size - taken, taken) };
    },
    read,
    stream: async function* stream(offset, length) {
      for (let at = 0; at < length; at += STEP) yield await read(offset + at, Math.min(STEP, length - at));
    },
    close: () => handle.close(),
  };
}
