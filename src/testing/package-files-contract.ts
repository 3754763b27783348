import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ByteSourceError } from '../domain/byte-source.ts';
import { StoreKey } from '../domain/store-key.ts';
import type { FileFacts, FileRef } from '../ports/artifact-files.ts';
import type { ChannelPlaceRef } from '../ports/index-pages.ts';
import type { PackageFiles, PackageVersion } from '../ports/package-files.ts';
import { makeWheel, type WheelRecipe } from './make-wheel.ts';
import { memoryStores, sha256Of, type MemoryStore } from './memory-store.ts';

/** Where the wheels of the contract are uploaded to, and where they are staged. */
export const INDEX: ChannelPlaceRef = { channel: 'pypi', place: 0 };
const STAGING: ChannelPlaceRef = { channel: 'staging', place: 0 };

/** A wheel in the staging place. */
export interface StagedWheel extends FileFacts {
  readonly name: string;
  readonly from: FileRef;
}

/** Puts a wheel into a store as staging does. */
export function stage(store: MemoryStore, recipe: WheelRecipe): StagedWheel {
  const { fileName, bytes } = makeWheel({ requiresPython: '>=3.9', ...recipe });
  const key = StoreKey.parse(`whl/${fileName}`);
  store.plant(key, bytes, sha256Of(bytes));
  return { name: fileName, size: bytes.length, digest: sha256Of(bytes), from: { ...STAGING, key } };
}

/** An empty index that takes wheels out of the store, and the hands of a person who owns its projects. */
export interface PackagesHarness {
  readonly packages: PackageFiles;
  /** Every file of the index, whatever its pages show. */
  readonly stored: () => readonly { readonly name: string; readonly digest: string }[];
  readonly yankByHand: (of: PackageVersion, reason: string | null) => void;
  readonly deleteByHand: (name: string) => void;
  readonly close: () => Promise<void>;
}

const TORCH: PackageVersion = { project: 'torch', version: '2.8.0' };

/** What every `PackageFiles` does. */
export function packageFilesContract(name: string, start: (store: MemoryStore) => Promise<PackagesHarness>): void {
  describe(`a package index: ${name}`, () => {
    let store: MemoryStore;
    let harness: PackagesHarness;
    let packages: PackageFiles;
    beforeEach(async () => {
      store = memoryStores().store('staging');
      harness = await start(store);
      ({ packages } = harness);
    });
    afterEach(() => harness.close());

    const torch = (change: Partial<WheelRecipe> = {}): StagedWheel =>
      stage(store, { name: 'torch', version: '2.8.0', ...change });

    it('has nothing of what nobody uploaded, and lacks nothing to upload', async () => {
      expect(await packages.look(INDEX, TORCH)).toEqual([]);
      expect(await packages.missing(INDEX)).toBeNull();
    });

    it('takes a file, and tells everything of it', async () => {
      const wheel = torch();
      expect(await packages.upload(INDEX, TORCH, wheel)).toEqual({ accepted: true });
      const [file, ...others] = await packages.look(INDEX, TORCH);
      expect(others).toEqual([]);
      const { size, digest } = wheel;
      expect(file).toMatchObject({ name: wheel.name, size, digest, yanked: null, listed: true });
      expect(file?.uploadedAt).toMatch(/^2025-/u);
      expect(harness.stored()).toEqual([{ name: wheel.name, digest }]);
    });

    it('takes the same file again, and has it once', async () => {
      const wheel = torch();
      await packages.upload(INDEX, TORCH, wheel);
      expect(await packages.upload(INDEX, TORCH, wheel)).toEqual({ accepted: true });
      expect(harness.stored()).toHaveLength(1);
    });

    it('refuses other bytes under a name, and says so', async () => {
      const first = torch();
      await packages.upload(INDEX, TORCH, first);
      const second = torch({ description: 'another build' });
      const answer = await packages.upload(INDEX, TORCH, second);
      expect(answer).toMatchObject({ accepted: false });
      expect('reason' in answer ? answer.reason : '').toContain('File already exists');
      expect(harness.stored()).toEqual([{ name: first.name, digest: first.digest }]);
    });

    it('refuses a name that was used before its file was deleted', async () => {
      const wheel = torch();
      await packages.upload(INDEX, TORCH, wheel);
      harness.deleteByHand(wheel.name);
      expect(await packages.look(INDEX, TORCH)).toEqual([]);
      expect(await packages.upload(INDEX, TORCH, wheel)).toMatchObject({ accepted: false });
      expect(harness.stored()).toEqual([]);
    });

    it('gets nothing but the planned bytes', async () => {
      const wheel = torch();
      const other = makeWheel({ name: 'torch', version: '2.8.0', description: 'changed since' });
      store.plant(wheel.from.key, other.bytes, wheel.digest);
      const answer = await packages.upload(INDEX, TORCH, { ...wheel, size: other.bytes.length });
      expect(answer).toMatchObject({ accepted: false });
      expect('reason' in answer ? answer.reason : '').toMatch(/digest|has sha256:/u);
      expect(harness.stored()).toEqual([]);
    });

    it('gets nothing when there is nothing to send', async () => {
      const wheel = torch();
      await store.remove(wheel.from.key, null);
      await expect(packages.upload(INDEX, TORCH, wheel)).rejects.toThrow(ByteSourceError);
      expect(harness.stored()).toEqual([]);
    });

    it('tells the files of one version of one project, however its name is spelled', async () => {
      const [wheel, windows] = [torch(), torch({ tags: 'cp313-cp313-win_amd64' })];
      const later = torch({ version: '2.8.1' });
      const vision = stage(store, { name: 'torch_vision', version: '2.8.0' });
      for (const each of [wheel, windows]) await packages.upload(INDEX, TORCH, each);
      await packages.upload(INDEX, { project: 'torch', version: '2.8.1' }, later);
      await packages.upload(INDEX, { project: 'torch-vision', version: '2.8.0' }, vision);
      const names = async (project: string) =>
        (await packages.look(INDEX, { project, version: '2.8.0' })).map((file) => file.name).toSorted();
      expect(await names('Torch')).toEqual([windows.name, wheel.name].toSorted());
      expect(await names('Torch.Vision')).toEqual([vision.name]);
    });

    it('leaves yanking to a person, and sees when it is done and taken back', async () => {
      await packages.upload(INDEX, TORCH, torch());
      const answer = await packages.yank(INDEX, TORCH, 'broken');
      expect(answer).toMatchObject({ accepted: false });
      expect('reason' in answer ? answer.reason : '').toContain('/manage/project/torch');
      harness.yankByHand(TORCH, 'it does not start');
      expect(await packages.yank(INDEX, TORCH, 'broken')).toEqual({ accepted: true });
      expect(await packages.look(INDEX, TORCH)).toMatchObject([{ yanked: 'it does not start' }]);
      harness.yankByHand(TORCH, null);
      expect(await packages.look(INDEX, TORCH)).toMatchObject([{ yanked: null }]);
      expect(await packages.yank(INDEX, TORCH, 'broken')).toMatchObject({ accepted: false });
    });
  });
}
