import { afterEach, expect, it, vi } from 'vitest';
import { createRelease } from '../releases.ts';
import { entriesOf } from '../record.ts';
import { STABLE_GATES } from '../promotion/stable.ts';
import { announceWorld, WEBSITE, type AnnounceWorld } from '../../testing/announce-world.ts';
import { PROMOTED } from '../../testing/promotion-app.ts';
import { approve, applyIn, markFinal } from '../../testing/promotion-story.ts';
import type { Result } from '../../domain/result.ts';
import type { AppProblem } from '../problem.ts';
import { releaseDay, reopenDayStep, runDayStep, tickDayStep, type DayWork } from './day.ts';

const STEPS = [
  {
    id: 'propose',
    kind: 'auto',
    does: 'get-started',
    gates: ['get-started-matrix:proposed'],
    title: 'Open the pull request',
  },
  { id: 'try', kind: 'gate', gates: ['get-started-matrix:tested'], title: 'Try its commands' },
  { id: 'go', kind: 'manual', title: 'Everybody agrees', owner: 'marketing' },
  { id: 'stage', kind: 'auto', does: 'promote stage', gates: ['staged'], title: 'Stage' },
  { id: 'stable', kind: 'auto', does: 'promote stable', gates: ['stable-verified'], title: 'Stable' },
  { id: 'pypi', kind: 'auto', does: 'promote pypi', gates: ['released'], title: 'PyPI', undo: 'none: yank' },
  { id: 'works', kind: 'gate', gates: ['get-started-matrix:works'], title: 'Try its commands once more' },
  { id: 'page', kind: 'gate', gates: ['get-started-matrix:merged'], title: 'Merge the page' },
  { id: 'blog', kind: 'manual', evidence: true, title: 'The blog post is out', owner: 'marketing' },
];
const RELEASE_DAY = {
  steps: STEPS,
  getStarted: {
    repo: 'website',
    systems: { linux: 'linux-x86_64' },
    accelerators: [
      { accelerator: 'cpu', slots: ['accnone'] },
      { accelerator: 'cuda', slots: ['cuda.x'] },
    ],
  },
};

// Whole releases on real git: long on a machine that does much else.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 60_000 });

let world: AnnounceWorld;
afterEach(() => world.end());

async function begin(): Promise<void> {
  world = await announceWorld({
    releaseDay: RELEASE_DAY,
    workstreams: { marketing: { title: 'Marketing', poc: ['mona'] } },
  });
  await createRelease(world.app, PROMOTED);
  await world.candidate(3);
  await markFinal(world);
}

const run = (step: string | null) => runDayStep(world.app, { release: PROMOTED, step, dryRun: false });
const said = (answer: Result<unknown, AppProblem>): string =>
  answer.ok ? '' : answer.problems.map(({ code }) => code).join();
const stateOf = async () =>
  (await releaseDay(world.app, PROMOTED)).steps.map(
    ({ step, done, isNext }) => `${step.id}${done === null ? '' : ' done'}${isNext ? ' next' : ''}`,
  );

function workOf(answer: Awaited<ReturnType<typeof run>>): DayWork {
  if (!answer.ok) throw new Error(answer.problems[0].text);
  return answer.value;
}

/** Runs the next step, which is a plan, and carries it out. */
async function runPlan(step: string): Promise<void> {
  const work = workOf(await run(step));
  if (work.kind !== 'plan' || work.planned.kind !== 'planned') throw new Error(`${step} made no plan`);
  await approve(world, work.planned.view.plan);
  await applyIn(world.app, work.planned.view.plan);
}

it('is played from the pull request to the blog, each step in its turn, and tells who did what when', async () => {
  await begin();
  expect(await stateOf()).toEqual(['propose next', 'try', 'go', 'stage', 'stable', 'pypi', 'works', 'page', 'blog']);
  // DAY-04: out of turn, whatever the kind; and it is written down that somebody wanted it.
  expect(said(await run('pypi'))).toBe('step-too-early');
  expect(said(await tickDayStep(world.app, { release: PROMOTED, step: 'go', evidence: null, note: '' }))).toBe(
    'step-too-early',
  );
  const refused = (await entriesOf(world.app, PROMOTED)).filter(({ event }) => event.type === 'refused');
  expect(refused.map(({ event }) => ('what' in event ? event.what : ''))).toEqual(['day run pypi', 'day run go']);

  await runPlan('propose');
  expect(workOf(await run(null))).toMatchObject({ kind: 'gate', gates: [{ verdict: 'pass' }] });
  expect((await stateOf()).slice(0, 3)).toEqual(['propose done', 'try done', 'go next']);
  expect(workOf(await run(null)).kind).toBe('manual');
  // Who answers for the step says it, or a release manager; nobody else.
  world.as('cleo');
  expect(said(await tickDayStep(world.app, { release: PROMOTED, step: 'go', evidence: null, note: '' }))).toBe(
    'role-missing',
  );
  world.as('mona');
  const ticked = await tickDayStep(world.app, { release: PROMOTED, step: 'go', evidence: null, note: 'at the sync' });
  expect(ticked.ok && ticked.value.steps[2]?.done).toMatchObject({ by: 'mona', note: 'at the sync' });
  expect(said(await tickDayStep(world.app, { release: PROMOTED, step: 'go', evidence: null, note: '' }))).toBe(
    'step-done',
  );
  world.as('ana');

  await runPlan('stage');
  await world.waive(STABLE_GATES);
  await runPlan('stable');
  await world.waive(['artifacts-complete']);
  await runPlan('pypi');
  // Public: the commands are tried against what users have, before the page is merged.
  expect(workOf(await run(null))).toMatchObject({
    kind: 'gate',
    gates: [{ id: 'get-started-matrix:works', verdict: 'pass' }],
  });
  expect(workOf(await run('page'))).toMatchObject({ kind: 'gate', gates: [{ verdict: 'needs-you', fix: 'merge #1' }] });
  await world.merge(1);
  const last = { release: PROMOTED, step: 'blog', note: '' };
  expect(said(await tickDayStep(world.app, { ...last, evidence: null }))).toBe('evidence-needed');
  const over = await tickDayStep(world.app, { ...last, evidence: 'https://blog.example/2-8' });
  if (!over.ok) throw new Error(over.problems[0].text);
  expect(over.value.steps.every(({ done }) => done !== null)).toBe(true);
  expect(
    over.value.steps.map(({ done }) => `${done?.by ?? 'seen'} ${done?.link?.replace(/p[0-9a-z]{5}$/, 'PLAN') ?? ''}`),
  ).toEqual([
    'ana /plans/PLAN',
    'seen ',
    'mona ',
    'ana /plans/PLAN',
    'ana /plans/PLAN',
    'ana /plans/PLAN',
    'seen https://index.example/simple/',
    'seen https://forge.example/acme/website/pull/1',
    'ana https://blog.example/2-8',
  ]);
  expect(said(await run(null))).toBe('day-over');
  expect(world.forge.repo(WEBSITE).pulls).toHaveLength(1);
});

it('opens again what was said too early, with a reason, and holds up what comes after', async () => {
  await begin();
  await runPlan('propose');
  await run('try');
  await tickDayStep(world.app, { release: PROMOTED, step: 'go', evidence: null, note: '' });
  expect(said(await reopenDayStep(world.app, { release: PROMOTED, step: 'try', reason: 'x' }))).toBe('step-not-manual');
  const reopened = await reopenDayStep(world.app, { release: PROMOTED, step: 'go', reason: 'a blocker came up' });
  expect(reopened.ok && reopened.value.steps[2]).toMatchObject({ done: null, isNext: true });
  expect(said(await run('stage'))).toBe('step-too-early');
});

it('says nothing of a release that nobody opened', async () => {
  world = await announceWorld({ releaseDay: RELEASE_DAY });
  expect(said(await tickDayStep(world.app, { release: PROMOTED, step: 'go', evidence: null, note: '' }))).toBe(
    'release-unknown',
  );
});
