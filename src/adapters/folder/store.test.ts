import { mkdir, mkdtemp, readdir, readFile, rename, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { StoreKey } from '../../domain/store-key.ts';
import { artifactStoreContract, failureOf, keyOf, keysIn } from '../../testing/artifact-store-contract.ts';
import { memoryStores, sha256Of } from '../../testing/memory-store.ts';
import { folderStore } from './store.ts';

artifactStoreContract('a folder', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'signalbox-store-'));
  return {
    store: folderStore(join(dir, 'a')),
    neighbour: folderStore(join(dir, 'b')),
    elsewhere: memoryStores().store('c'),
    plant: async (key, bytes) => {
      const path = join(dir, 'a', key);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, bytes);
    },
    smallestPart: 4096,
    close: () => rm(dir, { recursive: true }),
  };
});

const put = (root: string, key: string, text: string): Promise<unknown> =>
  folderStore(root).put(
    keyOf(key),
    { bytes: Buffer.from(text) },
    { sha256: sha256Of(text), served: { contentType: 'text/plain', cacheControl: null }, onlyIf: null },
  );

describe('a store in a folder', () => {
  let dir = '';
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'signalbox-store-'));
  });
  afterEach(() => rm(dir, { recursive: true }));

  it('keeps what it recorded when the folder moves, and when another process opens it', async () => {
    await put(join(dir, 'a'), 'x/file', 'bytes');
    await rename(join(dir, 'a'), join(dir, 'b'));
    expect(await folderStore(join(dir, 'b')).look(keyOf('x/file'))).toMatchObject({ sha256: sha256Of('bytes') });
  });

  it('has the object as a plain file, and nothing else where it lies', async () => {
    await put(dir, 'x/file', 'bytes');
    expect(await readFile(join(dir, 'x', 'file'), 'utf8')).toBe('bytes');
    expect(await readdir(join(dir, 'x'))).toEqual(['file']);
    expect(await keysIn(folderStore(dir), '')).toEqual(['x/file']);
    expect(await readdir(join(dir, '.signalbox-store', 'temporary'))).toEqual([]);
  });

  it('claims no digest for a file that was changed by other hands', async () => {
    await put(dir, 'file', 'bytes');
    await writeFile(join(dir, 'file'), 'BYTES');
    await utimes(join(dir, 'file'), 1, 1);
    expect(await folderStore(dir).look(keyOf('file'))).toMatchObject({ size: 5, sha256: null });
  });

  it('claims no digest where its record is broken', async () => {
    await put(dir, 'file', 'bytes');
    await writeFile(join(dir, '.signalbox-store', 'records', 'file', '.json'), '{"size":');
    expect(await folderStore(dir).look(keyOf('file'))).toMatchObject({ size: 5, sha256: null });
  });

  it('lists and reads nothing through a link, and writes nothing through one', async () => {
    await mkdir(join(dir, 'outside'));
    await writeFile(join(dir, 'outside', 'secret'), 'secret');
    await mkdir(join(dir, 'root'));
    await symlink(join(dir, 'outside'), join(dir, 'root', 'folder'));
    await symlink(join(dir, 'outside', 'secret'), join(dir, 'root', 'file'));
    const store = folderStore(join(dir, 'root'));
    const pages = [];
    for await (const page of store.list('')) pages.push(page);
    expect(pages).toEqual([{ objects: [], strange: ['file', 'folder'] }]);
    expect(await keysIn(store, 'folder/')).toEqual([]);
    expect(await failureOf(store.look(keyOf('folder/secret')))).toBe('invalid');
    expect(await failureOf(store.look(keyOf('file')))).toBe('invalid');
    expect(await failureOf(put(join(dir, 'root'), 'folder/new', 'x'))).toBe('invalid');
    expect(await failureOf(store.source(keyOf('folder/secret')).read(0, 1))).not.toBe('none');
    expect(await failureOf(store.source(keyOf('file')).read(0, 1))).not.toBe('none');
    expect(await readdir(join(dir, 'outside'))).toEqual(['secret']);
  });

  it('tells names that are no keys', async () => {
    await writeFile(join(dir, 'new\nline'), '');
    await writeFile(join(dir, 'back\\slash'), '');
    const pages = [];
    for await (const page of folderStore(dir).list('')) pages.push(page);
    expect(pages).toEqual([{ objects: [], strange: ['back\\slash', 'new\nline'] }]);
  });

  it('keeps its own records out of reach', async () => {
    await put(dir, 'file', 'bytes');
    const store = folderStore(dir);
    const own = keyOf('.signalbox-store/records/file/.json');
    expect(await failureOf(store.look(own))).toBe('invalid');
    expect(await failureOf(put(dir, '.signalbox-store/x', 'x'))).toBe('invalid');
    expect(await keysIn(store, '.signalbox-store/')).toEqual([]);
  });

  it('takes away what a write left that was killed days ago, and nothing younger', async () => {
    const temporary = join(dir, '.signalbox-store', 'temporary');
    await mkdir(temporary, { recursive: true });
    for (const name of ['old', 'young']) await writeFile(join(temporary, name), 'half');
    await utimes(join(temporary, 'old'), 1, 1);
    await put(dir, 'file', 'x');
    expect(await readdir(temporary)).toEqual(['young']);
  });

  it('says that a name cannot be a file and a folder', async () => {
    await put(dir, 'name', 'x');
    expect(await failureOf(put(dir, 'name/below', 'x'))).toBe('invalid');
    await put(dir, 'folder/below', 'x');
    expect(await failureOf(put(dir, 'folder', 'x'))).toBe('invalid');
  });

  it('is a failure where its folder is not there, not an empty store', async () => {
    const store = folderStore(join(dir, 'none'));
    expect(await failureOf(keysIn(store, ''))).toBe('missing');
    expect(await failureOf(store.look(keyOf('file')))).toBe('missing');
  });

  it('leaves no folders behind when the last object below is removed', async () => {
    await put(dir, 'a/b/c', 'x');
    await folderStore(dir).remove(keyOf('a/b/c'), null);
    expect(await readdir(dir)).toEqual(['.signalbox-store']);
  });

  it('writes into a folder that others empty, and therefore take away, at the same moment', async () => {
    const come = Array.from({ length: 24 }, async (_, index) => {
      for (let round = 0; round < 12; round += 1) {
        const key = `a/b/${index}`;
        await put(dir, key, `${round}`);
        await folderStore(dir).remove(keyOf(key), null);
      }
    });
    expect((await Promise.allSettled(come)).filter(({ status }) => status === 'rejected')).toEqual([]);
    expect(await readdir(dir)).toEqual(['.signalbox-store']);
  });
});

describe('a name in a store', () => {
  it.each([
    '',
    '/',
    '/a',
    'a/',
    'a//b',
    '.',
    '..',
    '../a',
    'a/../b',
    'a/.',
    'a\\b',
    'a\nb',
    'a\0',
    '\u007f',
    '\ud800',
    'x'.repeat(256),
    `${'a/'.repeat(600)}a`,
  ])('is not %j', (text) => {
    expect(StoreKey.safeParse(text).success).toBe(false);
  });
});
