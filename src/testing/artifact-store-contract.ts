import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ByteSourceError, type ByteSource, type Splice } from '../domain/byte-source.ts';
import { splicedBytes } from '../domain/splice.ts';
import { compareKeys, StoreKey } from '../domain/store-key.ts';
import {
  ArtifactStoreError,
  type ArtifactStore,
  type ListedPage,
  type PutDraft,
  type ReadableStore,
} from '../ports/artifact-store.ts';
import { sha256Of } from './memory-store.ts';

/** Two stores of one server, empty at the start, and a third elsewhere. */
export interface StoreHarness {
  readonly store: ArtifactStore;
  readonly neighbour: ArtifactStore;
  readonly elsewhere: ArtifactStore;
  /** Puts an object there by other hands: without a recorded digest. */
  readonly plant: (key: string, bytes: Uint8Array) => Promise<void>;
  /** The smallest piece that the store copies by itself; compositions are tried with pieces around it. */
  readonly smallestPart: number;
  readonly close: () => Promise<void>;
}

const WHEEL = { contentType: 'application/x-wheel', cacheControl: 'max-age=31536000, immutable' };
const PAGE = { contentType: 'text/html; charset=utf-8', cacheControl: 'no-store' };

export const keyOf = (text: string): StoreKey => StoreKey.parse(text);
const bytesOf = (text: string): Uint8Array => Buffer.from(text);

const draftFor = (bytes: Uint8Array, change: Partial<PutDraft> = {}): PutDraft => ({
  sha256: sha256Of(bytes),
  served: WHEEL,
  onlyIf: null,
  ...change,
});

/** The code of what is thrown by the store, or by the source it reads from. */
export async function failureOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    if (error instanceof ArtifactStoreError || error instanceof ByteSourceError) return error.code;
    throw error;
  }
  return 'none';
}

async function gather(pieces: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all: Uint8Array[] = [];
  for await (const piece of pieces) all.push(piece);
  return Buffer.concat(all);
}

async function tailOf(source: ByteSource, length: number): Promise<{ size: number; text: string }> {
  const { size, bytes } = await source.tail(length);
  return { size, text: Buffer.from(bytes).toString() };
}

async function pagesOf(pages: AsyncIterable<ListedPage>): Promise<ListedPage[]> {
  const all: ListedPage[] = [];
  for await (const page of pages) all.push(page);
  return all;
}

export async function keysIn(store: Pick<ReadableStore, 'list'>, prefix: string, after?: StoreKey): Promise<string[]> {
  return (await pagesOf(store.list(prefix, after))).flatMap((page) => page.objects.map(({ key }) => key));
}

/** Bytes that differ at every place, so that a shifted copy is found. */
export function patterned(length: number, seed = 1): Buffer {
  const bytes = Buffer.allocUnsafe(length);
  let state = seed;
  for (let at = 0; at < length; at += 1) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    bytes[at] = state >>> 24;
  }
  return bytes;
}

/** What every `ArtifactStore` does. */
export function artifactStoreContract(name: string, start: () => Promise<StoreHarness>): void {
  describe(`an artifact store: ${name}`, () => {
    let harness: StoreHarness;
    let store: ArtifactStore;
    let made = 0;
    beforeAll(async () => {
      harness = await start();
      ({ store } = harness);
    });
    afterAll(async () => {
      await harness.close();
    });

    /** A prefix of its own for one test. */
    const fresh = (): string => `t${(made += 1)}`;
    const put = (key: string, text: string, change: Partial<PutDraft> = {}) =>
      store.put(keyOf(key), { bytes: bytesOf(text) }, draftFor(bytesOf(text), change));

    it('gives back what was put: bytes, size, digest, and how it is served', async () => {
      const key = keyOf(`${fresh()}/cu126/torch-2.7.0+cu126-cp313-cp313-manylinux_2_28_x86_64.whl`);
      const wheel = bytesOf('a wheel');
      const answer = await store.put(key, { bytes: wheel }, draftFor(wheel));
      expect(answer).toMatchObject({ key, size: 7, sha256: sha256Of(wheel), ...WHEEL });
      expect(await store.look(key)).toEqual(answer);
      expect(await gather(store.source(key).stream(0, 7))).toEqual(Buffer.from(wheel));
    });

    it.each([
      'plain.whl',
      'with space and %41.whl',
      'torch-2.7.0+cu126.whl',
      'quote\'"&<>.html',
      'ünï☃-𝕏.whl',
      '-dash',
      '~tilde',
      '?query#hash',
      'a=b&c=d;e',
      '.hidden/file',
      `${'x'.repeat(200)}.whl`,
    ])('keeps the name %j as it is', async (text) => {
      const prefix = fresh();
      const key = `${prefix}/${text}`;
      await put(key, text);
      expect(await keysIn(store, `${prefix}/`)).toEqual([key]);
      expect(await store.look(keyOf(key))).toMatchObject({ key, size: bytesOf(text).length });
      const copied = keyOf(`${prefix}/copy of/${text}`);
      const draft = { size: bytesOf(text).length, sha256: sha256Of(text), served: null, onlyIf: null };
      await store.copy(store.source(keyOf(key)), copied, draft);
      expect(await gather(store.source(copied).stream(0, draft.size))).toEqual(Buffer.from(text));
    });

    it('takes a stream, and shows nothing of it before it is whole', async () => {
      const key = keyOf(`${fresh()}/streamed.whl`);
      const pieces = [bytesOf('one,'), bytesOf(''), bytesOf('two')];
      const seen: unknown[] = [];
      async function* stream(): AsyncGenerator<Uint8Array> {
        for (const piece of pieces) {
          yield piece;
          seen.push(await store.look(key));
        }
      }
      await store.put(key, { size: 7, stream: stream() }, draftFor(bytesOf('one,two')));
      expect(seen).toEqual([null, null, null]);
      expect(await gather(store.source(key).stream(0, 7))).toEqual(Buffer.from('one,two'));
    });

    it('holds an empty object', async () => {
      const key = keyOf(`${fresh()}/empty`);
      expect(await store.put(key, { bytes: bytesOf('') }, draftFor(bytesOf('')))).toMatchObject({ size: 0 });
      expect(await tailOf(store.source(key), 10)).toEqual({ size: 0, text: '' });
    });

    it.each([
      ['of another digest', { size: 5, text: 'wrong' }],
      ['that is too short', { size: 6, text: 'right' }],
      ['that is too long', { size: 4, text: 'right' }],
    ])('refuses a stream %s, and keeps what was there', async (_name, { size, text }) => {
      const prefix = fresh();
      await put(`${prefix}/file`, 'before');
      async function* stream(): AsyncGenerator<Uint8Array> {
        yield bytesOf(text);
      }
      const writing = store.put(keyOf(`${prefix}/file`), { size, stream: stream() }, draftFor(bytesOf('right')));
      expect(await failureOf(writing)).toBe('mismatch');
      expect(await store.look(keyOf(`${prefix}/file`))).toMatchObject({ sha256: sha256Of('before') });
      expect(await keysIn(store, prefix)).toEqual([`${prefix}/file`]);
    });

    it('refuses bytes of another digest than promised', async () => {
      const key = keyOf(`${fresh()}/file`);
      const writing = store.put(key, { bytes: bytesOf('wrong') }, draftFor(bytesOf('right')));
      expect(await failureOf(writing)).toBe('mismatch');
      expect(await store.look(key)).toBeNull();
    });

    it('passes on what the stream itself throws, and writes nothing', async () => {
      const key = keyOf(`${fresh()}/file`);
      async function* stream(): AsyncGenerator<Uint8Array> {
        yield bytesOf('begin');
        throw new ByteSourceError('changed', 'the source was written again');
      }
      expect(await failureOf(store.put(key, { size: 9, stream: stream() }, draftFor(bytesOf('x'))))).toBe('changed');
      expect(await store.look(key)).toBeNull();
    });

    it('writes only where nothing is, if so asked', async () => {
      const key = `${fresh()}/once`;
      await put(key, 'first', { onlyIf: 'absent' });
      expect(await failureOf(put(key, 'second', { onlyIf: 'absent' }))).toBe('exists');
      expect(await store.look(keyOf(key))).toMatchObject({ sha256: sha256Of('first') });
    });

    it('writes only over the state that was looked at, if so asked', async () => {
      const key = `${fresh()}/index.html`;
      const first = await put(key, 'first', { served: PAGE });
      const second = await put(key, 'second', { served: PAGE, onlyIf: { etag: first.etag } });
      expect(await failureOf(put(key, 'third', { onlyIf: { etag: first.etag } }))).toBe('changed');
      expect(await store.look(keyOf(key))).toEqual(second);
      expect(await failureOf(put(`${key}.new`, 'x', { onlyIf: { etag: first.etag } }))).toBe('changed');
    });

    it('does not change its ETag when nothing is written, and does when other bytes are', async () => {
      const key = `${fresh()}/file`;
      const first = await put(key, 'aaaa');
      expect((await store.look(keyOf(key)))?.etag).toBe(first.etag);
      expect((await put(key, 'bbbb')).etag).not.toBe(first.etag);
    });

    it('lists sorted by the bytes of the names, from a prefix, after a key, with size and ETag', async () => {
      const prefix = fresh();
      const names = ['a', 'a-b', 'a.c/x', 'b/c', 'b-', 'b/c0', 'b0', 'é', 'zz', '\u{1d54f}', '\uffee'];
      for (const each of names) await put(`${prefix}/${each}`, each);
      const sorted = names
        .map((each) => `${prefix}/${each}`)
        .toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
      expect(await keysIn(store, `${prefix}/`)).toEqual(sorted);
      expect(sorted).toEqual(sorted.toSorted(compareKeys));
      expect(await keysIn(store, `${prefix}/b`)).toEqual(sorted.filter((key) => key.startsWith(`${prefix}/b`)));
      expect(await keysIn(store, `${prefix}/b/`)).toEqual([`${prefix}/b/c`, `${prefix}/b/c0`]);
      expect(await keysIn(store, `${prefix}/`, keyOf(`${prefix}/b/c`))).toEqual(
        sorted.filter((key) => compareKeys(key, `${prefix}/b/c`) > 0),
      );
      expect(await keysIn(store, `${prefix}/none`)).toEqual([]);
      const [page] = await pagesOf(store.list(`${prefix}/a-`));
      const looked = await store.look(keyOf(`${prefix}/a-b`));
      expect(page?.objects).toMatchObject([{ size: 3, etag: looked?.etag, modified: looked?.modified }]);
      expect([null, looked?.sha256]).toContain(page?.objects[0]?.sha256);
    });

    it('lists more than one page, once each and in order', async () => {
      const prefix = fresh();
      const names = Array.from({ length: 1005 }, (_each, index) => `${prefix}/${String(index).padStart(4, '0')}`);
      for (let at = 0; at < names.length; at += 64)
        await Promise.all(names.slice(at, at + 64).map((key) => put(key, '')));
      const pages = await pagesOf(store.list(`${prefix}/`));
      expect(pages.length).toBeGreaterThan(1);
      expect(pages.flatMap((page) => page.objects.map(({ key }) => key))).toEqual(names);
    });

    it('says null of what is not there, also of what only others lie below', async () => {
      const prefix = fresh();
      await put(`${prefix}/folder/file`, 'x');
      expect(await store.look(keyOf(`${prefix}/folder`))).toBeNull();
      expect(await store.look(keyOf(`${prefix}/other`))).toBeNull();
      expect(await failureOf(store.source(keyOf(`${prefix}/other`)).read(0, 1))).toBe('missing');
      expect(await failureOf(store.source(keyOf(`${prefix}/other`)).tail(1))).toBe('missing');
    });

    it('reads any range, and says when there is less', async () => {
      const key = `${fresh()}/file`;
      await put(key, '0123456789');
      const source = store.source(keyOf(key));
      expect(Buffer.from(await source.read(2, 3)).toString()).toBe('234');
      expect((await source.read(4, 0)).length).toBe(0);
      expect(await tailOf(source, 4)).toEqual({ size: 10, text: '6789' });
      expect((await source.tail(100)).bytes.length).toBe(10);
      expect(await gather(source.stream(1, 8))).toEqual(Buffer.from('12345678'));
      expect(await failureOf(source.read(8, 3))).toBe('short');
      expect(await failureOf(source.read(20, 1))).toBe('short');
      expect(await failureOf(gather(source.stream(5, 6)))).toBe('short');
    });

    it('never mixes two states: what was written again is changed, for a source that has read and for one with an ETag', async () => {
      const key = `${fresh()}/file`;
      const first = await put(key, 'first state');
      const source = store.source(keyOf(key));
      await source.read(0, 1);
      await put(key, 'second one!');
      expect(await failureOf(source.read(5, 3))).toBe('changed');
      expect(await failureOf(source.tail(3))).toBe('changed');
      expect(await failureOf(store.source(keyOf(key), first.etag).tail(3))).toBe('changed');
      expect(Buffer.from(await store.source(keyOf(key)).read(0, 6)).toString()).toBe('second');
    });

    it('copies inside the store and from its neighbour: bytes, digest, and how it is served', async () => {
      const prefix = fresh();
      const wheel = bytesOf('a wheel');
      await put(`${prefix}/from`, 'a wheel');
      await harness.neighbour.put(keyOf(`${prefix}/there`), { bytes: wheel }, draftFor(wheel, { served: PAGE }));
      const draft = { size: 7, sha256: sha256Of('a wheel'), served: null, onlyIf: null };
      const copied = await store.copy(store.source(keyOf(`${prefix}/from`)), keyOf(`${prefix}/to`), draft);
      expect(copied).toMatchObject({ size: 7, sha256: sha256Of('a wheel'), ...WHEEL });
      const there = harness.neighbour.source(keyOf(`${prefix}/there`));
      expect(store.reaches(there)).toBe(true);
      expect(await store.copy(there, keyOf(`${prefix}/two`), draft)).toMatchObject({
        sha256: sha256Of('a wheel'),
        ...PAGE,
      });
      expect(await gather(store.source(keyOf(`${prefix}/two`)).stream(0, 7))).toEqual(Buffer.from(wheel));
    });

    it('copies nothing from elsewhere, and says so beforehand', async () => {
      const key = keyOf(`${fresh()}/file`);
      await harness.elsewhere.put(key, { bytes: bytesOf('x') }, draftFor(bytesOf('x')));
      const from = harness.elsewhere.source(key);
      expect(store.reaches(from)).toBe(false);
      expect(await failureOf(store.copy(from, key, { size: 1, sha256: null, served: null, onlyIf: null }))).toBe(
        'not-here',
      );
    });

    it('records a digest with an object that has none, by copying it onto itself', async () => {
      const key = `${fresh()}/nightly.whl`;
      await harness.plant(key, bytesOf('planted'));
      const there = await store.look(keyOf(key));
      expect(there).toMatchObject({ size: 7, sha256: null });
      const source = store.source(keyOf(key), there?.etag);
      const carried = { size: 7, sha256: null, served: null, onlyIf: null };
      await store.copy(source, keyOf(`${key}.copy`), carried);
      const mended = await store.copy(source, keyOf(key), { ...carried, sha256: sha256Of('planted'), served: WHEEL });
      expect(mended).toMatchObject({ size: 7, sha256: sha256Of('planted'), ...WHEEL });
    });

    it('refuses a copy that is not what was expected: size, digest, state, or nothing at all', async () => {
      const prefix = fresh();
      const first = await put(`${prefix}/from`, 'a wheel');
      const to = keyOf(`${prefix}/to`);
      const from = store.source(keyOf(`${prefix}/from`), first.etag);
      const draft = { size: 7, sha256: sha256Of('a wheel'), served: null, onlyIf: null };
      expect(await failureOf(store.copy(from, to, { ...draft, size: 8 }))).toBe('mismatch');
      expect(await failureOf(store.copy(from, to, { ...draft, sha256: sha256Of('another') }))).toBe('mismatch');
      await put(`${prefix}/from`, 'another');
      expect(await failureOf(store.copy(from, to, draft))).toBe('changed');
      const none = store.source(keyOf(`${prefix}/none`));
      expect(await failureOf(store.copy(none, keyOf(`${prefix}/never`), draft))).toBe('missing');
      expect(await store.look(keyOf(`${prefix}/never`))).toBeNull();
    });

    it('copies only where nothing is, if so asked', async () => {
      const prefix = fresh();
      await put(`${prefix}/from`, 'a wheel');
      await put(`${prefix}/to`, 'released');
      const draft = { size: 7, sha256: null, served: null, onlyIf: 'absent' as const };
      const source = store.source(keyOf(`${prefix}/from`));
      expect(await failureOf(store.copy(source, keyOf(`${prefix}/to`), draft))).toBe('exists');
      expect(await store.look(keyOf(`${prefix}/to`))).toMatchObject({ sha256: sha256Of('released') });
    });

    describe('composing a new object out of another', () => {
      const shapes: readonly (readonly [string, (size: number) => Splice['pieces']])[] = [
        [
          'all of it and more behind',
          (size) => [
            { kind: 'copy', offset: 0, length: size },
            { kind: 'bytes', bytes: bytesOf('tail') },
          ],
        ],
        [
          'new bytes before it',
          (size) => [
            { kind: 'bytes', bytes: bytesOf('head') },
            { kind: 'copy', offset: 0, length: size },
          ],
        ],
        [
          'a few bytes changed in the middle and at the end',
          (size) => [
            { kind: 'copy', offset: 0, length: size / 2 },
            { kind: 'bytes', bytes: bytesOf('NEW') },
            { kind: 'copy', offset: size / 2 + 5, length: 100 },
            { kind: 'bytes', bytes: bytesOf('again') },
            { kind: 'copy', offset: size / 2 + 200, length: size / 2 - 210 },
            { kind: 'bytes', bytes: bytesOf('end') },
          ],
        ],
        [
          'many small pieces, out of order',
          (size) =>
            Array.from({ length: 40 }, (_each, index) => ({
              kind: 'copy' as const,
              offset: size - (index + 1) * 251,
              length: 200 + index,
            })),
        ],
        ['nothing taken over', () => [{ kind: 'bytes', bytes: bytesOf('all new') }]],
        [
          'pieces without bytes',
          () => [
            { kind: 'copy', offset: 3, length: 0 },
            { kind: 'bytes', bytes: bytesOf('') },
            { kind: 'copy', offset: 0, length: 9 },
          ],
        ],
      ];

      it.each(shapes)('%s: the bytes are those of the local result', async (_name, pieces) => {
        const prefix = fresh();
        const old = patterned(harness.smallestPart * 3);
        await store.put(keyOf(`${prefix}/old`), { bytes: old }, draftFor(old));
        const from = store.source(keyOf(`${prefix}/old`));
        const all = pieces(old.length);
        const size = all.reduce((sum, piece) => sum + (piece.kind === 'copy' ? piece.length : piece.bytes.length), 0);
        const expected = await gather(splicedBytes(from, { size, pieces: all }));
        const to = keyOf(`${prefix}/new`);
        const draft = { splice: { size, pieces: all }, sha256: sha256Of(expected), served: WHEEL, onlyIf: null };
        const { object } = await store.compose(from, to, draft);
        expect(object).toMatchObject({ key: to, size, sha256: sha256Of(expected), ...WHEEL });
        expect((await gather(store.source(to).stream(0, size))).equals(expected)).toBe(true);
      });

      it('from elsewhere too, as a stream', async () => {
        const key = keyOf(`${fresh()}/file`);
        await harness.elsewhere.put(key, { bytes: bytesOf('0123') }, draftFor(bytesOf('0123')));
        const splice: Splice = {
          size: 3,
          pieces: [
            { kind: 'copy', offset: 1, length: 2 },
            { kind: 'bytes', bytes: bytesOf('!') },
          ],
        };
        const draft = { splice, sha256: sha256Of('12!'), served: WHEEL, onlyIf: null };
        const { object, made } = await store.compose(harness.elsewhere.source(key), key, draft);
        expect({ made, size: object.size }).toEqual({ made: 'through-here', size: 3 });
        expect(await gather(store.source(key).stream(0, 3))).toEqual(Buffer.from('12!'));
      });

      it('refuses pieces that are not what is promised, that the source does not have, or of a state that is gone', async () => {
        const prefix = fresh();
        const first = await put(`${prefix}/old`, '0123456789');
        const to = keyOf(`${prefix}/new`);
        const composing = (size: number, offset: number, length: number): Promise<unknown> =>
          store.compose(store.source(keyOf(`${prefix}/old`), first.etag), to, {
            splice: { size, pieces: [{ kind: 'copy', offset, length }] },
            sha256: null,
            served: WHEEL,
            onlyIf: null,
          });
        expect(await failureOf(composing(5, 0, 4))).toBe('invalid');
        expect(await failureOf(composing(-4, 0, -4))).toBe('invalid');
        expect(await failureOf(composing(20, 0, 20))).toBe('short');
        await put(`${prefix}/old`, 'abcdefghij');
        expect(await failureOf(composing(4, 0, 4))).toBe('changed');
        expect(await store.look(to)).toBeNull();
      });
    });

    it('removes what is there, once, and only the state that was looked at', async () => {
      const key = `${fresh()}/file`;
      const first = await put(key, 'first');
      await put(key, 'second');
      expect(await failureOf(store.remove(keyOf(key), { etag: first.etag }))).toBe('changed');
      expect(await store.remove(keyOf(key), null)).toBe(true);
      expect(await store.remove(keyOf(key), null)).toBe(false);
      expect(await store.look(keyOf(key))).toBeNull();
      expect(await keysIn(store, key)).toEqual([]);
    });
  });
}
