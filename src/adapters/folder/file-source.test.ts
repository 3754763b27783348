import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, readFile, rename, rm, symlink, truncate, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openFile, type FileSource } from './file-source.ts';

let dir: string;
let path: string;
let opened: FileSource | null = null;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'signalbox-file-source-'));
  path = join(dir, 'torch.whl');
  await writeFile(path, 'abcdefghij');
});
afterEach(async () => {
  await opened?.close();
  opened = null;
  await rm(dir, { recursive: true });
});

async function open(): Promise<FileSource> {
  opened = await openFile(path);
  return opened;
}

const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString();

describe('a file is read', () => {
  it('by its end, and all of it where it is shorter', async () => {
    const source = await open();
    expect(textOf((await source.tail(3)).bytes)).toBe('hij');
    expect(await source.tail(99)).toEqual({ size: 10, bytes: Buffer.from('abcdefghij') });
  });
  it('by ranges and as a stream', async () => {
    const source = await open();
    expect(textOf(await source.read(2, 3))).toBe('cde');
    const pieces: Uint8Array[] = [];
    for await (const piece of source.stream(1, 8)) pieces.push(piece);
    expect(textOf(Buffer.concat(pieces))).toBe('bcdefghi');
  });
  it('also when it is empty', async () => {
    await writeFile(path, '');
    expect(await (await open()).tail(10)).toEqual({ size: 0, bytes: Buffer.alloc(0) });
  });
  it('through a symbolic link', async () => {
    await symlink(path, join(dir, 'link.whl'));
    path = join(dir, 'link.whl');
    expect(textOf(await (await open()).read(0, 1))).toBe('a');
  });
});

describe('a file is copied whole', () => {
  it('over what lies there', async () => {
    await writeFile(join(dir, 'copy'), 'something longer than that');
    await (await open()).copyTo(join(dir, 'copy'));
    expect(await readFile(join(dir, 'copy'), 'utf8')).toBe('abcdefghij');
  });
  it('also when it is empty', async () => {
    await writeFile(path, '');
    await (await open()).copyTo(join(dir, 'copy'));
    expect(await readFile(join(dir, 'copy'), 'utf8')).toBe('');
  });
  it.skipIf(!existsSync('/proc/self/fd'))('as it was opened, when another has come under its name', async () => {
    const source = await open();
    await rename(path, join(dir, 'moved'));
    await writeFile(path, 'another');
    await source.copyTo(join(dir, 'copy'));
    expect(await readFile(join(dir, 'copy'), 'utf8')).toBe('abcdefghij');
  });
  it('not where there is no folder', async () => {
    await expect((await open()).copyTo(join(dir, 'none', 'copy'))).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

describe('a file that is not what it was is changed', () => {
  it.each([
    ['written to', () => writeFile(path, 'ABCDEFGHIJ').then(() => utimes(path, 1, 1))],
    ['longer', () => writeFile(path, 'more', { flag: 'a' })],
    ['replaced', () => writeFile(join(dir, 'new'), 'abcdefghij').then(() => rename(join(dir, 'new'), path))],
    ['removed', () => rm(path)],
  ])('when it is %s', async (_name, change) => {
    const source = await open();
    await source.tail(2);
    await change();
    await expect(source.read(0, 2)).rejects.toMatchObject({ code: 'changed' });
  });
  it('and one that was cut off is short', async () => {
    const source = await open();
    await truncate(path, 4);
    await expect(source.read(0, 8)).rejects.toMatchObject({ code: 'short' });
  });
});

describe('what is no file to read is refused', () => {
  it.each([
    ['nothing there', () => rm(path), 'missing'],
    ['a folder', () => Promise.resolve((path = dir)), 'not-allowed'],
    [
      'a pipe that nobody writes to',
      async () => {
        path = join(dir, 'pipe');
        execFileSync('mkfifo', [path]);
      },
      'not-allowed',
    ],
    ['a path under a file', () => Promise.resolve((path = join(path, 'x'))), 'missing'],
  ])('%s', async (_name, arrange, code) => {
    await arrange();
    await expect(open()).rejects.toMatchObject({ name: 'ByteSourceError', code });
  });
  // Root may read everything.
  it.skipIf(process.getuid?.() === 0)('a file that this user may not read', async () => {
    await chmod(path, 0);
    await expect(open()).rejects.toMatchObject({ code: 'not-allowed' });
  });
  it('more than it has', async () => {
    await expect((await open()).read(5, 6)).rejects.toMatchObject({ code: 'short' });
  });
});
