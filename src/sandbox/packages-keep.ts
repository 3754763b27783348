import { createReadStream, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';

/** A file while it is uploaded: written piece by piece, looked into, then kept or dropped. */
export interface Incoming {
  write(bytes: Uint8Array): Promise<void>;
  read(offset: number, length: number): Promise<Buffer>;
  /** Under this name from now on; what is there already under it is the same. */
  keep(sha256: string): Promise<void>;
  drop(): Promise<void>;
}

/** Where an index keeps its files and what it knows of them. */
export interface Keep {
  begin(): Promise<Incoming>;
  /** `end` is the last byte. */
  stream(sha256: string, start: number, end: number): Readable;
  load(): string | null;
  /** Whole or not at all. */
  save(state: string): void;
}

/** Forgotten at the end. */
export function keepInMemory(): Keep {
  const files = new Map<string, Buffer>();
  let state: string | null = null;
  return {
    begin: async () => {
      const chunks: Uint8Array[] = [];
      let whole: Buffer | null = null;
      const all = (): Buffer => (whole ??= Buffer.concat(chunks));
      return {
        write: async (bytes) => void chunks.push(Uint8Array.from(bytes)),
        read: async (offset, length) => all().subarray(offset, offset + length),
        keep: async (sha256) => void files.set(sha256, all()),
        drop: async () => undefined,
      };
    },
    stream: (sha256, start, end) => Readable.from([(files.get(sha256) ?? Buffer.alloc(0)).subarray(start, end + 1)]),
    load: () => state,
    save: (next) => {
      state = next;
    },
  };
}

/** In a folder that a later index can be started on again. */
export function keepInFolder(dir: string): Keep {
  const stateFile = join(dir, 'packages.json');
  const fileOf = (sha256: string) => join(dir, 'files', sha256);
  mkdirSync(join(dir, 'files'), { recursive: true });
  // What a killed process was writing.
  rmSync(join(dir, 'incoming'), { recursive: true, force: true });
  let count = 0;
  return {
    begin: async () => {
      count += 1;
      const path = join(dir, 'incoming', String(count));
      await mkdir(join(dir, 'incoming'), { recursive: true });
      return incomingFile(path, await open(path, 'w+'), fileOf);
    },
    stream: (sha256, start, end) => createReadStream(fileOf(sha256), { start, end }),
    load: () => (existsSync(stateFile) ? readFileSync(stateFile, 'utf8') : null),
    save: (state) => {
      writeFileSync(`${stateFile}.tmp`, state);
      renameSync(`${stateFile}.tmp`, stateFile);
    },
  };
}

function incomingFile(path: string, handle: FileHandle, fileOf: (sha256: string) => string): Incoming {
  return {
    write: async (bytes) => {
      await handle.write(bytes);
    },
    read: async (offset, length) => {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, offset);
      return buffer.subarray(0, bytesRead);
    },
    keep: async (sha256) => {
      await handle.close();
      await rename(path, fileOf(sha256));
    },
    drop: async () => {
      await handle.close();
      await rm(path, { force: true });
    },
  };
}
