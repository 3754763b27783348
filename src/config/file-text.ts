import { open, readdir } from 'node:fs/promises';

/** Bytes; a real train file has a hundredth of it. */
export const SIZE_LIMIT = 512 * 1024;

/** How train files are read; tests give their own. */
export interface FileReader {
  /** At most `limit` + 1 bytes of a file, so that a longer one is known to be one; null when there is none. Throws when it cannot be read. */
  read(path: string, limit: number): Promise<Uint8Array | null>;
  /** Names of the files in a folder, sorted; empty when there is no such folder. */
  list(folder: string): Promise<readonly string[]>;
}

/** Reads from the disk; never more than the limit, whatever the file is. */
export const diskReader: FileReader = {
  async read(path, limit) {
    const handle = await open(path, 'r').catch((error: unknown) => missingOrThrow(error));
    if (handle === null) return null;
    try {
      if (!(await handle.stat()).isFile()) throw new Error('it is not a file');
      const buffer = new Uint8Array(limit + 1);
      let length = 0;
      for (;;) {
        const { bytesRead } = await handle.read(buffer, length, buffer.length - length);
        length += bytesRead;
        if (bytesRead === 0 || length === buffer.length) return buffer.subarray(0, length);
      }
    } finally {
      await handle.close();
    }
  },
  async list(folder) {
    const names = await readdir(folder).catch((error: unknown) => missingOrThrow(error));
    return (names ?? []).toSorted();
  },
};

function missingOrThrow(error: unknown): null {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT' || code === 'ENOTDIR') return null;
  throw error;
}

/** Text, or why the bytes are none. */
export type Decoded =
  | { readonly text: string }
  | { readonly code: 'not-text' | 'too-large' | 'empty'; readonly reason: string; readonly line: number };

/** The text of a file: UTF-8 without zero bytes, not empty, within the limit. A byte order mark is taken off. */
export function decodeText(bytes: Uint8Array): Decoded {
  if (bytes.length > SIZE_LIMIT) {
    return {
      code: 'too-large',
      line: 1,
      reason: `is larger than ${SIZE_LIMIT / 1024} KiB; a train file is a few pages of text`,
    };
  }
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) {
    return { code: 'not-text', line: 1, reason: 'is saved as UTF-16; save it as UTF-8' };
  }
  const zero = bytes.indexOf(0);
  if (zero !== -1) {
    return {
      code: 'not-text',
      line: lineAt(bytes, zero),
      reason: 'holds a zero byte: it is binary, or cut off by a crash; a train file is UTF-8 text',
    };
  }
  const text = decodeUtf8(bytes);
  if (text === null)
    return { code: 'not-text', line: badLine(bytes), reason: 'is not valid UTF-8 here; save it as UTF-8' };
  if (text.trim() === '') return { code: 'empty', line: 1, reason: 'is empty' };
  return { text };
}

function lineAt(bytes: Uint8Array, end: number): number {
  return bytes.subarray(0, end).reduce((count, byte) => (byte === 0x0a ? count + 1 : count), 1);
}

function decodeUtf8(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) return null;
    throw error;
  }
}

// No byte of a longer UTF-8 sequence is a line feed, so each line can be tried by itself.
function badLine(bytes: Uint8Array): number {
  let start = 0;
  for (let line = 1; ; line += 1) {
    const end = bytes.indexOf(0x0a, start);
    if (end === -1 || decodeUtf8(bytes.subarray(start, end)) === null) return line;
    start = end + 1;
  }
}
