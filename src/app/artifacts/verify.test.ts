import { expect, it } from 'vitest';
import { StoreKey } from '../../domain/store-key.ts';
import type { PackageIndex } from '../../ports/package-index.ts';
import { memorySource } from '../../testing/memory-source.ts';
import { sha256Of } from '../../testing/memory-store.ts';
import { PROMOTED, promotionApp, type PromotionApp } from '../../testing/promotion-app.ts';
import { carryOut, markFinal, planIn, RC } from '../../testing/promotion-story.ts';
import type { App } from '../app.ts';
import { backupCandidate } from '../promotion/backup.ts';
import { promotePypi } from '../promotion/pypi.ts';
import { promoteStable, STABLE_GATES } from '../promotion/stable.ts';
import { promoteStage } from '../promotion/stage.ts';
import { verifyCandidate } from './verify.ts';

const input = { release: PROMOTED, dryRun: false };
const TORCH = 'v2.8.0-rc3/torch-2.8.0-cp312-cp312-manylinux_2_28_x86_64.whl';

async function finalWorld(): Promise<PromotionApp> {
  const world = await promotionApp();
  await world.candidate(3);
  await markFinal(world);
  return world;
}

async function publishedWorld(): Promise<PromotionApp> {
  const world = await finalWorld();
  await carryOut(world, planIn(await backupCandidate(world.app, { candidate: RC, dryRun: false })));
  await carryOut(world, planIn(await promoteStage(world.app, input)));
  await world.waive(STABLE_GATES);
  await carryOut(world, planIn(await promoteStable(world.app, input)));
  await world.waive(['artifacts-complete']);
  await carryOut(world, planIn(await promotePypi(world.app, input)));
  return world;
}

/** The app with an index that gives the bytes of what was staged, but for these files, whose size it does not tell either. */
function withIndex(world: PromotionApp, others: Readonly<Record<string, Uint8Array>> = {}): App {
  const bytesOf = (name: string): Uint8Array =>
    others[name] ?? world.place('staging').bytes(`v2.8.0-rc3/${name}`) ?? new Uint8Array();
  const { stores } = world.app;
  const wrapped = (index: PackageIndex): PackageIndex => ({
    ...index,
    project: async (name) => {
      const project = await index.project(name);
      if (project === null) return null;
      const files = project.files.map((file) => (file.name in others ? { ...file, size: null } : file));
      return { ...project, files };
    },
    source: ({ url }) => memorySource(bytesOf(url), url),
  });
  const indexesOf: typeof stores.indexesOf = async (channel) => {
    const opened = await stores.indexesOf(channel);
    return opened.ok ? { ok: true, value: opened.value.map(wrapped) } : opened;
  };
  return { ...world.app, stores: { ...stores, close: () => {}, of: (channel) => stores.of(channel), indexesOf } };
}

/** `channel: equal, different, absent`, and the whys of what differs. */
async function pictureOf(
  app: App,
  of: Parameters<typeof verifyCandidate>[1]['of'],
  read = true,
): Promise<{ readonly holds: boolean; readonly places: readonly string[]; readonly whys: readonly string[] }> {
  const verified = await verifyCandidate(app, { of, read });
  if (!verified.ok) throw new Error(verified.problems[0].text);
  const { holds, places } = verified.value;
  return {
    holds,
    places: places.map((place) =>
      place.known
        ? `${place.value.channel}: ${place.value.equal.length}, ${place.value.differs.length}, ${place.value.absent.length}`
        : place.reason,
    ),
    whys: places.flatMap((place) => (place.known ? place.value.differs.map(({ why }) => why) : [])),
  };
}

const release = { release: PROMOTED };

it('of a release reads every byte where everybody gets it, in the backup and in staging', async () => {
  const world = await publishedWorld();
  const all = ['test: 8, 0, 0', 'test: 1, 0, 0', 'backup: 9, 0, 0', 'staging: 4, 0, 0'];
  const shown = ['stable: 8, 0, 0', 'stable: 1, 0, 0', 'stable: 8, 0, 0', 'pypi: 4, 0, 0'];
  expect(await pictureOf(withIndex(world), release)).toEqual({ holds: true, places: [...all, ...shown], whys: [] });
  expect(await pictureOf(world.app, release, false)).toMatchObject({ holds: true });
  expect(await pictureOf(withIndex(world), { candidate: RC })).toMatchObject({ holds: true });
});

it('of a release does not hold while it is nowhere public, although its candidate does', async () => {
  const world = await finalWorld();
  const picture = await pictureOf(world.app, release, false);
  expect(picture.holds).toBe(false);
  expect(picture.places).toContain('stable: 0, 0, 8');
  expect(await pictureOf(world.app, { candidate: RC }, false)).toMatchObject({ holds: true });
});

it('finds what the stores do not tell: other bytes in the backup, in staging and on the index', async () => {
  const world = await publishedWorld();
  const { key, other, digest } = wheelInBackup(world);
  world.place('backup').plant(key, other, digest);
  expect(await pictureOf(world.app, release, false)).toMatchObject({ holds: true });
  const staged = world.place('staging').bytes(TORCH) ?? new Uint8Array();
  const name = TORCH.slice(TORCH.indexOf('/') + 1);
  const longer = Buffer.concat([staged, Buffer.from('!')]);
  const picture = await pictureOf(withIndex(world, { [name]: longer }), release);
  expect(picture).toMatchObject({ holds: false, whys: [expect.stringContaining('sha256:'), expect.any(String)] });
  // Its beginning is the planned file, and has its digest.
  expect(picture.whys[1]).toBe(`${longer.length} bytes, not ${staged.length}`);
  world.place('staging').plant(TORCH, 'other', sha256Of('other'));
  expect((await pictureOf(world.app, { candidate: RC }, false)).whys).toEqual([`5 bytes, not ${staged.length}`]);
});

/** A wheel of the backup, with other bytes of the same length. */
function wheelInBackup(world: PromotionApp) {
  const backup = world.place('backup');
  const key = StoreKey.parse([...backup.keys()].find((each) => each.endsWith('.whl')));
  const bytes = backup.bytes(key) ?? new Uint8Array();
  return { key, other: Buffer.from(bytes).fill('x', bytes.length - 4), digest: sha256Of(bytes) };
}

it('of a release that has no final candidate is refused', async () => {
  const world = await promotionApp();
  await world.candidate(3);
  expect(await verifyCandidate(world.app, { of: release, read: false })).toMatchObject({
    ok: false,
    problems: [{ code: 'not-final' }],
  });
});
