import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { storedArtifactFiles } from '../adapters/artifact-files/index.ts';
import type { ReversionFileStep } from '../domain/plan/step.ts';
import { StoreKey } from '../domain/store-key.ts';
import type { ArtifactFiles, FileRef } from '../ports/artifact-files.ts';
import type { ArtifactStore, StoredObject } from '../ports/artifact-store.ts';
import { reversionOf } from '../wheel/reversion/index.ts';
import { keysIn } from './artifact-store-contract.ts';
import { factsOf } from './file-steps.ts';
import { makeWheel } from './make-wheel.ts';
import { sha256Of } from './memory-store.ts';
import { spliced } from './splice.ts';

/** Places of a train: two of one server, and one elsewhere. */
export interface FilesHarness {
  readonly test: ArtifactStore;
  readonly stable: ArtifactStore;
  readonly elsewhere: ArtifactStore;
  /** Puts an object into `test` by other hands: without a recorded digest. */
  readonly plant: (key: string, bytes: Uint8Array) => Promise<void>;
  /** Whether its copies hold themselves to a condition of the destination that was not looked at before. */
  readonly holdsConditions: boolean;
  readonly close: () => Promise<void>;
}

const WHEEL = { contentType: 'application/x-wheel', cacheControl: 'max-age=31536000, immutable' };
const ORDER: ReversionFileStep['order'] = { local: null, siblings: [], dropClassifiers: [], dropSignatures: false };

const wantedOf = (bytes: Uint8Array | string) => ({ ...factsOf(bytes), before: null });

const at = (channel: string, key: StoreKey): FileRef => ({ channel, place: 0, key });
const planned = (key: StoreKey) => ({ key, ...factsOf('a wheel') });

/** What every `ArtifactFiles` over stores does. */
export function artifactFilesContract(name: string, start: () => Promise<FilesHarness>): void {
  describe(`files of channels: ${name}`, () => {
    let harness: FilesHarness;
    let files: ArtifactFiles;
    let made = 0;
    beforeAll(async () => {
      harness = await start();
      files = storedArtifactFiles(async ({ channel }) => {
        const store = storeOf(channel);
        return { store, writable: () => store, outside: null, index: null };
      });
    });
    afterAll(() => harness.close());

    function storeOf(channel: string): ArtifactStore {
      if (channel === 'test') return harness.test;
      return channel === 'stable' ? harness.stable : harness.elsewhere;
    }
    /** A key of its own for one test. */
    const fresh = (file = 'torch.whl'): StoreKey => StoreKey.parse(`t${(made += 1)}/${file}`);
    const put = (channel: string, key: StoreKey, bytes: Uint8Array | string): Promise<StoredObject> =>
      storeOf(channel).put(
        key,
        { bytes: Buffer.from(bytes) },
        { sha256: sha256Of(bytes), served: WHEEL, onlyIf: null },
      );
    const bytesAt = async (channel: string, key: StoreKey): Promise<string> => {
      const { size } = (await storeOf(channel).look(key)) ?? { size: 0 };
      return Buffer.from(await storeOf(channel).source(key).read(0, size)).toString();
    };

    it('copies a file with its digest, and how it is served', async () => {
      const key = fresh();
      await put('test', key, 'a wheel');
      const answer = await files.copy(at('test', key), at('stable', key), wantedOf('a wheel'));
      expect(answer).toEqual({ done: true, found: factsOf('a wheel') });
      expect(await harness.stable.look(key)).toMatchObject({ ...WHEEL, sha256: sha256Of('a wheel') });
      expect(await bytesAt('stable', key)).toBe('a wheel');
      expect(await files.look(at('stable', key))).toEqual(factsOf('a wheel'));
      expect(await files.read(at('stable', key))).toBe(sha256Of('a wheel'));
    });

    it('copies from a place of another server as a stream, with its digest', async () => {
      const key = fresh();
      await put('elsewhere', key, 'a wheel');
      const answer = await files.copy(at('elsewhere', key), at('stable', key), wantedOf('a wheel'));
      expect(answer).toEqual({ done: true, found: factsOf('a wheel') });
      expect(await harness.stable.look(key)).toMatchObject(WHEEL);
      expect(await bytesAt('stable', key)).toBe('a wheel');
    });

    it('says null of what is not there', async () => {
      const key = fresh();
      expect(await files.look(at('test', key))).toBeNull();
      expect(await files.read(at('test', key))).toBeNull();
    });

    it('takes over what lies there with the wanted digest, whatever became of the source', async () => {
      const key = fresh();
      const before = await put('stable', key, 'a wheel');
      expect(await files.copy(at('test', key), at('stable', key), wantedOf('a wheel'))).toMatchObject({ done: true });
      expect(await harness.stable.look(key)).toEqual(before);
    });

    it('leaves another file alone and names both digests, unless it is the one to write over', async () => {
      const key = fresh();
      await put('test', key, 'wheel 2');
      await put('stable', key, 'wheel 1');
      const refused = await files.copy(at('test', key), at('stable', key), wantedOf('wheel 2'));
      expect(refused).toMatchObject({ done: false });
      expect(JSON.stringify(refused)).toContain(sha256Of('wheel 1'));
      expect(JSON.stringify(refused)).toContain(sha256Of('wheel 2'));
      expect(await bytesAt('stable', key)).toBe('wheel 1');
      const wanted = { ...wantedOf('wheel 2'), before: sha256Of('wheel 1') };
      expect(await files.copy(at('test', key), at('stable', key), wanted)).toMatchObject({ done: true });
      expect(await bytesAt('stable', key)).toBe('wheel 2');
    });

    it.each([
      ['of the same size', 'wheel X'],
      ['of another size', 'a longer wheel'],
    ])('never copies another file than the planned one, %s', async (_name, other) => {
      for (const channel of ['test', 'elsewhere']) {
        const key = fresh();
        await put(channel, key, other);
        const answer = await files.copy(at(channel, key), at('stable', key), wantedOf('a wheel'));
        expect(answer).toMatchObject({ done: false });
        expect(JSON.stringify(answer)).toContain(sha256Of(other));
        expect(JSON.stringify(answer)).toContain(sha256Of('a wheel'));
        expect(await harness.stable.look(key)).toBeNull();
      }
    });

    it('says that a source is lost', async () => {
      for (const channel of ['test', 'elsewhere']) {
        const key = fresh();
        const answer = await files.copy(at(channel, key), at('stable', key), wantedOf('a wheel'));
        expect(answer).toMatchObject({ done: false });
        expect(JSON.stringify(answer)).toContain('lost');
        expect(await harness.stable.look(key)).toBeNull();
      }
    });

    it('reads the bytes of a source without a recorded digest, and records it with the copy', async () => {
      const [right, wrong] = [fresh(), fresh()];
      await harness.plant(right, Buffer.from('a wheel'));
      await harness.plant(wrong, Buffer.from('wheel X'));
      const copied = await files.copy(at('test', right), at('stable', right), wantedOf('a wheel'));
      expect(copied).toEqual({ done: true, found: factsOf('a wheel') });
      const refused = await files.copy(at('test', wrong), at('stable', wrong), wantedOf('a wheel'));
      expect(refused).toMatchObject({ done: false });
      expect(await harness.stable.look(wrong)).toBeNull();
    });

    it('copies a source that a listing showed in the state in which it was found right', async () => {
      const key = fresh();
      const { etag } = await put('test', key, 'a wheel');
      expect(await files.list(at('test', key), [key])).toEqual(new Map([[key, { size: 7, etag }]]));
      expect(await files.list(at('stable', key), [key])).toEqual(new Map([[key, null]]));
      const wanted = { ...wantedOf('a wheel'), seen: { source: etag, isFree: true } };
      const answer = await files.copy(at('test', key), at('stable', key), wanted);
      expect(answer).toEqual({ done: true, found: factsOf('a wheel') });
    });

    it('records the digest with the copy of such a source that has none, once the bytes of the copy were read', async () => {
      const [right, wrong] = [fresh(), fresh()];
      await harness.plant(right, Buffer.from('a wheel'));
      await harness.plant(wrong, Buffer.from('wheel X'));
      const copy = async (key: StoreKey) => {
        const etag = (await harness.test.look(key))?.etag ?? null;
        const wanted = { ...wantedOf('a wheel'), seen: { source: etag, isFree: true } };
        return files.copy(at('test', key), at('stable', key), wanted);
      };
      expect(await copy(right)).toEqual({ done: true, found: factsOf('a wheel') });
      expect(await copy(wrong)).toMatchObject({ done: false });
      expect(await harness.stable.look(wrong)).toBeNull();
    });

    it('looks again where the listing is not true any more: of the source', async () => {
      const [rewritten, gone] = [fresh(), fresh()];
      const { etag } = await put('test', rewritten, 'a wheel');
      await put('test', rewritten, 'wheel X');
      const wanted = { ...wantedOf('a wheel'), seen: { source: etag, isFree: true } };
      const answer = await files.copy(at('test', rewritten), at('stable', rewritten), wanted);
      expect(JSON.stringify(answer)).toContain(sha256Of('wheel X'));
      expect(await harness.stable.look(rewritten)).toBeNull();
      expect(JSON.stringify(await files.copy(at('test', gone), at('stable', gone), wanted))).toContain('lost');
    });

    it('looks again where the listing is not true any more: of the destination', async (context) => {
      if (!harness.holdsConditions) context.skip();
      const key = fresh();
      const { etag } = await put('test', key, 'a wheel');
      await put('stable', key, 'wheel X');
      const wanted = { ...wantedOf('a wheel'), seen: { source: etag, isFree: true } };
      const answer = await files.copy(at('test', key), at('stable', key), wanted);
      expect(JSON.stringify(answer)).toContain(sha256Of('wheel X'));
      expect(await bytesAt('stable', key)).toBe('wheel X');
      await put('stable', key, 'a wheel');
      expect(await files.copy(at('test', key), at('stable', key), wanted)).toMatchObject({ done: true });
    });

    it('lists what is there and what is not, folder by folder', async () => {
      const folder = `t${(made += 1)}`;
      const keys = ['cpu/a', 'cpu/b', 'cpu/é', 'cu126/b', 'none', 'cpu/c/d'].map((one) =>
        StoreKey.parse(`${folder}/${one}`),
      );
      const there = keys.filter((_key, index) => index % 2 === 0);
      for (const key of there) await put('test', key, 'x');
      await put('test', StoreKey.parse(`${folder}/cpu/a-other`), 'x');
      const listed = await files.list({ channel: 'test', place: 0 }, keys);
      expect([...listed.keys()].toSorted()).toEqual(keys.toSorted());
      expect(keys.filter((key) => listed.get(key) !== null)).toEqual(there);
    });

    it('lists what begins alike by itself, wherever it lies among others', async () => {
      const folder = `t${(made += 1)}`;
      const names = ['2.7.0', '2.8.0'].flatMap((version) =>
        [1, 2, 3, 4, 5].map((tag) => StoreKey.parse(`${folder}/torch-${version}-${tag}.whl`)),
      );
      const others = ['audio-1.0-1.whl', 'vision-1.0-1.whl', 'x'].map((name) => StoreKey.parse(`${folder}/${name}`));
      for (const key of [...names.slice(1), ...others.slice(1)]) await put('test', key, 'x');
      const listed = await files.list({ channel: 'test', place: 0 }, [...names, ...others]);
      const gone = [names[0], others[0]];
      expect([...listed.keys()].toSorted()).toEqual([...names, ...others].toSorted());
      expect([...names, ...others].filter((key) => listed.get(key) === null)).toEqual(gone);
    });

    it('gives up a listing that takes more requests than looking does', async () => {
      const folder = `t${(made += 1)}`;
      const names = Array.from({ length: 1001 }, (_each, index) => StoreKey.parse(`${folder}/${index + 1000}`));
      for (let from = 0; from < names.length; from += 64) {
        await Promise.all(names.slice(from, from + 64).map((key) => put('test', key, 'x')));
      }
      const [first, last] = [StoreKey.parse(`${folder}/1000`), StoreKey.parse(`${folder}/2000`)];
      const listed = await files.list({ channel: 'test', place: 0 }, [first, last]);
      expect([...listed.keys()]).toEqual([first]);
    });

    it('records the digest of a file that has none, when its bytes have it', async () => {
      const key = fresh();
      await harness.plant(key, Buffer.from('a wheel'));
      const wrong = { size: 7, digest: sha256Of('wheel X') };
      expect(await files.recordDigest(at('test', key), wrong)).toMatchObject({ done: false });
      expect(await files.look(at('test', key))).toEqual({ size: 7, digest: null });
      const right = factsOf('a wheel');
      expect(await files.recordDigest(at('test', key), right)).toEqual({ done: true, found: right });
      expect(await files.recordDigest(at('test', key), right)).toEqual({ done: true, found: right });
      expect(await files.look(at('test', key))).toEqual(right);
      expect(await bytesAt('test', key)).toBe('a wheel');
      expect(await files.recordDigest(at('test', fresh()), right)).toMatchObject({ done: false });
    });

    it('takes away the planned file alone', async () => {
      const key = fresh();
      await put('stable', key, 'wheel X');
      const other = await files.remove(at('stable', key), factsOf('a wheel'));
      expect(other).toMatchObject({ removed: false });
      expect(other.reason).toContain(sha256Of('wheel X'));
      expect(await bytesAt('stable', key)).toBe('wheel X');
      expect(await files.remove(at('stable', key), factsOf('wheel X'))).toEqual({ removed: true, reason: null });
      expect(await files.remove(at('stable', key), factsOf('wheel X'))).toEqual({ removed: false, reason: null });
    });

    /** A wheel of `+cu126`, and what becomes of it without. */
    async function reversion(channel: string) {
      const { fileName, bytes } = makeWheel({ name: 'torch', version: '2.8.0+cu126', requiresPython: '>=3.9' });
      const [from, to] = [fresh(fileName), fresh(fileName.replace('+cu126', ''))];
      await put(channel, from, bytes);
      const reversed = await reversionOf(storeOf(channel).source(from), fileName, ORDER);
      if (!reversed.ok) throw new Error('the wheel of the test cannot be re-versioned');
      const result = await spliced(storeOf(channel).source(from), reversed.value.splice);
      return { from: { ...at(channel, from), is: factsOf(bytes) }, to, result };
    }

    it.each(['test', 'elsewhere'])('makes a wheel of another version out of one in %s', async (channel) => {
      const { from, to, result } = await reversion(channel);
      const wanted = { ...wantedOf(result), order: ORDER };
      expect(await files.reversion(from, at('stable', to), wanted)).toEqual({ done: true, found: factsOf(result) });
      expect(await files.read(at('stable', to))).toBe(sha256Of(result));
      expect(await keysIn(harness.stable, '.signalbox')).toEqual([]);
      // Once more, as after a kill before the receipt.
      const before = await harness.stable.look(to);
      expect(await files.reversion(from, at('stable', to), wanted)).toMatchObject({ done: true });
      expect(await harness.stable.look(to)).toEqual(before);
    });

    it.each(['test', 'elsewhere'])('puts nothing there that is not as planned, from %s', async (channel) => {
      const { from, to, result } = await reversion(channel);
      const digest = sha256Of('planned by another version');
      const wanted = { ...wantedOf(result), order: ORDER };
      const others = [
        [from, { ...wanted, digest }, 'otherwise than planned'],
        [from, { ...wanted, size: wanted.size + 1 }, 'otherwise than planned'],
        [{ ...from, is: { ...from.is, digest } }, wanted, digest],
        [{ ...from, key: fresh('torch-2.8.0+cu126-py3-none-any.whl') }, wanted, 'lost'],
        [from, { ...wanted, order: { ...ORDER, local: 'other' } }, 'was planned as'],
      ] as const;
      for (const [source, draft, reason] of others) {
        const answer = await files.reversion(source, at('stable', to), draft);
        expect(answer).toMatchObject({ done: false });
        expect(JSON.stringify(answer)).toContain(reason);
        expect(await harness.stable.look(to)).toBeNull();
        expect(await keysIn(harness.stable, '.signalbox')).toEqual([]);
      }
    });

    it('reads files back through the store where a place has no public address', async () => {
      const [right, other, bare, gone] = [fresh(), fresh(), fresh(), fresh()];
      await put('test', right, 'a wheel');
      await put('test', other, 'wheel X');
      await harness.plant(bare, Buffer.from('a wheel'));
      const place = { channel: 'test', place: 0 };
      expect(await files.readBack(place, [planned(right)])).toEqual([]);
      const problems = await files.readBack(place, [right, other, bare, gone].map(planned));
      expect(problems).toHaveLength(3);
      expect(problems[0]).toContain(sha256Of('wheel X'));
      expect(problems[1]).toContain('no digest recorded');
      expect(problems[2]).toContain('is not there');
    });
  });
}
