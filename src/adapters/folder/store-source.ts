import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { ByteSourceError, type ByteSource } from '../../domain/byte-source.ts';
import { errnoOf } from './store-place.ts';
import type { FileState } from './store-records.ts';

const PIECE = 1024 * 1024;

/** A file whose every read is of one state: the one that `isWanted` accepts at the first read, if it is given. */
export interface PinnedFile {
  readonly path: string;
  readonly name: string;
  /** Whether the state that the first read finds is the one that was asked for. */
  readonly isWanted: (state: FileState) => Promise<boolean>;
  /** Refuses a way to the file that leads through links. */
  readonly checkWay: () => Promise<void>;
}

interface Opened {
  readonly file: FileHandle;
  readonly size: number;
}

function failure(name: string, error: unknown): ByteSourceError {
  if (error instanceof ByteSourceError) return error;
  const code = errnoOf(error);
  const options = { cause: error };
  if (code === 'ENOENT' || code === 'ENOTDIR') return new ByteSourceError('missing', `${name} is not there`, options);
  if (code === 'EACCES' || code === 'EPERM')
    return new ByteSourceError('not-allowed', `${name} may not be read`, options);
  return new ByteSourceError('unreachable', `${name} cannot be read: ${code || String(error)}`, options);
}

export function pinnedFileSource({ path, name, isWanted, checkWay }: PinnedFile): ByteSource {
  let pinned: string | null = null;

  async function checkState(state: FileState & { readonly ino: bigint; isFile(): boolean }): Promise<void> {
    if (!state.isFile()) throw new ByteSourceError('missing', `${name} is no file`);
    const seen = `${state.ino}-${state.size}-${state.mtimeNs}`;
    if (pinned === null && (await isWanted(state))) pinned = seen;
    if (pinned !== seen) throw new ByteSourceError('changed', `${name} is not what it was when it was looked at first`);
  }

  async function withFile<Answer>(work: (opened: Opened) => Promise<Answer>): Promise<Answer> {
    let file: FileHandle | null = null;
    try {
      await checkWay();
      file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
      const state = await file.stat({ bigint: true });
      await checkState(state);
      return await work({ file, size: Number(state.size) });
    } catch (error) {
      throw failure(name, error);
    } finally {
      await file?.close();
    }
  }

  async function readAt({ file, size }: Opened, offset: number, length: number): Promise<Uint8Array> {
    if (offset + length > size)
      throw new ByteSourceError('short', `${name} ends at ${size}, before ${offset + length}`);
    const bytes = Buffer.allocUnsafe(length);
    let done = 0;
    while (done < length) {
      const { bytesRead } = await file.read(bytes, done, length - done, offset + done);
      if (bytesRead === 0) throw new ByteSourceError('changed', `${name} became shorter while it was read`);
      done += bytesRead;
    }
    // Written over in place while it was read: the bytes may be of two states.
    await checkState(await file.stat({ bigint: true }));
    return bytes;
  }

  return {
    name,
    tail: (length) =>
      withFile(async (opened) => {
        const offset = Math.max(0, opened.size - length);
        return { size: opened.size, bytes: await readAt(opened, offset, opened.size - offset) };
      }),
    read: (offset, length) => withFile((opened) => readAt(opened, offset, length)),
    stream: async function* stream(offset, length) {
      for (let at = offset; at < offset + length; at += PIECE) {
        const piece = Math.min(PIECE, offset + length - at);
        yield await withFile((opened) => readAt(opened, at, piece));
      }
    },
  };
}
