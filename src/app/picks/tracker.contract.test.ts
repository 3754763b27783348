import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { ObjectId } from '../../domain/git-names.ts';
import { RepoSlug } from '../../domain/repo.ts';
import { ReleaseVersion } from '../../domain/version.ts';
import { readNomination } from '../../process/06-cherry-pick/index.ts';
import { CORE, pickWorld, type PickWorld } from '../../testing/pick-app.ts';
import type { App } from '../app.ts';
import { applyPlan } from '../apply-plan.ts';
import type { Planned } from '../planned.ts';
import { createRelease } from '../releases.ts';
import { requestPick } from './request.ts';
import { openTracker } from './tracker-open.ts';
import { syncTracker } from './tracker.ts';

const RELEASE = ReleaseVersion.parse('2.8.0');
const VISION = RepoSlug.parse('acme/vision');
const ISSUE = 'https://forge.example/acme/core/issues/5';
const MARKER = '<!-- signalbox:tracker 2.8.0 -->';

let folder = '';
let world: PickWorld;
let rita: App;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tracker-'));
  world = await pickWorld(folder);
  // The bot and the manager write with one login here, that of the forge in memory.
  rita = world.appOf('signalbox[bot]');
  rita = { ...rita, loaded: trusting(rita) };
  await world.commit([{ branch: 'release/2.8', message: '[release only] Pin', files: { 'pin.txt': 'pin\n' } }]);
  const created = await createRelease(rita, RELEASE);
  if (!created.ok) throw new Error(created.problems[0].text);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function trusting({ loaded }: App): App['loaded'] {
  const { train } = loaded;
  const managers = [...train.roles['release-manager'], 'signalbox[bot]'];
  return { ...loaded, train: { ...train, roles: { ...train.roles, 'release-manager': managers } } };
}

async function carryOut(planned: Planned): Promise<void> {
  if (planned.kind !== 'planned') throw new Error(planned.why);
  const { id } = planned.view.plan;
  const quiet = { confirmation: null, stop: new AbortController().signal, report: () => {} };
  const applied = await applyPlan(rita, { id, ...quiet });
  expect(applied.ok && applied.value.end).toBe('finished');
}

async function open(): Promise<Planned> {
  const planned = await openTracker(rita, { release: RELEASE, dryRun: false });
  if (!planned.ok) throw new Error(planned.problems[0].text);
  return planned.value;
}

async function sync(app: App = rita) {
  const synced = await syncTracker(app, RELEASE);
  if (!synced.ok) throw new Error(synced.problems[0].text);
  return synced.value;
}

const bodyOf = (slug: RepoSlug, number: number): string =>
  world.forge.repo(slug).items.find((item) => item.number === number)?.body ?? '';

const commentsOn = (slug: RepoSlug, number: number): readonly string[] =>
  world.forge.repo(slug).comments.flatMap(({ item, body }) => (item === number ? [body] : []));

function need(id: ObjectId | undefined): ObjectId {
  if (id === undefined) throw new Error('the commit was not made');
  return id;
}

it('has an issue in each repository, found by its number, whatever an outsider opens and whatever people do to its title', async () => {
  const fake = { title: '[v.2.8.0] Release Tracker', body: `${MARKER}\nfake\n<!-- signalbox:end -->` };
  const fakes = [CORE, VISION].map((slug) => world.forge.writeIssue(slug, 'mallory', fake));
  const planned = await open();
  expect(planned.notes).toHaveLength(2);
  await carryOut(planned);
  const { trackers, held } = await sync();
  expect(held).toEqual([]);
  expect(trackers.map(({ repo, changed }) => `${repo} ${changed}`)).toEqual([
    'core true',
    'infra true',
    'vision true',
    'audio true',
  ]);
  const [core, , vision] = trackers;
  expect(fakes).not.toContain(core?.number);
  for (const [index, slug] of [CORE, VISION].entries()) expect(bodyOf(slug, fakes[index] ?? 0)).toBe(fake.body);
  expect(bodyOf(CORE, core?.number ?? 0)).toContain(`acme/vision#${vision?.number ?? ''}`);
  expect(bodyOf(VISION, vision?.number ?? 0)).toContain(`This mirrors acme/core#${core?.number ?? ''}`);
  // A second plan has nothing to do; a new title, a lost marker and a note below change nothing of that.
  expect((await open()).kind).toBe('nothing-to-do');
  const item = world.forge.repo(VISION).items.find(({ number }) => number === vision?.number);
  if (item === undefined) throw new Error('there is no mirror');
  item.title = 'renamed by hand';
  item.body = `${item.body.replace(MARKER, '')}\nOur notes.\n`;
  const again = await sync();
  expect(again.trackers.map(({ number }) => number)).toEqual(trackers.map(({ number }) => number));
  expect(item.body).toContain('Our notes.');
  expect(item.body.split('<!-- signalbox:end -->')).toHaveLength(2);
  expect(world.forge.repo(VISION).items.filter(({ author }) => author !== 'mallory')).toHaveLength(1);
});

it('is refused with what to do: where there is none, and where it was closed', async () => {
  const none = await syncTracker(rita, RELEASE);
  expect(none.ok ? '' : none.problems[0].text).toContain('signalbox tracker open 2.8.0');
  await carryOut(await open());
  const [core] = (await sync()).trackers;
  await world.forge.forge.issues.close(CORE, core?.number ?? 0);
  const closed = await syncTracker(rita, RELEASE);
  expect(closed.ok ? '' : closed.problems[0].text).toContain('Reopen it there');
  const planned = await openTracker(rita, { release: RELEASE, dryRun: true });
  expect(planned.ok ? '' : planned.problems[0].code).toBe('tracker-closed');
});

it('keeps what people type while it is being rendered', async () => {
  await carryOut(await open());
  const [core] = (await sync()).trackers;
  const number = core?.number ?? 0;
  const { forge } = rita;
  if (forge === null) throw new Error('there is no forge');
  // Somebody saves a note between the first look and the last one before the edit.
  const busy: App = {
    ...rita,
    forge: {
      ...forge,
      milestones: {
        ...forge.milestones,
        find: async (slug, title) => {
          const item = world.forge.repo(CORE).items.find((each) => each.number === number);
          if (item !== undefined && !item.body.includes('typed')) item.body += '\ntyped meanwhile\n';
          return forge.milestones.find(slug, title);
        },
      },
    },
  };
  await forge.milestones.create(CORE, { title: '2.8.0', description: '' });
  await forge.issues.create(CORE, { title: 'To do', body: '', labels: [], milestone: '2.8.0', assignees: [] });
  await sync(busy);
  expect(bodyOf(CORE, number)).toContain('typed meanwhile');
  expect(bodyOf(CORE, number)).toContain('## Milestone (1)\n- [ ] #');
});

it('TRK-03: tells each landing once in three blocks, also when the receipt of the comment was lost, and the revert too', async () => {
  const [fix] = await world.commit([{ message: 'Fix NaN (#12)', files: { 'nan.txt': 'no NaN in the sum\n' } }]);
  world.merged({ number: 12, title: 'Fix NaN', commit: need(fix) });
  for (const title of ['1', '2', '3', '4', 'NaN']) world.forge.writeIssue(CORE, 'alice', { title, body: '' });
  await carryOut(await open());
  const [core] = (await sync()).trackers;
  const number = core?.number ?? 0;
  const asked = await requestPick(rita, {
    pr: 12,
    onto: ['release/2.8'],
    class: 'regression',
    fixes: ISSUE,
    dryRun: false,
  });
  const outcome = asked.ok ? asked.value[0]?.outcome : null;
  if (outcome?.ok !== true || outcome.value.kind !== 'planned') throw new Error(JSON.stringify(asked));
  await carryOut(outcome.value.planned);
  expect((await sync()).trackers[0]?.landings).toBe(0);
  const pull = world.forge.repo(CORE).pulls.find(({ base }) => base === 'release/2.8');
  const [landed] = await world.commit([
    {
      branch: 'release/2.8',
      message: `Fix NaN (#12) (#${pull?.number ?? ''})\n\n(cherry picked from commit ${fix ?? ''})`,
      files: { 'nan.txt': 'no NaN in the sum\n' },
    },
  ]);
  world.forge.merge(CORE, pull?.number ?? 0, need(landed));
  // The comment is written, and the answer to it is lost.
  const { forge } = rita;
  if (forge === null) throw new Error('there is no forge');
  const losing: App = {
    ...rita,
    forge: {
      ...forge,
      comments: {
        ...forge.comments,
        write: async (...args) => {
          await forge.comments.write(...args);
          throw Object.assign(new Error('the answer was lost'), { code: 'unreachable' });
        },
      },
    },
  };
  await expect(sync(losing)).rejects.toThrow('the answer was lost');
  expect((await sync()).trackers[0]?.landings).toBe(0);
  const [only, ...more] = commentsOn(CORE, number);
  expect(more).toEqual([]);
  expect(readNomination(only ?? '')).toMatchObject({
    trunk: [{ number: 12, reverts: false }],
    release: [{ number: pull?.number }],
    class: 'regression',
  });
  const [back] = await world.commit([
    {
      branch: 'release/2.8',
      message: `Revert "Fix NaN (#12)"\n\nThis reverts commit ${landed ?? ''}.`,
      files: { 'nan.txt': null },
    },
  ]);
  expect((await sync()).trackers[0]?.landings).toBe(1);
  expect((await sync()).trackers[0]?.landings).toBe(0);
  const [first, second] = commentsOn(CORE, number);
  expect(readNomination(first ?? '')?.revertedBy).toMatchObject([{ commit: back }]);
  expect(readNomination(second ?? '')).toMatchObject({ class: 'revert', trunk: [{ number: 12, reverts: true }] });
});
