import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ReleaseVersion } from '../../domain/version.ts';
import { candidate, patchWorld } from '../../testing/patch-world.ts';
import { CORE, type PickWorld } from '../../testing/pick-app.ts';
import { worldFailure } from '../../testing/small-train.ts';
import { applyPlan } from '../apply-plan.ts';
import { entriesOf } from '../record.ts';
import { createRelease } from '../releases.ts';
import { checkCandidate, decideTriage, planMilestones, triageOf } from './triage.ts';

const release = ReleaseVersion.parse('2.8.1');
let folder = '';
let world: PickWorld;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'triage-'));
  world = await patchWorld(folder);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const decide = (login: string, item: number, verdict: 'accepted' | 'declined' = 'accepted') =>
  decideTriage(world.appOf(login), release, { item, verdict, reason: 'silently wrong', people: ['ben'] });

describe('the inbox of triage', () => {
  it('tells of each candidate what the evidence suggests, and where its fix is by real history', async () => {
    const { forge } = world;
    const wrong = await candidate(forge, {
      title: 'matmul is wrong',
      body: 'There is no workaround',
      labels: ['high priority', 'regression'],
    });
    const open = await candidate(forge, { title: 'Slow on my machine' });
    const docs = await candidate(forge, { title: 'A typo', labels: ['docs'] });
    await world.commit([
      { branch: 'release/2.8', message: 'Cut', files: { cut: 'cut\n' } },
      { message: `Fix matmul (#901)\n\nFixes #${wrong}`, files: { 'matmul.py': 'one\ntwo\nthree\nright\n' } },
      { message: `Mend a typo (#902)\n\nFixes #${docs}`, files: { 'docs.md': 'a page\nwith many\nlines of text\n' } },
      {
        branch: 'release/2.8',
        message: 'Mend a typo (#902) (#903)',
        files: { 'docs.md': 'a page\nwith many\nlines of text\n' },
      },
    ]);
    const triage = await triageOf(world.appOf('alice'), release);
    expect(triage.unread).toEqual([]);
    expect(triage.rows.map(({ facts, suggestion }) => [facts.item.number, suggestion.suggests])).toEqual([
      [wrong, 'accept'],
      [open, 'unknown'],
      [docs, 'decline'],
    ]);
    expect(triage.rows.map(({ facts }) => facts.fix)).toMatchObject([
      { known: true, value: { verdict: 'missing', commits: [{ pull: 901 }] } },
      { known: true, value: { verdict: 'no-commit', commits: [] } },
      { known: true, value: { verdict: 'on-line', commits: [{ pull: 902 }] } },
    ]);
  });

  it('says which repository could not be read, and that comments could not, instead of leaving something out', async () => {
    const { forge } = world;
    await candidate(forge, { title: 'It crashes', labels: ['crash'] });
    const app = world.appOf('alice');
    if (app.forge === null) throw new Error('the world has a forge');
    const { items, comments } = app.forge;
    const broken = {
      ...app.forge,
      comments: { ...comments, list: () => Promise.reject(worldFailure('unavailable', 'the forge is away')) },
      items: {
        ...items,
        labelled: (...[repo, label, state]: Parameters<typeof items.labelled>) =>
          repo === CORE
            ? items.labelled(repo, label, state)
            : Promise.reject(worldFailure('not-allowed', 'the forge said 403')),
      },
    };
    const triage = await triageOf({ ...app, forge: broken }, release);
    expect(triage.unread.map(({ repo }) => repo)).toEqual(['infra', 'vision', 'audio']);
    expect(triage.rows[0]?.suggestion.criteria[2]).toMatchObject({
      answer: 'unknown',
      why: 'nothing speaks for an answer; its comments could not be read: the forge is away',
    });
  });
});

describe('deciding about a candidate', () => {
  it('is a triage reviewer’s alone, and what others tried is written down', async () => {
    const item = await candidate(world.forge, { title: 'It crashes' });
    expect(await decide('rita', item)).toMatchObject({ ok: false, problems: [{ kind: 'not-allowed' }] });
    const app = world.appOf('tess');
    expect((await entriesOf(app, release)).at(-1)).toMatchObject({ actor: 'rita', event: { type: 'refused' } });
    expect(await decide('tess', item)).toMatchObject({
      ok: true,
      value: { decision: { verdict: 'accepted', by: 'tess', people: ['ben'], suggested: 'unknown' } },
    });
    expect((await triageOf(app, release)).rows[0]?.decision).toMatchObject({ reason: 'silently wrong' });
  });

  it('needs a candidate: an item with the label, that is there', async () => {
    const item = world.forge.writeIssue(CORE, 'alice', { title: 'It crashes', body: '' });
    expect(await decide('tess', item)).toMatchObject({ ok: false, problems: [{ code: 'not-a-candidate' }] });
    expect(await decide('tess', 4711)).toMatchObject({ ok: false, problems: [{ code: 'candidate-unknown' }] });
    const app = world.appOf('tess');
    expect(await checkCandidate(app, release, { item, repo: 'nowhere' })).toMatchObject({
      ok: false,
      problems: [{ code: 'repo-unknown' }],
    });
    const strange = { item, verdict: 'accepted', reason: 'x', people: ['--exec'] } as const;
    expect(await decideTriage(app, release, strange)).toMatchObject({ ok: false, problems: [{ code: 'not-a-login' }] });
  });

  it('is followed by the milestone through a plan, which adopts, and stops when somebody decided otherwise meanwhile', async () => {
    const { forge } = world;
    const [one, two] = [await candidate(forge, { title: 'One' }), await candidate(forge, { title: 'Two' })];
    await decide('tess', one);
    await decide('tess', two);
    const app = world.appOf('rita');
    await createRelease(app, release);
    const planned = await planMilestones(app, { release, dryRun: false });
    const id = planned.ok && planned.value.kind === 'planned' ? planned.value.view.plan.id : '';
    // Before it is applied one was moved by hand to where it belongs, and the other elsewhere.
    await forge.forge.milestones.create(CORE, { title: '2.8.1', description: '' });
    await forge.forge.milestones.create(CORE, { title: '2.9.0', description: '' });
    await forge.forge.items.setMilestone(CORE, one, '2.8.1');
    await forge.forge.items.setMilestone(CORE, two, '2.9.0');
    const run = { confirmation: null, stop: new AbortController().signal, report: () => {} };
    const applied = await applyPlan(app, { id, ...run });
    expect(applied.ok && applied.value.end).not.toBe('finished');
    const inMilestone = async (item: number) => (await forge.forge.issues.get(CORE, item))?.milestone;
    expect(await inMilestone(two)).toBe('2.9.0');
    await forge.forge.items.setMilestone(CORE, two, null);
    const again = await planMilestones(app, { release, dryRun: false });
    const next = again.ok && again.value.kind === 'planned' ? again.value.view.plan.id : '';
    expect(await applyPlan(app, { id: next, ...run })).toMatchObject({ ok: true, value: { end: 'finished' } });
    expect([await inMilestone(one), await inMilestone(two)]).toEqual(['2.8.1', '2.8.1']);
    expect(await planMilestones(app, { release, dryRun: true })).toMatchObject({
      ok: true,
      value: { kind: 'nothing-to-do', why: 'The milestones of 2.8.1 say what triage decided.' },
    });
  });
});
