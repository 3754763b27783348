import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { addSeconds } from '../../domain/instant.ts';
import { ReleaseVersion } from '../../domain/version.ts';
import { candidate, patchTrain, patchWorld } from '../../testing/patch-world.ts';
import { CORE, type PickWorld } from '../../testing/pick-app.ts';
import type { App } from '../app.ts';
import { applyPlan } from '../apply-plan.ts';
import { cutCandidate } from '../cut-candidate.ts';
import { judge } from '../judge.ts';
import { openTracker } from '../picks.ts';
import { createRelease } from '../releases.ts';
import { announcementOf, patchBrief } from './brief.ts';
import { readCarried } from './carried.ts';
import { decideGo } from './go.ts';
import { planAsk } from './owed.ts';
import { readOwed } from './read-owed.ts';
import { decideSchedule } from './schedule.ts';
import { decideTriage, planMilestones } from './triage.ts';

const release = ReleaseVersion.parse('2.8.1');
let folder = '';
let world: PickWorld;

const calendar = {
  cadence: {
    '2.8': { cut: { on: '2026-05' }, release: { on: '2026-06-02' }, patches: [{ on: '2026-07-08' }] },
    '2.9': { cut: { on: '2026-09' }, release: { on: '2026-10' } },
  },
  milestones: [{ id: 'P1', title: 'Cherry-picks end', anchor: 'patch', days: -14 }],
};

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'patch-'));
  world = await patchWorld(folder, patchTrain({}, { calendar }));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const run = { confirmation: null, stop: new AbortController().signal, report: () => {} };
const text = (...lines: readonly string[]) =>
  ['one of many', 'two of many', ...lines].map((each) => `${each}\n`).join('');

const fix = (name: string) => ({
  [`${name}.py`]: text(`${name} is fixed`, `by these lines of ${name}`, 'which are long'),
});

/** A merged change as the forge lists it among issues. */
function listed(app: App, number: number, milestone: string | null) {
  return {
    number,
    title: `Fix ${number}`,
    body: '',
    isPullRequest: true,
    open: false,
    author: 'alice',
    assignees: [],
    labels: [],
    milestone,
    openedAt: app.clock.now(),
    updatedAt: app.clock.now(),
    link: `https://forge.example/acme/core/pull/${number}`,
  };
}

it(
  'a patch release goes from triage to its tracker: nothing of it opens before somebody said go',
  { timeout: 120_000 },
  async () => {
    const { forge } = world;
    const rita = world.appOf('rita');
    await createRelease(rita, release);
    const item = await candidate(forge, { title: 'matmul is wrong', labels: ['regression', 'high priority'] });
    const [, landed] = await world.commit([
      { branch: 'release/2.8', message: 'Cut', files: { cut: 'cut\n' } },
      {
        message: `Fix matmul (#901)\n\nFixes #${item}`,
        files: { 'matmul.py': text('it is right now', 'by three', 'lines') },
      },
    ]);
    if (landed === undefined) throw new Error('no fix');
    world.merged({ number: 901, title: 'Fix matmul', commit: landed });
    forge.repo(CORE).items.push(listed(rita, 901, null));
    await forge.forge.issues.close(CORE, item);
    const accepted = { item, verdict: 'accepted', reason: 'silently wrong', people: ['ben'] } as const;
    expect(await decideTriage(world.appOf('tess'), release, accepted)).toMatchObject({ ok: true });

    // Shut: neither a tracker nor a candidate.
    const shut = await openTracker(rita, { release, dryRun: false });
    expect(shut).toMatchObject({ ok: false, problems: [{ code: 'gate-blocked' }] });
    expect(JSON.stringify(shut)).toContain('go-no-go');
    expect(JSON.stringify(await cutCandidate(rita, { release, dryRun: true }))).toContain('go-no-go');

    const milestones = await planMilestones(rita, { release, dryRun: false });
    const plan = milestones.ok && milestones.value.kind === 'planned' ? milestones.value.view.plan.id : '';
    expect(await applyPlan(rita, { id: plan, ...run })).toMatchObject({ ok: true, value: { end: 'finished' } });

    const brief = await patchBrief(rita, release);
    expect(brief).toMatchObject({
      accepted: [{ title: 'matmul is wrong', decision: { by: 'tess' }, fix: { value: { verdict: 'missing' } } }],
      counts: { declined: 0, open: 0 },
      risk: { fixes: 1, unknown: 0, files: 1, largest: { what: `core#${item}` } },
      decision: { is: 'open' },
      dates: { are: 'proposed', schedule: { day: '2026-07-08' } },
      owed: { value: { owed: [{ pull: 901, author: 'alice', items: [item], askedAt: null }] } },
    });
    expect(announcementOf(brief)).toContain(`- core#${item} matmul is wrong`);

    expect(await decideGo(world.appOf('tess'), release, { decision: 'go', reason: 'x', people: [] })).toMatchObject({
      ok: false,
      problems: [{ kind: 'not-allowed' }],
    });
    expect(await decideGo(rita, release, { decision: 'go', reason: 'one regression', people: ['ben'] })).toMatchObject({
      ok: true,
      value: { is: 'go' },
    });
    expect(await openTracker(rita, { release, dryRun: false })).toMatchObject({ ok: true, value: { kind: 'planned' } });
    expect(JSON.stringify(await cutCandidate(rita, { release, dryRun: true }))).not.toContain('not judged');
    const scheduled = await decideSchedule(rita, { release, from: null, weeks: null }, 'five weeks');
    expect(scheduled).toMatchObject({ ok: true, value: { schedule: { day: '2026-07-08' }, change: null } });
    expect((await patchBrief(rita, release)).dates).toMatchObject({ are: 'decided', schedule: { by: 'rita' } });

    // A newer minor is out: no further go, and no dates.
    await world.tag('v2.9.0', landed);
    const late = { ok: false, problems: [{ code: 'not-the-latest-minor' }] };
    expect(await decideGo(rita, release, { decision: 'go', reason: 'again', people: [] })).toMatchObject(late);
    expect(await decideSchedule(rita, { release, from: null, weeks: null }, 'again')).toMatchObject(late);
  },
);

it(
  'an author who has not posted a pick is asked once; a posted pick, by hand too, is owed no more; after the deadline it is late',
  { timeout: 120_000 },
  async () => {
    const { forge } = world;
    // The forge in memory writes comments by one login, whoever looks.
    const rita = { ...world.appOf('rita'), forge: forge.forge };
    await createRelease(rita, release);
    const core = forge.repo(CORE);
    const ids = await world.commit([
      { branch: 'release/2.8', message: 'Cut', files: { cut: 'cut\n' } },
      { message: 'Fix one (#901)', files: { 'one.py': text('fixed by this', 'and by that') } },
      { message: 'Fix two (#902)', files: { 'two.py': text('mended by this', 'and by that') } },
    ]);
    await forge.forge.milestones.create(CORE, { title: '2.8.1', description: '' });
    for (const [index, number] of [901, 902].entries()) {
      const commit = ids[index + 1];
      if (commit === undefined) throw new Error('no commit');
      world.merged({ number, title: `Fix ${number}`, commit });
      core.items.push(listed(rita, number, '2.8.1'));
    }
    expect((await readOwed(rita, release)).owed.map(({ pull }) => pull)).toEqual([901, 902]);
    const pull = core.pulls.find(({ number }) => number === 902);
    if (pull === undefined) throw new Error('no pull request');
    const byHand = { number: 950, title: 'Cherry-pick of #902', state: 'open', base: 'release/2.8' } as const;
    core.pulls.push({ ...pull, ...byHand, mergeCommit: null, mergedAt: null });
    expect((await readOwed(rita, release)).owed.map(({ pull: one }) => one)).toEqual([901]);

    const planned = await planAsk(rita, { release, dryRun: false });
    const id = planned.ok && planned.value.kind === 'planned' ? planned.value.view.plan.id : '';
    expect(await applyPlan(rita, { id, ...run })).toMatchObject({ ok: true, value: { end: 'finished' } });
    const asked = core.comments.filter(({ body }) => body.includes('signalbox:owed'));
    expect(asked.map(({ item, body }) => [item, body.includes('2026-06-24 17:00 UTC')])).toEqual([[901, true]]);
    expect((await readOwed(rita, release)).owed[0]?.askedAt).not.toBeNull();
    expect(await planAsk(rita, { release, dryRun: true })).toMatchObject({
      ok: true,
      value: { kind: 'nothing-to-do' },
    });

    const owedGate = async (now = rita.clock.now()) =>
      (await judge({ ...rita, clock: { now: () => now } }, release, { families: ['author-owed'] })).gates[0];
    expect(await owedGate()).toMatchObject({ verdict: 'failing', owners: ['alice', 'rita', 'ann'] });
    expect(await owedGate(addSeconds(rita.clock.now(), 30 * 86_400))).toMatchObject({
      verdict: 'pass',
      summary: 'not included, posted by nobody before the deadline: core#901',
    });
  },
);

it(
  'what the line before got and the next has not is missing there, by correspondence: picked, inherited, dropped by main',
  { timeout: 120_000 },
  async () => {
    const app = world.appOf('rita');
    const line = { branch: 'release/2.8' };
    await world.commit([
      { ...line, message: '[RELEASE-ONLY CHANGES] Cut', files: { cut: 'cut\n' } },
      { message: 'Fix early (#1)', files: fix('early') },
      { ...line, message: 'Fix early (#1) (#2)', files: fix('early') },
      { branch: 'release/2.9', message: '[RELEASE-ONLY CHANGES] Cut', files: { cut: 'cut of 2.9\n' } },
      { message: 'Fix late (#3)', files: fix('late') },
      { ...line, message: 'Fix late (#3) (#4)', files: fix('late') },
      { message: 'Fix carried (#5)', files: fix('carried') },
      { ...line, message: 'Fix carried (#5) (#6)', files: fix('carried') },
      { branch: 'release/2.9', message: 'Fix carried (#5) (#7)', files: fix('carried') },
      { ...line, message: 'Fix here alone (#8)', files: fix('alone') },
    ]);
    const next = ReleaseVersion.parse('2.9.0');
    const [core, ...others] = await readCarried(app, next);
    expect(others.map(({ found }) => found.known && found.value)).toEqual([null, null, null]);
    const found = core?.found.known === true ? core.found.value : null;
    expect(found?.from).toBe('2.8');
    expect(found?.carried.not.map(({ pull, is }) => [pull, is]).toSorted()).toEqual([
      [4, 'missing'],
      [8, 'not-on-main'],
    ]);
    expect(found?.carried.carried).toBe(2);
    const { gates } = await judge(app, next, { families: ['carry-forward'] });
    expect(gates).toMatchObject([{ verdict: 'failing' }]);
    expect(gates[0]?.summary).toContain('2 of 2.8 missing');
  },
);
