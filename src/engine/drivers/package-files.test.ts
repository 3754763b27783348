import { beforeEach, describe, expect, it } from 'vitest';
import type { LedgerEvent } from '../../domain/ledger-event.ts';
import type { Plan } from '../../domain/plan/plan.ts';
import { ReadBackStep, Step, UploadFileStep } from '../../domain/plan/step.ts';
import { StoreKey } from '../../domain/store-key.ts';
import type { Ledger } from '../../ports/ledger.ts';
import { LATER, NOW, planOf } from '../../testing/engine-world.ts';
import { fixedClock } from '../../testing/fixed-clock.ts';
import { memoryGit } from '../../testing/memory-git.ts';
import { memoryLedger } from '../../testing/memory-ledger.ts';
import { memoryPackages, type MemoryPackages, type PackageFault } from '../../testing/memory-packages.ts';
import { memoryStores, sha256Of, type MemoryStore } from '../../testing/memory-store.ts';
import { ApplyFailure, applyPlan, type Applied } from '../apply.ts';
import { foldPlans } from '../fold.ts';
import { bindStep } from './index.ts';

const TO = { channel: 'pypi', place: 0 };
const VERSION = { project: 'torch', version: '2.8.0' };
const NAMES = ['cp312', 'cp313', 'cp314'].map((tag) => `torch-2.8.0-${tag}-${tag}-win_amd64.whl`);

let store: MemoryStore;
let packages: MemoryPackages;
let ledger: Ledger;

beforeEach(() => {
  store = memoryStores().store('staging');
  packages = memoryPackages(async ({ key }) => store.source(key));
  ledger = memoryLedger();
  for (const name of NAMES) store.plant(`whl/${name}`, bytesOf(name), sha256Of(bytesOf(name)));
});

const bytesOf = (name: string): string => `the bytes of ${name}`;
const facts = (name: string) => ({ size: bytesOf(name).length, digest: sha256Of(bytesOf(name)) });

const upload = (name: string, wave = 0): Step =>
  UploadFileStep.parse({
    kind: 'upload-file',
    key: `upload-file:core:${name}`,
    wave,
    reversible: 'never',
    undo: 'none: the name is used for ever; yank the version',
    repo: 'core',
    from: { channel: 'staging', place: 0, key: `whl/${name}` },
    to: TO,
    ...VERSION,
    file: name,
    ...facts(name),
  });

const readBack = (wave = NAMES.length): Step =>
  ReadBackStep.parse({
    kind: 'read-back',
    key: 'read-back:core:torch',
    wave,
    reversible: 'yes',
    undo: 'nothing is changed',
    repo: 'core',
    channel: 'pypi',
    place: 0,
    of: 'package-index',
    release: VERSION,
    files: NAMES.map((name) => ({ key: name, ...facts(name) })),
  });

const yank = (): Step =>
  Step.parse({
    kind: 'yank-release',
    key: 'yank-release:core:torch',
    wave: 0,
    reversible: 'never',
    undo: 'a person takes it back',
    repo: 'core',
    to: TO,
    ...VERSION,
    reason: 'it does not start on Windows',
  });

const whole = (): Plan => planOf([...NAMES.map((name, wave) => upload(name, wave)), readBack()]);

async function apply(plan: Plan): Promise<Applied> {
  const known = foldPlans(await ledger.read({ train: 'small' })).get(plan.id);
  if (known === undefined) {
    const event: LedgerEvent = { type: 'plan-made', release: plan.body.release, plan, goodUntil: LATER };
    await ledger.append('small', [{ at: NOW, actor: 'ana', event }]);
    return apply(plan);
  }
  return applyPlan({
    record: known,
    actor: 'ana',
    ports: { git: memoryGit(), forge: null, pages: null, files: null, packages },
    ledger,
    lease: { isHeld: async () => true, release: async () => {} },
    seenTo: 0,
    clock: fixedClock(NOW),
    stop: new AbortController().signal,
    report: () => {},
  });
}

/** Carries it out again and again, as a person would, until it is done or stops. */
async function persist(plan: Plan): Promise<{ readonly applied: Applied; readonly tries: number }> {
  for (let tries = 1; tries < 10; tries += 1) {
    try {
      return { applied: await apply(plan), tries };
    } catch (error) {
      if (!(error instanceof ApplyFailure)) throw error;
    }
  }
  throw new Error('it never came to an end');
}

const only = (): Plan => planOf([readBack(0)]);

const fill = (): void => {
  for (const name of NAMES) packages.plant(TO, VERSION, { name, bytes: bytesOf(name) });
};

const fillOne = (): void => packages.plant(TO, VERSION, { name: NAMES[0] ?? '', bytes: 'x' });

const stored = async () => packages.look(TO, VERSION);

describe('uploading to a package index', () => {
  it('uploads each file once, and reads them back', async () => {
    const applied = await apply(whole());
    expect(applied).toMatchObject({ end: 'finished', stopped: [] });
    expect(packages.uploads.map(({ name }) => name)).toEqual(NAMES);
    expect(applied.settled.map(({ outcome, handle }) => [outcome, handle['seen'] ?? handle['files']])).toEqual([
      ['done', 'listed'],
      ['done', 'listed'],
      ['done', 'listed'],
      ['adopted', '3'],
    ]);
  });

  it('adopts a file that is there with its digest, and sends nothing of it', async () => {
    packages.plant(TO, VERSION, { name: NAMES[1] ?? '', bytes: bytesOf(NAMES[1] ?? '') });
    expect(await apply(whole())).toMatchObject({ end: 'finished' });
    expect(packages.uploads.map(({ name }) => name)).toEqual([NAMES[0], NAMES[2]]);
  });

  it('stops before anything is sent when other bytes have the name, and says that it is lost for ever', async () => {
    packages.plant(TO, VERSION, { name: NAMES[0] ?? '', bytes: 'other bytes' });
    const applied = await apply(whole());
    expect(applied.end).toBe('stopped');
    expect(applied.stopped[0]?.reason).toBe(
      `the index has ${NAMES[0]} with ${sha256Of('other bytes')}; planned is ${facts(NAMES[0] ?? '').digest}. That name can never be used again: this file cannot be published as torch 2.8.0. Find out who uploaded it`,
    );
    expect(packages.uploads).toEqual([]);
  });

  it('does not take a file for the planned one when the index does not tell its digest', async () => {
    packages.plant(TO, VERSION, { name: NAMES[0] ?? '', bytes: bytesOf(NAMES[0] ?? '') });
    const look = packages.look.bind(packages);
    packages.look = async (at, of) => (await look(at, of)).map((file) => ({ ...file, digest: null }));
    expect((await apply(planOf([upload(NAMES[0] ?? '')]))).stopped[0]?.reason).toContain('does not tell its digest');
  });

  it('adds nothing to a version that was yanked midway, says by which reason, and goes on once that is taken back', async () => {
    packages.plant(TO, VERSION, { name: NAMES[0] ?? '', bytes: bytesOf(NAMES[0] ?? '') });
    packages.yankByHand(TO, VERSION, 'wrong kernels');
    const plan = whole();
    const applied = await apply(plan);
    expect(applied.end).toBe('stopped');
    expect(applied.stopped[0]?.reason).toContain(
      'torch 2.8.0 was yanked on the index since this plan was made ("wrong kernels"): nothing is added',
    );
    expect(packages.uploads).toEqual([]);
    packages.yankByHand(TO, VERSION, null);
    expect(await apply(plan)).toMatchObject({ end: 'finished' });
    expect(packages.uploads.map(({ name }) => name)).toEqual(NAMES.slice(1));
  });

  it('sends nothing but the planned bytes', async () => {
    store.plant(`whl/${NAMES[0]}`, bytesOf(NAMES[1] ?? ''));
    const applied = await apply(whole());
    expect(applied.end).toBe('stopped');
    expect(applied.stopped[0]?.reason).toContain('digest');
    expect(packages.uploads).toEqual([]);
  });

  it('says what the index said when it refuses', async () => {
    packages.plant(TO, { project: 'torch', version: '2.8.0' }, { name: NAMES[0] ?? '', bytes: 'deleted since' });
    packages.deleteByHand(TO, NAMES[0] ?? '');
    const applied = await apply(planOf([upload(NAMES[0] ?? '')]));
    expect(applied.stopped[0]?.reason).toContain('File already exists');
  });

  it('takes an accepted file for done though the list does not have it yet, and uploads it once', async () => {
    packages.lag = 1;
    const applied = await apply(planOf([upload(NAMES[0] ?? '')]));
    expect(applied.settled[0]).toMatchObject({ outcome: 'done', handle: { seen: 'accepted, not listed yet' } });
    expect(packages.uploads).toHaveLength(1);
  });

  it('does not finish before the list has every file, and goes on when it has', async () => {
    // Three looks after the uploads, three of the reading back.
    packages.lag = 6;
    const plan = planOf([...NAMES.map((name) => upload(name)), readBack(1)]);
    const first = await apply(plan);
    expect(first).toMatchObject({ end: 'stopped' });
    expect(first.stopped[0]?.reason).toContain(`${NAMES[0]} is not listed; ${NAMES[1]} is not listed`);
    packages.lag = 0;
    expect(await apply(plan)).toMatchObject({ end: 'finished' });
    expect(packages.uploads).toHaveLength(3);
  });

  it('never uploads again what it was told is accepted, also in a later carrying-out', async () => {
    packages.lag = 9;
    const plan = planOf([...NAMES.map((name) => upload(name)), readBack(1)]);
    await apply(plan);
    const again = await apply(plan);
    expect(again.end).toBe('stopped');
    expect(again.stopped[0]?.reason).toContain('the index took it and does not list it');
    expect(packages.uploads).toHaveLength(3);
  });

  it('has no reverse: only a plan of its own yanks', () => {
    const ports = { git: memoryGit(), forge: null, pages: null, files: null, packages };
    for (const step of [upload(NAMES[0] ?? ''), readBack(), yank()]) {
      expect(bindStep(step, ports).reverse({})).toBeNull();
    }
  });

  it('says what is missing on a train without a package index', () => {
    const ports = { git: memoryGit(), forge: null, pages: null, files: null, packages: null };
    expect(() => bindStep(upload(NAMES[0] ?? ''), ports)).toThrow(/needs a package index/);
  });
});

describe('faults at every call of the port', () => {
  const faults: readonly PackageFault[] = ['before', 'after'];
  it.each(faults)(
    'that fail %s the index did it: continued, every file is there once with its bytes',
    async (fault) => {
      let points = 0;
      for (let call = 1; ; call += 1) {
        packages = memoryPackages(async ({ key }) => store.source(key));
        ledger = memoryLedger();
        packages.harm = (count) => (count === call ? fault : null);
        const { applied, tries } = await persist(whole());
        expect(applied.end).toBe('finished');
        expect(packages.uploads.map(({ name }) => name)).toEqual(NAMES);
        packages.harm = () => null;
        expect((await stored()).map(({ digest }) => digest)).toEqual(NAMES.map((name) => facts(name).digest));
        if (tries === 1) break;
        points += 1;
      }
      expect(points).toBeGreaterThan(8);
    },
  );
});

describe('reading back from a package index', () => {
  it('is done when every file is listed with its size and digest', async () => {
    fill();
    expect(await apply(only())).toMatchObject({ end: 'finished' });
  });

  it.each([
    ['is of another digest', { digest: sha256Of('x') }, /cp312-win_amd64.whl has sha256:\w+, not sha256:/],
    ['is without a digest', { digest: null }, /has no digest, not sha256:/],
    ['is of another size', { size: 7 }, /is said to have 7 bytes, not 5\d/],
    ['is known to the record only', { listed: false }, /is not listed\. Apply again once the index shows it/],
    ['is yanked', { yanked: 'broken' }, /is yanked \(broken\)/],
  ])('stops when a file %s', async (_what, change, text) => {
    fill();
    const look = packages.look.bind(packages);
    packages.look = async (at, of) =>
      (await look(at, of)).map((file) => (file.name === NAMES[0] ? { ...file, ...change } : file));
    const applied = await apply(only());
    expect(applied.end).toBe('stopped');
    expect(applied.stopped[0]?.reason).toMatch(text);
  });

  it('asks for a version of a project', async () => {
    const plan = planOf([{ ...ReadBackStep.parse(readBack(0)), release: null }]);
    await expect(apply(plan)).rejects.toThrow(/names no version of a project/);
  });
});

describe('yanking a version', () => {
  it('stops with how a person does it, and is done once that is seen', async () => {
    fillOne();
    const plan = planOf([yank()]);
    const first = await apply(plan);
    expect(first).toMatchObject({ end: 'stopped' });
    expect(first.stopped[0]?.reason).toBe('a person yanks it at memory:/manage/project/torch');
    packages.yankByHand(TO, VERSION, 'it does not start');
    expect(await apply(plan)).toMatchObject({ end: 'finished' });
  });

  it('is not done while one file of it is not yanked', async () => {
    fillOne();
    packages.yankByHand(TO, VERSION, '');
    packages.plant(TO, VERSION, { name: NAMES[1] ?? '', bytes: 'y' });
    expect(await apply(planOf([yank()]))).toMatchObject({ end: 'stopped' });
  });

  it('has nothing to do with a version that is not there', async () => {
    expect((await apply(planOf([yank()]))).stopped[0]?.reason).toContain('there is nothing to yank');
  });
});

it('a key of a store is read by its last part', async () => {
  fill();
  const step = ReadBackStep.parse(readBack(0));
  const files = step.files.map((file) => ({ ...file, key: StoreKey.parse(`whl/cpu/${file.key}`) }));
  expect(await apply(planOf([{ ...step, files }]))).toMatchObject({ end: 'finished' });
});
