import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { stringify } from 'yaml';
import { gitWithHistory } from '../../adapters/git/index.ts';
import { loadTrain } from '../../config/load.ts';
import { pythonReleasesFor } from '../../config/python-releases-file.ts';
import { MonthOrDay } from '../../domain/month.ts';
import { ReleaseVersion } from '../../domain/version.ts';
import type { Result } from '../../domain/result.ts';
import { announceSandbox, type AnnounceSandbox } from '../../testing/announce-sandbox.ts';
import { cliRun } from '../../testing/cli-terminal.ts';
import { withCrashPoints } from '../../testing/crash.ts';
import { testGit } from '../../testing/git-repos.ts';
import { applyIn, planIn } from '../../testing/promotion-story.ts';
import type { App } from '../app.ts';
import { moveDate, proposeDates, type CalendarChange } from '../calendar-change.ts';
import { judge } from '../judge.ts';
import type { AppProblem } from '../problem.ts';
import { createRelease, unlockRelease } from '../releases.ts';
import { proposeSupport } from '../support-change.ts';
import type { ProposedChange } from './propose.ts';

// Real git and a forge over HTTP: long on a machine that does much else.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

const RELEASE = ReleaseVersion.parse('2.8.0');
const CALENDAR = [
  '# When Acme is released; kept by Rita.',
  'note: All dates may move.   # really',
  'cadence:',
  '  "2.7":',
  '    cut: { on: 2025-03-10 }',
  '    release: { on: 2025-04-16 }',
  "  '2.8': # the next one",
  '    cut: { on: 2025-06-24 }',
  '    release: { on: 2025-07-30, state: tentative }',
  '    patches: [{ on: 2025-09, state: tentative }, { state: not-planned }]',
  '',
  'milestones:',
  '  - { id: M6, title: Release day, anchor: release }',
  '',
].join('\r\n');
const SUPPORT = [
  '# What Acme is built for.',
  'columns:',
  '  - { id: python, kind: python, title: Python }',
  '  - { id: cuda, kind: builds, title: CUDA, accelerator: CUDA }',
  'lines:',
  '  "2.8":',
  '    python: { from: "3.8", to: "3.13" } # see the devguide',
  '    builds:',
  '      cuda:',
  '        # for old drivers',
  '        - { versions: ["11.8"] }',
  '        - { versions: ["12.4", "12.6"] } # both',
  '',
].join('\n');

let world: AnnounceSandbox;
let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'train-file-'));
  world = await announceSandbox(['ops'], { train: {}, release: RELEASE, at: '2025-06-02T09:00:00Z' });
});
afterEach(async () => {
  await world.end();
  await rm(folder, { recursive: true, force: true });
});

/** The files of the train: those of every test, with some of them as they are to be. */
function files(change: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> {
  const [, core] = Object.entries(world.appOf('rita').loaded.train.repos).find(([key]) => key === 'core') ?? [];
  const train = {
    train: 'acme',
    title: 'Acme',
    product: 'acme',
    forge: { web: 'https://forge.example', api: 'https://api.forge.example' },
    roles: { 'release-manager': ['rita'] },
    patches: {
      phases: [
        { id: 'triage', title: 'Triage', weeks: 2 },
        { id: 'picks', title: 'Picks', weeks: 3 },
      ],
    },
    trainFile: { repo: 'ops', path: 'trains/acme/train.yaml' },
    repos: {
      core: { role: 'core', slug: 'acme/core', source: 'main', remote: core?.remote },
      ops: { role: 'external', slug: 'acme/ops', source: 'main', remote: world.sandbox.gitUrl('acme', 'ops') },
    },
  };
  return { 'train.yaml': stringify(train), 'calendar.yaml': CALENDAR, 'support.yaml': SUPPORT, ...change };
}

/** Puts the files where the train file lies. */
async function there(change: Readonly<Record<string, string>> = {}): Promise<void> {
  const named = Object.entries(files(change)).map(([name, text]) => [`trains/acme/${name}`, text] as const);
  await world.push('ops', [{ files: Object.fromEntries(named) }]);
}

/** The app of somebody with the train loaded from this machine. */
async function here(change: Readonly<Record<string, string>> = {}, login = 'rita'): Promise<App> {
  await mkdir(folder, { recursive: true });
  for (const [name, text] of Object.entries(files(change))) await writeFile(join(folder, name), text);
  const loaded = await loadTrain(join(folder, 'train.yaml'));
  if (!loaded.ok) throw new Error(loaded.problems.map(({ text }) => text).join('\n'));
  const app = world.appOf(login);
  const pythonReleases = () => pythonReleasesFor(folder, app.clock.now());
  const token = () => Promise.resolve(world.sandbox.tokens[login] ?? null);
  const { git } = gitWithHistory({ mirrors: join(folder, 'mirrors'), cache: join(folder, 'cache'), token });
  return { ...app, git, dir: folder, loaded: loaded.value, pythonReleases };
}

// What lies on a branch, by name.
let clones = 0;
async function at(branch: string, name: string): Promise<string> {
  clones += 1;
  const clone = join(folder, `clone-${clones}`);
  await testGit(folder, ['clone', '--quiet', '--branch', branch, world.sandbox.gitUrl('acme', 'ops'), clone]);
  return readFile(join(clone, 'trains/acme', name), 'utf8');
}

async function pulls(): Promise<unknown> {
  return world.call('rita', { method: 'GET', path: '/repos/acme/ops/pulls?state=all' });
}

const merge = (number: number): Promise<unknown> =>
  world.call('ann', { method: 'PUT', path: `/repos/acme/ops/pulls/${number}/merge`, body: {} });

const MOVE = { release: RELEASE, milestone: 'M6', to: MonthOrDay.parse('2025-08-06'), isFixed: false, dryRun: false };
const move = (app: App, change: Partial<Parameters<typeof moveDate>[1]> = {}) =>
  moveDate(app, { ...MOVE, reason: 'ROCm 6.4: `@everybody` "late"', ...change });

/** The plan, or what there is instead. */
function plannedBy(answer: Result<{ readonly change: ProposedChange | null }, AppProblem>) {
  if (!answer.ok) throw new Error(answer.problems[0].text);
  const { change } = answer.value;
  if (change?.kind !== 'planned') throw new Error(change?.why ?? 'nothing was proposed');
  return { ok: true as const, value: change.planned };
}

const planOf = (answer: Parameters<typeof plannedBy>[0]) => planIn(plannedBy(answer));
function nothingOf(answer: Parameters<typeof plannedBy>[0]): string {
  const { value } = plannedBy(answer);
  return value.kind === 'nothing-to-do' ? value.why : 'a plan';
}
const saidBy = (problem: AppProblem | null): string => `${problem?.kind} ${problem?.code}: ${problem?.text}`;
const problemOf = (answer: Result<unknown, AppProblem>) => (answer.ok ? null : answer.problems[0]);
const MOVED =
  '    release: { on: 2025-08-06, state: tentative, moved: [{ on: 2025-06-02, from: 2025-07-30, to: 2025-08-06, by: rita, why: "ROCm 6.4: `@everybody` \\"late\\"" }] }';

it('moves a date by one pull request that changes one line; the second time it is found, merged it is there', async () => {
  await there();
  const app = await here();
  await applyIn(app, planOf(await move(app)));
  const head = 'signalbox/train/calendar-2.8.0-2025-08-06';
  const lines = CALENDAR.split('\r\n');
  const line = lines.findIndex((text) => text.includes('2025-07-30'));
  expect((await at(head, 'calendar.yaml')).split('\r\n')).toEqual(lines.with(line, MOVED));
  expect(await pulls()).toMatchObject([{ number: 1, title: 'Calendar: 2.8.0 on 6 Aug 2025', state: 'open' }]);
  // What somebody gave as a reason neither mentions nor marks up.
  expect(JSON.stringify(await pulls())).toContain('```diff\\nMoved by rita: ROCm 6.4: `@everybody`');

  expect(nothingOf(await move(app))).toContain('#1 is open and brings it');
  await merge(1);
  expect(nothingOf(await move(app))).toContain('acme/ops says so at main already. Bring that train file here');
  const pulled = await here({ 'calendar.yaml': await at('main', 'calendar.yaml') });
  expect(pulled.loaded.train.calendar.cadence).toMatchObject({ '2.8': { release: { on: '2025-08-06' } } });
  expect(await pulls()).toHaveLength(1);
});

it('goes on after it was killed between the commit and the pull request, and after the pull request', async () => {
  await there();
  const app = await here();
  const plan = planOf(await move(app));
  for (const when of ['before', 'after'] as const) {
    let isOver = false;
    const killed = withCrashPoints(app, (call, moment) => {
      isOver ||= call === 'forge.pulls.open' && moment === when;
      if (isOver) throw new Error('killed');
    });
    await expect(applyIn(killed, plan)).rejects.toThrow('killed');
    await unlockRelease(app, RELEASE, 'the process was killed');
  }
  // Planned anew it is what is left; carried out by its id it is finished.
  await applyIn(app, plan);
  expect(await pulls()).toMatchObject([{ number: 1, state: 'open' }]);
  expect(plannedBy(await move(app)).value.kind).toBe('nothing-to-do');
});

it('refuses a file that changed since, with what changed, and a plan whose branch moved on', async () => {
  await there();
  const app = await here();
  const plan = planOf(await move(app));
  await there({ 'calendar.yaml': CALENDAR.replace('2025-07-30', '2025-07-31').replace('kept by Rita', 'kept by Ann') });
  await expect(applyIn(app, plan)).rejects.toThrow(/main of ops|moved/u);
  expect(saidBy(problemOf(await move(app)))).toContain(
    'calendar.cadence."2.8".release.on: 2025-07-31 there, 2025-07-30 here',
  );
  expect(await pulls()).toEqual([]);
  // A change of words that mean nothing to the train is no change, and is kept.
  await there({ 'calendar.yaml': CALENDAR.replace('kept by Rita', 'kept by Ann') });
  await applyIn(app, planOf(await move(app)));
  expect(await at('signalbox/train/calendar-2.8.0-2025-08-06', 'calendar.yaml')).toContain('kept by Ann');
});

it('does not open again what people closed, and reads no mistakes into a plan', async () => {
  await there();
  const app = await here();
  await applyIn(app, planOf(await move(app)));
  await world.call('ann', { method: 'PATCH', path: '/repos/acme/ops/pulls/1', body: { state: 'closed' } });
  expect(problemOf(await move(app))).toMatchObject({ kind: 'conflict', code: 'pull-request-closed' });
  expect(problemOf(await move(app, { to: MonthOrDay.parse('2025-06-20') }))).toMatchObject({
    code: 'would-contradict',
    text: 'The train file would contradict itself: calendar.cadence."2.8".release.on: 2025-06-20 comes before 2025-06-24, which must come first. Nothing is planned.',
  });
  await there({ 'calendar.yaml': CALENDAR.replace('    cut: { on: 2025-03-10 }', '\tcut: { on: 2025-03-10 }') });
  expect(saidBy(problemOf(await move(app, { to: MonthOrDay.parse('2025-08-07') })))).toContain(
    'trains/acme/calendar.yaml:5:1: a tab indents this line',
  );
});

it('shows a change, and says why it is not planned, where the train does not say where its file lies', async () => {
  const train = files()['train.yaml'] ?? '';
  const app = await here({ 'train.yaml': train.replace(/trainFile:\n(?: .*\n)+?(?=\w)/u, '') });
  const answer = await move(app);
  expect(answer).toMatchObject({
    ok: true,
    value: {
      change: {
        kind: 'shown',
        edits: [
          { key: 'calendar.cadence."2.8".release.on', before: '2025-07-30', after: '2025-08-06' },
          { key: 'calendar.cadence."2.8".release.moved', before: '[]' },
        ],
      },
    },
  });
  const run = (...words: readonly string[]) => cliRun(words, { app, now: '2025-06-02T09:00:00Z' });
  const moved = await run('calendar', 'move', '2.8.0', 'release', '2025-08-06', '-m', 'late', '--yes');
  expect(moved.code).toBe(5);
  expect(moved.out).toContain('  - 2025-07-30\n  + 2025-08-06\n');
  expect(moved.out).toContain('Nothing is planned. The train file does not say where it lies itself.');
  expect((await run('calendar', 'move', '2.8.0', 'M6', '2025-08-06', '-m', 'late', '--dry-run')).code).toBe(0);
  const noDay = await run('calendar', 'move', '2.8.0', 'release', '2025-02-30', '-m', 'late', '--yes');
  expect([noDay.code, noDay.err.split('\n')[0]]).toEqual([
    2,
    'error: "2025-02-30" is neither a day nor a month of the calendar',
  ]);
  const support = await run('support', 'propose', '2.8.0', '--dry-run');
  expect(support.out).toContain('lines."2.8".python.from\n  - "3.8"\n  + "3.9"\n');
  expect((await run('support', 'propose', '2.6.0', '--yes')).err).toContain(
    'The support matrix has no line 2.6. It has: 2.8.',
  );
});

it('is asked for on the command line, shown first, and done once', async () => {
  await there();
  const app = await here();
  const run = (...words: readonly string[]) => cliRun(words, { app, now: '2025-06-02T09:00:00Z' });
  const propose = ['calendar', 'propose', '2.9.0', '--from', '2.8.0'];
  const dry = await run(...propose, '--dry-run', '--exit-code', '-v');
  expect(dry.code).toBe(10);
  expect(dry.out).toContain('+    cut: { on: 2025-10-08, state: tentative }');
  expect(await pulls()).toEqual([]);
  const done = await run(...propose, '--yes');
  expect([done.code, done.err.includes('release day')]).toEqual([0, true]);
  expect(await pulls()).toMatchObject([{ title: 'Calendar: dates of 2.9', state: 'open' }]);
  const again = await run(...propose, '--yes');
  expect([again.code, again.out.includes('Nothing to do: #1 is open')]).toEqual([0, true]);
});

it('proposes what the policy asks of the matrix, and turns its gate green once the file is merged and loaded', async () => {
  await there();
  const app = await here();
  const gate = async (of: App) => (await judge(of, RELEASE, { only: ['support-policy'] })).gates[0];
  expect(await gate(app)).toMatchObject({ verdict: 'needs-you' });
  const proposed = await proposeSupport(app, { release: RELEASE, dryRun: false });
  expect(proposed).toMatchObject({
    ok: true,
    value: {
      mended: [{ rule: 'python-eol' }, { rule: 'accelerator-minors', subject: 'CUDA 11.8' }],
      left: [],
      impact: { tell: ['@rita'] },
    },
  });
  await applyIn(app, planOf(proposed));
  expect(plannedBy(await proposeSupport(app, { release: RELEASE, dryRun: false })).value.kind).toBe('nothing-to-do');
  await merge(1);
  const merged = await at('main', 'support.yaml');
  expect(merged).toBe(SUPPORT.replace('from: "3.8"', 'from: "3.9"').replace('        - { versions: ["11.8"] }\n', ''));
  expect(await gate(await here({ 'support.yaml': merged }))).toMatchObject({ verdict: 'pass' });
});

it('proposes the dates of the next minor by the distances of the one before', async () => {
  await there();
  const app = await here();
  const release = ReleaseVersion.parse('2.9.0');
  const propose = (of: App, change: object = {}): Promise<Result<CalendarChange, AppProblem>> =>
    proposeDates(of, { release, from: RELEASE, cut: null, dryRun: false, ...change });
  const answer = await propose(app);
  // The cut of 2.8 came 106 days after that of 2.7; of its first patch only the month is known.
  expect(answer).toMatchObject({
    ok: true,
    value: {
      calendar: {
        dates: [{ date: { on: '2025-10-08' } }, { date: { on: '2025-11-13' } }, { date: { on: '2026-01' } }, {}],
      },
    },
  });
  await applyIn(app, planOf(answer));
  const head = await at('signalbox/train/calendar-2.9', 'calendar.yaml');
  expect(head).toBe(
    CALENDAR.replace(
      '\r\n\r\nmilestones',
      [
        '',
        '  "2.9":',
        '    cut: { on: 2025-10-08, state: tentative }',
        '    release: { on: 2025-11-13, state: tentative }',
        '    patches: [{ on: 2026-01, state: tentative }, { state: not-planned }]',
        '',
        'milestones',
      ].join('\r\n'),
    ),
  );
  expect(plannedBy(await propose(app)).value.kind).toBe('nothing-to-do');
  expect(problemOf(await propose(app, { release: RELEASE }))).toMatchObject({ code: 'line-there' });
  expect(problemOf(await propose(await here({}, 'mallory')))).toMatchObject({ kind: 'not-allowed' });
});

it('brings the day of a patch into the calendar by the command that schedules it', async () => {
  await there();
  const app = await here();
  const patch = ReleaseVersion.parse('2.8.1');
  await createRelease(app, patch);
  const schedule = ['patch', 'schedule', '2.8.1', '--from', '2025-07-31'];
  const run = (...words: readonly string[]) => cliRun(words, { app, now: '2025-06-02T09:00:00Z' });
  const shown = await run(...schedule, '--dry-run');
  expect(shown.out.replaceAll(/\s+/gu, ' ')).toContain(
    'Propose it: signalbox calendar move 2.8.1 release 2025-09-04 --fixed',
  );
  const done = await run(...schedule, '--propose', '-m', 'a crash', '--yes');
  expect([done.code, done.code === 0 ? '' : done.err]).toEqual([0, '']);
  expect(await pulls()).toMatchObject([{ title: 'Calendar: 2.8.1 on 4 Sep 2025', state: 'open' }]);
  expect(await at('signalbox/train/calendar-2.8.1-2025-09-04', 'calendar.yaml')).toContain(
    'patches: [{ on: 2025-09-04, state: fixed, moved: [{ on: 2025-06-02, from: 2025-09, to: 2025-09-04, by: rita, why: a crash }] }, { state: not-planned }]',
  );
});
