import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { ObjectId } from '../../domain/git-names.ts';
import { addSeconds, Instant } from '../../domain/instant.ts';
import { ReleaseVersion } from '../../domain/version.ts';
import type { Jobs } from '../../ports/jobs.ts';
import { fixedClock, type FixedClock } from '../../testing/fixed-clock.ts';
import { memoryJobs } from '../../testing/memory-jobs.ts';
import { CORE, pickWorld, type PickWorld } from '../../testing/pick-app.ts';
import type { App } from '../app.ts';
import { applyPlan } from '../apply-plan.ts';
import { requestPick } from '../picks/request.ts';
import { openTracker } from '../picks/tracker-open.ts';
import { createRelease } from '../releases.ts';
import { startClockwork } from './clockwork.ts';
import { handleLastTry } from './handle.ts';

const RELEASE = ReleaseVersion.parse('2.8.0');
const BOT = 'signalbox[bot]';
/** M4: the last moment for picks of 2.8.0 in this train. */
const CLOSES = Instant.parse('2026-06-15T17:00:00Z');
const HOUR = 3600;

let folder = '';
let world: PickWorld;
let clock: FixedClock;
let jobs: Jobs;
let app: App;
let told: string[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'clockwork-'));
  world = await pickWorld(folder, {
    roles: { 'release-manager': ['rita', BOT], 'repo-owner': [], 'triage-reviewer': [], approver: [] },
    calendar: {
      cadence: { '2.8': { cut: { on: '2026-06-01' }, release: { on: '2026-07-02' } } },
      milestones: [
        { id: 'M3.1', title: 'End of phase 1', anchor: 'cut', days: 7 },
        { id: 'M4', title: 'Last picks', anchor: 'cut', days: 14 },
      ],
    },
  });
  clock = fixedClock(addSeconds(CLOSES, -96 * HOUR));
  jobs = memoryJobs(() => clock.now());
  app = { ...world.appOf(BOT), clock, jobs: () => Promise.resolve(jobs) };
  told = [];
  const [layout] = await world.commit([{ message: 'New layout (#9)', files: { 'layout.txt': 'new\n' } }]);
  await world.commit([{ branch: 'release/2.8', message: '[release only] Pin', files: { 'pin.txt': 'pin\n' } }]);
  const [fix] = await world.commit([
    { message: 'Fix NaN (#12)', files: { 'nan.txt': 'none\n' } },
    { message: `Revert "New layout (#9)"\n\nThis reverts commit ${layout ?? ''}.`, files: { 'layout.txt': null } },
  ]);
  world.merged({ number: 12, title: 'Fix NaN', commit: need(fix) });
  for (let issue = 1; issue <= 12; issue += 1) world.forge.writeIssue(CORE, 'alice', { title: 'NaN', body: '' });
  const created = await createRelease(app, RELEASE);
  if (!created.ok) throw new Error(created.problems[0].text);
  const asked = await requestPick(app, {
    pr: 12,
    onto: ['release/2.8'],
    class: 'regression',
    fixes: 'https://forge.example/acme/core/issues/5',
    dryRun: false,
    by: 'alice',
  });
  if (!asked.ok || asked.value[0]?.outcome.ok !== true) throw new Error(JSON.stringify(asked));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function need(id: ObjectId | undefined): ObjectId {
  if (id === undefined) throw new Error('the commit was not made');
  return id;
}

/** A bot that is started, looks at the clock so many times, and is ended. */
async function bot(ticks = 1, as: App = app): Promise<void> {
  const clockwork = await startClockwork(as, (event, facts) => told.push(`${event} ${JSON.stringify(facts)}`));
  for (let tick = 0; tick < ticks; tick += 1) {
    await clockwork.tick();
    // In memory a queue that is closed has done what was in it.
    await jobs.close();
    clock.move(60);
  }
  await clockwork.stop();
}

const said = (): readonly string[] =>
  world.forge.repo(CORE).comments.flatMap(({ item, body }) => (item === 12 && body.includes('<!--') ? [body] : []));

const remindersOn = (item: number): readonly string[] =>
  world.forge
    .repo(CORE)
    .comments.flatMap((comment) =>
      comment.item === item && comment.body.includes('signalbox:reminder') ? [comment.body] : [],
    );

const at = (hoursLeft: number): void => clock.set(addSeconds(CLOSES, -hoursLeft * HOUR));

async function openedTracker(): Promise<number> {
  const planned = await openTracker(app, { release: RELEASE, dryRun: false });
  if (!planned.ok || planned.value.kind !== 'planned') throw new Error('the tracker is not planned');
  const { id } = planned.value.view.plan;
  await applyPlan(app, { id, confirmation: null, stop: new AbortController().signal, report: () => {} });
  return world.forge.repo(CORE).items.find(({ body }) => body.includes('signalbox:tracker 2.8.0'))?.number ?? 0;
}

it('reminds 72, 24 and 4 hours before the window closes, each once, also when the bot was down at the moment', async () => {
  await bot(6);
  expect(remindersOn(12)).toEqual([]);
  at(72);
  await bot(6);
  expect(remindersOn(12)).toHaveLength(1);
  expect(remindersOn(12)[0]).toContain('@rita');
  expect(remindersOn(12)[0]).toContain('closes in 3 d, at Mon 15 Jun 2026 17:00 UTC');
  // Again and again, and started anew: nothing more until the next hour comes.
  at(60);
  await bot(3);
  await bot(3);
  expect(remindersOn(12)).toHaveLength(1);
  // Down at 24 hours before, back at 20: said late, once.
  at(20);
  await bot(6);
  await bot();
  expect(remindersOn(12)).toHaveLength(2);
  expect(remindersOn(12)[1]).toContain('closes in 20 h');
  at(4);
  await bot(6);
  expect(remindersOn(12)).toHaveLength(3);
  at(-1);
  await bot(6);
  expect(remindersOn(12)).toHaveLength(3);
  expect(told.filter((line) => line.startsWith('reminded'))).toHaveLength(3);
}, 60_000);

it('is reminded of by one bot, however many run', async () => {
  at(72);
  const others = [1, 2, 3].map(() => bot());
  await Promise.all(others);
  expect(remindersOn(12)).toHaveLength(1);
  expect(await jobs.known('clockwork', [`span ${Instant.parse('2026-06-12T17:00:00.000Z')}`])).toHaveProperty(
    'size',
    1,
  );
});

it('is said once when the ledger was lost right after it was said, and written down by the next look', async () => {
  at(72);
  const ledger = await app.ledger();
  const lost: App = {
    ...app,
    ledger: () =>
      Promise.resolve({
        ...ledger,
        append: async (train, drafts) => {
          if (drafts.some(({ event }) => event.type === 'pick-reminded'))
            throw Object.assign(new Error('the database went away'), { code: 'unavailable' });
          return ledger.append(train, drafts);
        },
      }),
  };
  await bot(1, lost);
  expect(told).toEqual(['clockwork-failed {"reason":"the database went away"}']);
  expect(remindersOn(12)).toHaveLength(1);
  clock.move(600);
  await bot();
  expect(remindersOn(12)).toHaveLength(1);
  const reminded = async () =>
    (await ledger.read({ train: app.loaded.train.train })).filter(({ event }) => event.type === 'pick-reminded');
  expect(await reminded()).toHaveLength(1);
  // A stranger who copies the marker of a reminder keeps nobody from being reminded.
  at(24);
  const marker = `<!-- signalbox:reminder core/12>release/2.8 24 ${CLOSES} -->`;
  const moment = clock.now();
  const copied = { item: 12, author: 'mallory', body: marker, writtenAt: moment, editedAt: moment, link: '' };
  world.forge.repo(CORE).comments.push({ id: 9999, ...copied });
  await bot();
  expect(remindersOn(12).filter((body) => body !== marker)).toHaveLength(2);
});

it('tells who gave a command when its last try failed, once, and is no answer', async () => {
  const { forge } = app;
  if (forge === null) throw new Error('there is no forge');
  const comment = await forge.comments.write(CORE, 12, 'seen from outside');
  const delivery = {
    event: 'comment-written',
    id: 'd-1',
    repo: CORE,
    by: 'alice',
    at: clock.now(),
    item: 12,
    isPullRequest: true,
    comment: comment.id,
    body: '@pytorchbot cherry-pick status',
  } as const;
  const failure = Object.assign(new Error('the database went away.'), { code: 'unavailable' });
  const broken: App = { ...app, ledger: () => Promise.reject(failure) };
  await expect(handleLastTry(broken, delivery)).rejects.toThrow('the database went away');
  await expect(handleLastTry(broken, delivery)).rejects.toThrow('the database went away');
  expect(said()).toEqual([
    `<!-- signalbox:trouble ${comment.id} -->\n@alice I could not do this: the database went away. It is kept; whoever runs the bot tries it again with \`signalbox bot revive --all\``,
  ]);
  await handleLastTry(app, delivery);
  expect(said()).toHaveLength(2);
  expect(said()[1]).toContain(`signalbox:answer ${comment.id}.0`);
});

it('reminds release managers in the tracker of the reverts that the line owes, once at each hour', async () => {
  const tracker = await openedTracker();
  at(72);
  await bot(6);
  await bot(6);
  const [only, ...more] = remindersOn(tracker);
  expect(more).toEqual([]);
  expect(only).toContain('@rita');
  expect(only).toContain('1 change that main took back');
  expect(only).toContain('acme/core#9');
  at(4);
  await bot(2);
  expect(remindersOn(tracker)).toHaveLength(2);
});
