import { readFile, writeFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CalendarDate, Instant } from '../domain/instant.ts';
import { sealPlan, type Plan } from '../domain/plan/plan.ts';
import { Step } from '../domain/plan/step.ts';
import { applyOnce, type ApplyEnd } from '../testing/crash-apply.ts';
import { creationsOf, ledgerOf, pictureOf } from '../testing/crash-picture.ts';
import { buildCrashProgram, startChild, type CrashProgram } from '../testing/crash-process.ts';
import { granted, makeReady, planned, RELEASE_2_8, storyPlans } from '../testing/crash-story.ts';
import { openCrashWorld, type CrashWorld } from '../testing/crash-world.ts';
import { cutBranches } from './cut-branches.ts';
import { cutCandidate } from './cut-candidate.ts';
import { approvePlan, diffPlans, savePlan, showPlan } from './plans.ts';

const TODAY = CalendarDate.parse('2025-06-24');
const NOW = Instant.parse('2025-06-24T14:00:00Z');

let program: CrashProgram;
let world: CrashWorld;
let cut: Plan;
let undisturbed: readonly string[];

beforeAll(async () => {
  program = await buildCrashProgram();
  world = await openCrashWorld({ today: TODAY, now: NOW });
  await makeReady(world);
  cut = await planned(world, cutBranches);
  await world.snapshot('planned');
  const end = await goOn(cut);
  if (end.end !== 'finished') throw new Error(`the undisturbed run ended with ${JSON.stringify(end)}`);
  undisturbed = await pictureOf(world);
});

afterAll(async () => {
  await world.remove();
  await program.remove();
});

/** Applies as ada, waiting while the database has not seen yet that a killed process is gone. */
async function goOn(plan: Plan, confirmation: string | null = null): Promise<ApplyEnd> {
  for (const end = performance.now() + 10_000; ;) {
    const answer = await world.as('ada-rm', (app) => applyOnce(app, { plan: plan.id, confirmation }));
    if (answer.end !== 'refused' || !answer.codes.includes('held-by-other') || performance.now() > end) return answer;
    await delay(5);
  }
}

/** Whoever of the two it was opened the tracker in their own name. */
const byAny = (lines: readonly string[]): readonly string[] =>
  lines.map((line) => line.replace('"user":"bruno-rm"', '"user":"ada-rm"'));

const tokenOf = (login: string): string => world.sandbox().tokens[login] ?? '';

describe('two operators who apply the same plan', () => {
  it('one does it; the other is told who holds it, and later that nothing is left', async () => {
    await world.restore('planned');
    const first = startChild(program, world.order(cut.id, { pauseAt: 'git.push before' }));
    await first.paused;
    const second = await startChild(program, world.order(cut.id, { token: tokenOf('bruno-rm') })).ended;
    expect(second.answer).toMatchObject({ end: 'refused', codes: ['held-by-other'] });
    expect(second.answer).toHaveProperty('text', expect.stringContaining(`ada-rm is changing 2.8.0 since ${NOW}`));
    expect(second.points.some((point) => point.startsWith('git.push'))).toBe(false);
    first.goOn();
    expect((await first.ended).answer).toEqual({ end: 'finished' });
    const later = await startChild(program, world.order(cut.id, { token: tokenOf('bruno-rm') })).ended;
    expect(later.answer).toMatchObject({ end: 'refused', codes: ['plan-finished'] });
    expect(await pictureOf(world)).toEqual(undisturbed);
  });

  it('in the same moment: one does it, the other does nothing', async () => {
    await world.restore('planned');
    const both = ['ada-rm', 'bruno-rm'].map((login) =>
      startChild(program, world.order(cut.id, { token: tokenOf(login) })),
    );
    const ends = (await Promise.all(both.map((child) => child.ended))).map(({ answer }) => answer);
    expect(ends.filter((end) => end?.end === 'finished')).toHaveLength(1);
    const other = ends.find((end) => end?.end !== 'finished');
    expect(other).toMatchObject({ end: 'refused', codes: [expect.stringMatching(/^(held-by-other|plan-finished)$/)] });
    expect(byAny(await pictureOf(world))).toEqual(byAny(undisturbed));
    const { receipts, ends: finished, faults } = await ledgerOf(world, cut.id);
    expect([receipts.length, finished, faults]).toEqual([cut.body.steps.length, 1, 0]);
  });

  it.each(['git.push before', 'git.push after', 'ledger.append step-receipt before'])(
    'the first is killed at %s: the second, refused until then, finishes it',
    async (pauseAt) => {
      await world.restore('planned');
      const first = startChild(program, world.order(cut.id, { pauseAt }));
      await first.paused;
      const second = await startChild(program, world.order(cut.id, { token: tokenOf('bruno-rm') })).ended;
      expect(second.answer).toMatchObject({ end: 'refused', codes: ['held-by-other'] });
      first.kill();
      expect((await first.ended).killed).toBe(true);
      await world.quiet();
      expect(await goOn(cut)).toEqual({ end: 'finished' });
      expect(await pictureOf(world)).toEqual(undisturbed);
    },
  );
});

describe('an issue that was written, and its receipt lost', () => {
  it('is found by its hidden marker and not written twice', async () => {
    await world.restore('planned');
    const tracker = Step.parse({
      kind: 'create-issue',
      key: 'create-issue:pytorch:tracker',
      wave: 0,
      reversible: 'yes',
      undo: 'close it',
      repo: 'pytorch',
      slug: 'pytorch/pytorch',
      marker: 'signalbox:tracker pytorch 2.8.0',
      trusted: ['ada-rm'],
      title: '[v.2.8.0] Release Tracker',
      body: 'Nominate by a comment.',
      labels: [],
      milestone: null,
      assignees: [],
    });
    const plan = sealPlan({ ...cut.body, title: 'Open the tracker', gates: [], assumes: [], steps: [tracker] });
    await world.as('ada-rm', (app) => savePlan(app, plan));
    const first = startChild(program, world.order(plan.id, { pauseAt: 'ledger.append step-receipt before' }));
    await first.paused;
    first.kill();
    await first.ended;
    expect(creationsOf(world)).toBe(1);
    expect((await ledgerOf(world, plan.id)).receipts).toEqual([]);
    expect(await goOn(plan)).toEqual({ end: 'finished' });
    expect(creationsOf(world)).toBe(1);
    expect((await ledgerOf(world, plan.id)).receipts).toHaveLength(1);
    const issues = (await pictureOf(world)).filter((line) => line.includes('[v.2.8.0] Release Tracker'));
    expect(issues).toHaveLength(1);
  });
});

describe('a train file changed mid-release', () => {
  it('voids a cut that was planned; the new plan does not do what the train no longer has, and the difference says so', async () => {
    await world.restore('planned');
    await edit((text) => text.replace('  test-infra:\n', '  test-infra:\n    until: "2.7"\n'));
    const answer = await goOn(cut);
    expect(answer).toMatchObject({ end: 'refused', codes: ['train-changed'] });
    expect(answer).toHaveProperty('text', expect.stringContaining(`signalbox plan diff ${cut.id}`));
    const anew = await planned(world, cutBranches);
    expect(anew.digest).not.toBe(cut.digest);
    const difference = await world.as('ada-rm', async (app) => granted(await diffPlans(app, cut.id, anew.id)));
    expect(difference.removed.map(({ repo }) => repo)).toEqual(
      cut.body.steps.filter(({ repo }) => repo === 'test-infra').map(({ repo }) => repo),
    );
    expect(difference.added).toEqual([]);
    // The tracker lists the repositories, so its text is another.
    expect(difference.changed.map(({ to }) => to.kind)).toEqual(['create-issue']);
    expect(difference.same).toBe(anew.body.steps.length - 1);
  });

  it('voids the approvals of a candidate, also when the same steps are planned again', async () => {
    await world.restore('planned');
    const story = storyPlans(world, { from: cut });
    let found: { readonly plan: Plan; readonly confirmation: string | null } | null = null;
    for await (const next of story) {
      found = next;
      if (next.name === 'tag_core') break;
      expect(await goOn(next.plan)).toEqual({ end: 'finished' });
    }
    const { plan, confirmation } = found ?? { plan: cut, confirmation: null };
    await edit((text) => text.replace('title: PyTorch', 'title: PyTorch, edited'));
    expect(await goOn(plan, confirmation)).toMatchObject({ end: 'refused', codes: ['train-changed'] });
    const anew = await planned(world, cutCandidate);
    expect(anew.body.steps).toEqual(plan.body.steps);
    const before = await world.as('ada-rm', async (app) => granted(await showPlan(app, plan.id)));
    const after = await world.as('ada-rm', async (app) => granted(await showPlan(app, anew.id)));
    expect([before.approvals.length, after.approvals.length]).toEqual([2, 0]);
    expect(await goOn(anew, confirmation)).toMatchObject({ end: 'refused', codes: ['approvals-missing'] });
    expect((await pictureOf(world)).filter((line) => line.includes(`refs/tags/v${RELEASE_2_8}-rc1`))).toEqual([]);
    for (const login of ['bruno-rm', 'cleo-core'])
      await world.as(login, async (app) => granted(await approvePlan(app, anew.id)));
    expect(await goOn(anew, confirmation)).toEqual({ end: 'finished' });
  });
});

async function edit(change: (text: string) => string): Promise<void> {
  const before = await readFile(world.trainFile, 'utf8');
  const after = change(before);
  expect(after).not.toBe(before);
  await writeFile(world.trainFile, after);
}
