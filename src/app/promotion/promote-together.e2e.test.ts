import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { applyOnce } from '../../testing/crash-apply.ts';
import { buildCrashProgram, startChild, type CrashProgram } from '../../testing/crash-process.ts';
import {
  killAtPoints,
  openCrashedPromotion,
  waiveGates,
  type CrashedPromotion,
} from '../../testing/crashed-promotion.ts';
import { NOW } from '../../testing/engine-world.ts';
import { testGit } from '../../testing/git-repos.ts';
import { planIn } from '../../testing/promotion-story.ts';
import { WHOLE_RELEASE as RELEASE } from '../../testing/whole-release.ts';
import { promotePypi, PYPI_GATES } from './pypi.ts';
import { promoteStage } from './stage.ts';

const input = { release: RELEASE, dryRun: false };
const REPOS = ['core', 'vision'] as const;

let program: CrashProgram;
let world: CrashedPromotion;

beforeAll(async () => {
  program = await buildCrashProgram();
});
afterAll(() => program.remove());

/** A release that is staged; what is planned is its publication. */
function openPublication(): Promise<CrashedPromotion> {
  return openCrashedPromotion(async (app) => {
    const staged = planIn(await promoteStage(app, input));
    const end = await applyOnce(app, { plan: staged.id, confirmation: null });
    if (end.end !== 'finished') throw new Error(`staging ended with ${JSON.stringify(end)}`);
    await waiveGates(app, PYPI_GATES);
    return planIn(await promotePypi(app, input));
  });
}

/** That everything was published, and nothing of it twice. */
async function expectPublished({ index, home, wrongInLedger }: CrashedPromotion): Promise<void> {
  const uploads = index.requests.all().filter(({ method, path }) => method === 'POST' && path === '/legacy/');
  expect(uploads.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
  expect(index.files()).toHaveLength(4);
  for (const repo of REPOS) {
    expect((await testGit(join(home, `${repo}.git`), ['tag', '--list', 'v2.8.0'])).trim()).toBe('v2.8.0');
  }
  expect(await wrongInLedger()).toEqual([]);
}

describe('two operators who publish the same release at once', () => {
  beforeEach(async () => {
    world = await openPublication();
  });
  afterEach(() => world.close());

  it('one does it; the other is told who, uploads nothing, and later hears that it is done', async () => {
    const first = startChild(program, world.order('ana', { pauseAt: 'packages.upload after' }));
    await first.paused;
    const second = await startChild(program, world.order('ben')).ended;
    expect(second.answer).toMatchObject({ end: 'refused', codes: ['held-by-other'] });
    expect(second.answer).toHaveProperty('text', expect.stringContaining(`ana is changing 2.8.0 since ${NOW}`));
    expect(second.points.filter((point) => point.startsWith('packages.upload'))).toEqual([]);
    first.goOn();
    expect((await first.ended).answer).toEqual({ end: 'finished' });
    const later = await startChild(program, world.order('ben')).ended;
    expect(later.answer).toMatchObject({ end: 'refused', codes: ['plan-finished'] });
    await expectPublished(world);
  });

  it('in the same moment: one does it, the other does nothing', async () => {
    const both = ['ana', 'ben'].map((user) => startChild(program, world.order(user)));
    const ends = (await Promise.all(both.map((child) => child.ended))).map(({ answer }) => answer);
    expect(ends.filter((end) => end?.end === 'finished')).toHaveLength(1);
    const other = ends.find((end) => end?.end !== 'finished');
    expect(other).toMatchObject({ end: 'refused', codes: [expect.stringMatching(/^(held-by-other|plan-finished)$/)] });
    await expectPublished(world);
  });

  it.each(['packages.upload before', 'packages.upload after', 'ledger.append step-receipt before', 'git.push before'])(
    'the first is killed at %s: the second, refused until then, finishes it, and no file is sent twice',
    async (pauseAt) => {
      const first = startChild(program, world.order('ana', { pauseAt }));
      await first.paused;
      const second = await startChild(program, world.order('ben')).ended;
      expect(second.answer).toMatchObject({ end: 'refused', codes: ['held-by-other'] });
      first.kill();
      expect((await first.ended).killed).toBe(true);
      expect(await world.goOn()).toEqual({ end: 'finished' });
      await expectPublished(world);
    },
  );
});

describe('a process that dies at any point of a publication', () => {
  it('leaves a release that the next apply brings to the same end, with no file sent twice', async () => {
    const { killed, tried, missed, notOver } = await killAtPoints({
      name: 'publication',
      sample: 12,
      open: openPublication,
      start: (order) => startChild(program, order),
      expectDone: expectPublished,
    });
    expect(notOver).toEqual([]);
    expect(missed).toEqual([]);
    // A run may have a few points fewer than the first one had: of a sample some may be of its last ones.
    expect(killed).toBeGreaterThan(tried / 2);
  }, 1_800_000);
});
