import { describe, expect, it } from 'vitest';
import { approvePlan } from '../plans.ts';
import { applyPlan } from '../apply-plan.ts';
import { judge } from '../judge.ts';
import type { AppProblem } from '../problem.ts';
import type { Stores } from '../stores.ts';
import { entriesOf, record } from '../record.ts';
import { isOpen } from '../../domain/gate.ts';
import { addSeconds } from '../../domain/instant.ts';
import { refuse, type Result } from '../../domain/result.ts';
import { foldManifests, manifestFor } from '../../engine/fold-manifests.ts';
import { makeWheel } from '../../testing/make-wheel.ts';
import { sha256Of } from '../../testing/memory-store.ts';
import { PROMOTED, promotionApp, type PromotionApp } from '../../testing/promotion-app.ts';
import { carryOut, markFinal, planIn, RC } from '../../testing/promotion-story.ts';
import { backupCandidate, restoreCandidate } from './backup.ts';
import { publishedRelease } from './published.ts';
import { promotePypi, PYPI_GATES } from './pypi.ts';
import { recheckRelease, takenRechecks } from './rechecks.ts';
import { repairDigests } from './repair.ts';
import { promoteStable, STABLE_GATES } from './stable.ts';
import { promoteStage } from './stage.ts';
import { yankRelease } from './yank.ts';

const input = { release: PROMOTED, dryRun: false };

function problemsIn(planned: Result<unknown, AppProblem>): readonly string[] {
  return planned.ok ? [] : planned.problems.map(({ code }) => code);
}

async function finalWorld(changes?: Parameters<typeof promotionApp>[0]): Promise<PromotionApp> {
  const world = await promotionApp(changes);
  await world.candidate(3);
  await markFinal(world);
  return world;
}

/** Staged and in stable, as the second step finds it. */
async function stableWorld(changes?: Parameters<typeof promotionApp>[0]): Promise<PromotionApp> {
  const world = await finalWorld(changes);
  await carryOut(world, planIn(await promoteStage(world.app, input)));
  await world.waive(STABLE_GATES);
  await carryOut(world, planIn(await promoteStable(world.app, input)));
  await world.waive(['artifacts-complete']);
  return world;
}

const keysOf = (world: PromotionApp, name: Parameters<PromotionApp['place']>[0]): readonly string[] =>
  [...world.place(name).keys()].toSorted();

describe('backup and restore', () => {
  it('keep every file of a candidate below its tag, wheels and archives, and bring them back where they were', async () => {
    const world = await promotionApp();
    await world.candidate(3);
    const before = keysOf(world, 'test');
    await carryOut(world, planIn(await backupCandidate(world.app, { candidate: RC, dryRun: false })));
    expect(keysOf(world, 'backup')).toHaveLength(9);
    expect(keysOf(world, 'backup')[0]).toBe('v2.8.0-rc3/libtorch/cpu/libtorch-2.8.0+cpu.zip');
    const { gates } = await judge(world.app, PROMOTED, { families: ['backup-made'] });
    expect(gates).toMatchObject([{ verdict: 'pass', summary: 'all 9 files of 2.8.0-rc3 in backup' }]);
    // A later candidate's files took their names.
    await world.candidate(4);
    world.place('libs').take('cpu/libtorch-2.8.0+cpu.zip');
    await carryOut(world, planIn(await restoreCandidate(world.app, { candidate: RC, dryRun: false })));
    expect(keysOf(world, 'test')).toEqual(before);
    const again = await restoreCandidate(world.app, { candidate: RC, dryRun: true });
    expect(again).toMatchObject({ ok: true, value: { kind: 'nothing-to-do' } });
  });

  it('plan a restore of all packages without reading a byte (PRO-11)', async () => {
    const world = await promotionApp();
    await world.candidate(3);
    await carryOut(world, planIn(await backupCandidate(world.app, { candidate: RC, dryRun: false })));
    await world.candidate(4);
    const store = { ...world.place('backup') };
    let read = 0;
    world.place('backup').source = (...args) => {
      read += 1;
      return store.source(...args);
    };
    const plan = planIn(await restoreCandidate(world.app, { candidate: RC, dryRun: true }));
    expect(plan.body.steps).toHaveLength(9);
    expect(read).toBe(0);
  });
});

describe('staging', () => {
  it('makes of each wheel for the index the one that it will be, as the plan said before', async () => {
    const world = await finalWorld();
    const plan = planIn(await promoteStage(world.app, input));
    expect(plan.body.steps.map(({ kind }) => kind)).toEqual(Array.from({ length: 4 }, () => 'reversion-file'));
    await carryOut(world, plan);
    expect(keysOf(world, 'staging')).toEqual([
      'v2.8.0-rc3/torch-2.8.0-cp312-cp312-manylinux_2_28_x86_64.whl',
      'v2.8.0-rc3/torch-2.8.0-cp313-cp313-manylinux_2_28_x86_64.whl',
      'v2.8.0-rc3/torch_vision-0.23.0-cp312-cp312-manylinux_2_28_x86_64.whl',
      'v2.8.0-rc3/torch_vision-0.23.0-cp313-cp313-manylinux_2_28_x86_64.whl',
    ]);
    const { gates } = await judge(world.app, PROMOTED, { families: ['staged', 'staged-valid'] });
    expect(gates.map(({ id, verdict }) => [id, verdict])).toEqual([
      ['staged', 'pass'],
      ['staged-valid', 'pass'],
    ]);
    expect(await promoteStage(world.app, input)).toMatchObject({ ok: true, value: { kind: 'nothing-to-do' } });
  });

  it('closes its gates again when somebody writes a staged wheel over', async () => {
    const world = await finalWorld();
    await carryOut(world, planIn(await promoteStage(world.app, input)));
    const key = 'v2.8.0-rc3/torch-2.8.0-cp312-cp312-manylinux_2_28_x86_64.whl';
    world.place('staging').plant(key, 'other bytes', sha256Of('other bytes'));
    const { gates } = await judge(world.app, PROMOTED, { families: ['staged'] });
    expect(gates).toMatchObject([{ verdict: 'failing' }]);
    expect(problemsIn(await promoteStage(world.app, input))).toEqual(['edge-refused']);
  });

  it('needs a final candidate, and a record that is still the one that was decided on', async () => {
    const world = await promotionApp();
    await world.candidate(3);
    expect(problemsIn(await promoteStage(world.app, input))).toEqual(['not-final']);
    await markFinal(world);
    world.place('test').plant('x', 'y', sha256Of('y'));
    await record(world.app, {
      type: 'manifest-recorded',
      ...(await otherManifest(world)),
    });
    expect(problemsIn(await promoteStage(world.app, input))).toEqual(['final-changed']);
  });
});

async function otherManifest({ app }: PromotionApp) {
  const recorded = manifestFor(foldManifests(await entriesOf(app, PROMOTED)), RC);
  if (recorded === null) throw new Error('nothing was recorded');
  const [first, ...rest] = recorded.manifest.files;
  if (first === undefined) throw new Error('no files');
  const manifest = { ...recorded.manifest, files: [{ ...first, digest: sha256Of('other') }, ...rest] };
  const common = { release: PROMOTED, candidate: RC, proof: 'read', reason: 'built again' } as const;
  return { ...common, manifest, digest: sha256Of('another manifest') };
}

describe('stable', () => {
  it('moves exactly the files of the manifest, of all that lies in the channel (PRO-09)', async () => {
    const world = await finalWorld();
    const strangers = [
      'cpu/torch-2.8.0rc1+cpu-cp312-cp312-manylinux_2_28_x86_64.whl',
      'cpu/torch-2.8.0.post1+cpu-cp312-cp312-manylinux_2_28_x86_64.whl',
      'cpu/notpytorch-2.8.0+cpu-cp312-cp312-manylinux_2_28_x86_64.whl',
      'cpu/pytorch_triton-3.4.0+git1234567-cp312-cp312-manylinux_2_28_x86_64.whl',
      'cpu/triton-3.4.0-cp312-cp312-manylinux_2_28_x86_64.whl',
      'cpu/torch-2.7.1+cpu-cp312-cp312-manylinux_2_28_x86_64.whl',
      'cpu/torch_vision-0.23.1+cpu-cp312-cp312-manylinux_2_28_x86_64.whl',
    ];
    for (const key of strangers) world.place('test').plant(key, key, sha256Of(key));
    await carryOut(world, planIn(await promoteStage(world.app, input)));
    await world.waive(STABLE_GATES);
    await carryOut(world, planIn(await promoteStable(world.app, input)));
    const wheels = ['cpu', 'cu126'].flatMap((folder) =>
      ['torch-2.8.0', 'torch_vision-0.23.0'].flatMap((name) =>
        ['cp312', 'cp313'].map((tag) => `${folder}/${name}+${folder}-${tag}-${tag}-manylinux_2_28_x86_64.whl`),
      ),
    );
    for (const name of ['stable', 'mirror'] as const) {
      expect(keysOf(world, name).filter((key) => key.endsWith('.whl'))).toEqual(wheels.toSorted());
    }
    expect(keysOf(world, 'stable-libs')).toEqual(['cpu/libtorch-2.8.0+cpu.zip']);
    const { gates } = await judge(world.app, PROMOTED, { families: ['stable-verified'] });
    expect(gates).toMatchObject([{ id: 'stable-verified', verdict: 'pass' }]);
  });

  it('writes the index of each place, with hashes and metadata files', async () => {
    const world = await stableWorld();
    for (const name of ['stable', 'mirror'] as const) {
      const page = world.place(name).text('cu126/torch/index.html') ?? '';
      expect(page.match(/#sha256=[0-9a-f]{64}/g)).toHaveLength(2);
      expect(keysOf(world, name).filter((key) => key.endsWith('.metadata'))).toHaveLength(8);
    }
  });

  it('is approved by two others, and carried out only then', async () => {
    const world = await finalWorld();
    await carryOut(world, planIn(await promoteStage(world.app, input)));
    await world.waive(STABLE_GATES);
    const plan = planIn(await promoteStable(world.app, input));
    const apply = () =>
      applyPlan(world.app, { id: plan.id, confirmation: null, stop: new AbortController().signal, report: () => {} });
    expect(problemsIn(await approvePlan(world.app, plan.id))).toEqual(['approver-is-author']);
    expect(problemsIn(await apply())).toContain('approvals-missing');
    world.as('cleo');
    await approvePlan(world.app, plan.id);
    world.as('ana');
    expect(problemsIn(await apply())).toContain('approvals-missing');
    expect(keysOf(world, 'stable')).toEqual([]);
  });

  it('never writes over what was released, whoever wrote it', async () => {
    const world = await finalWorld();
    await carryOut(world, planIn(await promoteStage(world.app, input)));
    await world.waive(STABLE_GATES);
    const key = 'cu126/torch-2.8.0+cu126-cp312-cp312-manylinux_2_28_x86_64.whl';
    world.place('mirror').plant(key, 'other bytes', sha256Of('other bytes'));
    expect(problemsIn(await promoteStable(world.app, input))).toEqual(['edge-refused']);
    expect(world.place('mirror').text(key)).toBe('other bytes');
  });

  it('is refused when a file is gone from the channel, or is another one: nothing is left out in silence', async () => {
    const world = await finalWorld();
    await world.waive(STABLE_GATES);
    const key = 'cpu/torch-2.8.0+cpu-cp312-cp312-manylinux_2_28_x86_64.whl';
    world.place('test').take(key);
    expect(problemsIn(await promoteStable(world.app, input))).toEqual(['edge-lost', 'edge-lost']);
    world.place('test').plant(key, 'other', sha256Of('other'));
    expect(problemsIn(await promoteStable(world.app, input))).toEqual(['edge-lost', 'edge-lost']);
  });

  it('is refused while a source has no sha256 recorded, and repaired by reading it (PRO-07)', async () => {
    const world = await finalWorld();
    await carryOut(world, planIn(await promoteStage(world.app, input)));
    await world.waive(STABLE_GATES);
    const key = 'cpu/torch-2.8.0+cpu-cp312-cp312-manylinux_2_28_x86_64.whl';
    const bytes = world.place('test').bytes(key) ?? new Uint8Array();
    world.place('test').plant(key, bytes, null);
    expect(problemsIn(await promoteStable(world.app, input))).toEqual(['edge-unproved', 'edge-unproved']);
    await carryOut(world, planIn(await repairDigests(world.app, { candidate: RC, channel: 'test', dryRun: false })));
    await carryOut(world, planIn(await promoteStable(world.app, input)));
    // Later somebody writes a file of the mirror anew, without its digest.
    world.place('mirror').plant(key, bytes, null);
    const gate = async () => (await judge(world.app, PROMOTED, { families: ['stable-verified'] })).gates[0];
    expect(await gate()).toMatchObject({ verdict: 'failing' });
    await carryOut(world, planIn(await repairDigests(world.app, { candidate: RC, channel: 'stable', dryRun: false })));
    expect(await gate()).toMatchObject({ verdict: 'pass' });
  });

  it('copies the two that are left of four after it was stopped, and looks at all four (PRO-05)', async () => {
    const world = await finalWorld();
    await carryOut(world, planIn(await promoteStage(world.app, input)));
    await world.waive(STABLE_GATES);
    const plan = planIn(await promoteStable(world.app, input));
    const copies = plan.body.steps.filter((step) => step.kind === 'copy-file');
    const store = { ...world.place('stable') };
    let done = 0;
    world.place('stable').copy = (...args) => {
      done += 1;
      return done > 2
        ? Promise.reject(Object.assign(new Error('the store went away'), { code: 'unreachable' }))
        : store.copy(...args);
    };
    await expect(carryOut(world, plan)).rejects.toThrow('the store went away');
    world.place('stable').copy = (...args) => store.copy(...args);
    await carryOut(world, plan);
    const receipts = (await entriesOf(world.app, PROMOTED)).filter(
      ({ event }) => event.type === 'step-receipt' && event.plan === plan.id && event.step.startsWith('copy-file:'),
    );
    expect(receipts).toHaveLength(copies.length);
  });

  it('is refused while a mirror that is declared cannot be written to (PRO-06)', async () => {
    const world = await finalWorld();
    await world.waive(STABLE_GATES);
    const every = { ...world.app.stores };
    const closed = {
      kind: 'not-allowed',
      code: 'store-without-keys',
      text: 'there are no keys to write to the mirror',
    } as const;
    const stores: Stores = {
      ...world.app.stores,
      of: async (channel) => {
        const opened = await every.of(channel);
        if (!opened.ok) return opened;
        const value = opened.value.map((each) =>
          each.store.name === 'mirror' ? { ...each, writable: refuse(closed) } : each,
        );
        return { ok: true, value };
      },
    };
    const planned = await promoteStable({ ...world.app, stores }, input);
    expect(problemsIn(planned)).toEqual(['store-without-keys']);
    expect(keysOf(world, 'stable')).toEqual([]);
  });

  it('goes on without a variant that the candidate does not have, and says which (PRO-10)', async () => {
    const world = await promotionApp();
    await world.candidate(3, ({ cell }) => !cell.startsWith('torch/wheel/linux-x86_64/cpu/3.12'));
    await markFinal(world);
    await world.waive(STABLE_GATES);
    const planned = await promoteStable(world.app, input);
    expect(planIn(planned).body.steps.filter(({ kind }) => kind === 'copy-file')).toHaveLength(15);
    expect(planned.ok ? planned.value.notes : []).toContain(
      '1 file of those expected left out, since the candidate has none: torch/wheel/linux-x86_64/cpu/3.12',
    );
    // The index is another matter: a release goes there whole.
    expect(problemsIn(await promoteStage(world.app, input))).toEqual(['promotion-short']);
  });

  it('refuses a release of which a file has no place to go', async () => {
    const world = await finalWorld((train) => ({
      ...train,
      channels: { ...train.channels, stable: { ...train.channels.stable, places: [train.channels.stable.places[0]] } },
    }));
    expect(problemsIn(await promoteStable(world.app, input))).toEqual(['promotion-short']);
    const none = await finalWorld((train) => ({ ...train, promotion: { ...train.promotion, stable: [] } }));
    expect(problemsIn(await promoteStable(none.app, input))).toEqual(['promotion-short']);
  });
});

describe('the index', () => {
  it('takes nothing before stable was verified, and nothing a second time (PRO-08)', async () => {
    const world = await finalWorld();
    await carryOut(world, planIn(await promoteStage(world.app, input)));
    await world.waive(['artifacts-complete']);
    expect(problemsIn(await promotePypi(world.app, input))).toEqual(['gate-blocked']);
    expect(world.packages.uploads).toEqual([]);
    await world.waive(STABLE_GATES);
    await carryOut(world, planIn(await promoteStable(world.app, input)));
    await carryOut(world, planIn(await promotePypi(world.app, input)));
    expect(world.packages.uploads).toHaveLength(4);
    const again = await promotePypi(world.app, input);
    expect(again).toMatchObject({ ok: true, value: { kind: 'nothing-to-do' } });
    expect(again.ok && 'why' in again.value ? again.value.why : '').toContain('cannot be published a second time');
  });

  it('gets core first, and exactly the staged bytes', async () => {
    const world = await stableWorld();
    await carryOut(world, planIn(await promotePypi(world.app, input)));
    expect(world.packages.uploads.map(({ name }) => name.split('-')[0])).toEqual([
      'torch',
      'torch',
      'torch_vision',
      'torch_vision',
    ]);
    for (const { name, digest } of world.packages.uploads) {
      expect(sha256Of(world.place('staging').bytes(`v2.8.0-rc3/${name}`) ?? '')).toBe(digest);
    }
    const { gates } = await judge(world.app, PROMOTED, { families: ['released'] });
    expect(gates).toMatchObject([{ verdict: 'pass' }]);
  });

  it('is refused with no upload when a name is taken by other bytes', async () => {
    const world = await stableWorld();
    const name = 'torch_vision-0.23.0-cp312-cp312-manylinux_2_28_x86_64.whl';
    const other = makeWheel({ name: 'torch_vision', version: '0.23.0', tags: 'cp312-cp312-manylinux_2_28_x86_64' });
    world.packages.plant(
      { channel: 'pypi', place: 0 },
      { project: 'torch_vision', version: '0.23.0' },
      { name, bytes: other.bytes },
    );
    expect(problemsIn(await promotePypi(world.app, input))).toEqual(['upload-other-bytes']);
    expect(world.packages.uploads).toEqual([]);
  });

  it('goes on with what is left when some of it was uploaded by other hands with the same bytes', async () => {
    const world = await stableWorld();
    const name = 'torch-2.8.0-cp312-cp312-manylinux_2_28_x86_64.whl';
    const bytes = world.place('staging').bytes(`v2.8.0-rc3/${name}`) ?? new Uint8Array();
    world.packages.plant({ channel: 'pypi', place: 0 }, { project: 'torch', version: '2.8.0' }, { name, bytes });
    world.app.clock.set(addSeconds(world.app.clock.now(), 0));
    const planned = await promotePypi(world.app, input);
    const plan = planIn(planned);
    expect(plan.body.steps.filter(({ kind }) => kind === 'upload-file')).toHaveLength(3);
  });

  it('needs every gate of its own, and says which is closed', async () => {
    const world = await stableWorld();
    const { gates } = await judge(world.app, PROMOTED, { families: PYPI_GATES });
    expect(gates.filter((gate) => !isOpen(gate))).toEqual([]);
    world.place('mirror').take('cpu/torch/index.html');
    expect(problemsIn(await promotePypi(world.app, input))).toEqual(['gate-blocked']);
  });
});

describe('afterwards', () => {
  it('what is public is read from outside, and told with its undo', async () => {
    const world = await stableWorld();
    const before = await publishedRelease(world.app, PROMOTED);
    expect(before).toMatchObject({ ok: true, value: { holds: false, publishedAt: null } });
    await carryOut(world, planIn(await promotePypi(world.app, input)));
    const after = await publishedRelease(world.app, PROMOTED);
    expect(
      after.ok ? after.value.rows.map(({ what, count, where, isPermanent }) => [what, count, where, isPermanent]) : [],
    ).toEqual([
      ['torch', '1 archive', 'stable#1', false],
      ['torch', '4 wheels', 'stable', false],
      ['torch', '4 wheels', 'stable#2', false],
      ['torch_vision', '4 wheels', 'stable', false],
      ['torch_vision', '4 wheels', 'stable#2', false],
      ['torch', '2 files', 'pypi', true],
      ['torch_vision', '2 files', 'pypi', true],
      ['core', 'tag v2.8.0', 'git', true],
      ['vision', 'tag v0.23.0', 'git', true],
    ]);
    expect(after).toMatchObject({ ok: true, value: { holds: true } });
    world.packages.yankByHand({ channel: 'pypi', place: 0 }, { project: 'torch', version: '2.8.0' }, 'broken');
    expect(await publishedRelease(world.app, PROMOTED)).toMatchObject({ ok: true, value: { holds: false } });
  });

  it('looks are taken again at once, after an hour, a day and 13 days, each time once', async () => {
    const world = await stableWorld();
    await carryOut(world, planIn(await promotePypi(world.app, input)));
    const published = world.app.clock.now();
    const lookAt = async (seconds: number) => {
      world.app.clock.set(addSeconds(published, seconds));
      const taken = await recheckRelease(world.app, PROMOTED);
      return taken.ok ? taken.value.map(({ name, holds }) => [name, holds]) : taken.problems;
    };
    expect(await lookAt(0)).toEqual([['at-once', true]]);
    expect(await lookAt(1)).toEqual([]);
    expect(await lookAt(3600)).toEqual([['1-hour', true]]);
    world.place('stable').take('cpu/torch-2.8.0+cpu-cp312-cp312-manylinux_2_28_x86_64.whl');
    expect(await lookAt(86_400)).toEqual([['24-hours', false]]);
    // One wheel more, days after the release.
    const stray = makeWheel({ name: 'torch', version: '2.8.0+cpu', tags: 'cp311-cp311-manylinux_2_28_x86_64' });
    world.place('stable').plant(`cpu/${stray.fileName}`, stray.bytes, sha256Of(stray.bytes));
    expect(await lookAt(13 * 86_400)).toEqual([['13-days', false]]);
    const looks = takenRechecks(await entriesOf(world.app, PROMOTED));
    expect(looks.at(-1)?.findings).toContain(`stable: cpu/${stray.fileName} is there, and nobody decided on it`);
    expect(await lookAt(400 * 86_400)).toEqual([]);
  });

  it('a yank is a plan that a person carries out on the index, and that is done once it is seen', async () => {
    const world = await stableWorld();
    await carryOut(world, planIn(await promotePypi(world.app, input)));
    const plan = planIn(await yankRelease(world.app, { ...input, reason: 'broken', packages: ['torch'] }));
    expect(plan.body.steps.map(({ key }) => key)).toEqual(['yank-release:pypi:torch-2.8.0']);
    world.packages.yankByHand({ channel: 'pypi', place: 0 }, { project: 'torch', version: '2.8.0' }, 'broken');
    await carryOut(world, plan);
    expect(problemsIn(await yankRelease(world.app, { ...input, reason: 'x', packages: ['nothing'] }))).toEqual([
      'yank-unknown',
    ]);
  });
});
