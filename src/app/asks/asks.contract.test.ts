import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Instant } from '../../domain/instant.ts';
import { RepoSlug } from '../../domain/repo.ts';
import type { Result } from '../../domain/result.ts';
import { Person } from '../../domain/train/people.ts';
import { ReleaseVersion } from '../../domain/version.ts';
import { PackageIndexError, type PackageIndex, type PackageRelease } from '../../ports/package-index.ts';
import { addCommits } from '../../testing/git-repos.ts';
import { fixedClock, type FixedClock } from '../../testing/fixed-clock.ts';
import { CORE, pickWorld, type PickWorld } from '../../testing/pick-app.ts';
import type { App } from '../app.ts';
import { applyPlan } from '../apply-plan.ts';
import { recordAsk, sendAsk, showAsk, withdrawAsk } from '../asks.ts';
import { remindAsks } from '../bot/remind-asks.ts';
import { judge, judgeBefore } from '../judge.ts';
import { openTracker } from '../picks/tracker-open.ts';
import type { AppProblem } from '../problem.ts';
import { entriesOf } from '../record.ts';
import { createRelease } from '../releases.ts';
import { todo } from '../todo.ts';

const RELEASE = ReleaseVersion.parse('2.8.0');
/** As whom the forge in memory writes. */
const BOT = 'signalbox[bot]';
const MAKER = RepoSlug.parse('acme/vision');
const PIN = '5f40dc89'.padEnd(40, 'a');

const ASKS = {
  compiler: {
    title: 'Release of compiler {required:compiler} for {line}',
    text: 'compiler',
    to: 'the compiler team',
    owner: 'release-eng',
    sent: { way: 'issue', repo: 'vision', assignees: ['cora'] },
    after: 'cut',
    due: { before: 'release', days: 7 },
    done: [{ by: 'package', channel: 'index', package: 'compiler', version: '{required:compiler}' }],
    remindDays: [7, 0],
    holds: 'final',
  },
  notebooks: {
    title: 'Notebooks with {line}',
    text: 'notebooks',
    to: 'the notebook team',
    sent: { way: 'hand' },
    due: { before: 'release', days: 0 },
    done: [{ by: 'word' }],
    remindDays: [],
  },
  hosts: {
    title: 'Take {line}',
    text: 'hosts',
    to: 'the hosts',
    sent: { way: 'issue', repo: 'vision' },
    after: 'released',
    due: { before: 'release', days: 0 },
    done: [{ by: 'sent' }],
    remindDays: [],
    previous: 'https://hosts.example/1',
    releases: 'every',
  },
  patience: {
    title: 'Branch',
    text: 'notebooks',
    to: 'the audio team',
    releases: 'patch',
    sent: { way: 'hand' },
    due: { before: 'release', days: 0 },
    done: [{ by: 'branch', repo: 'audio' }],
  },
};

const APPLY = { confirmation: null, stop: new AbortController().signal, report: () => {} };

let folder = '';
let world: PickWorld;
let clock: FixedClock;
let app: App;
/** What the index says of compiler 3.4.0; an error is thrown. */
let onIndex: PackageRelease | null | PackageIndexError;

const index: PackageIndex = {
  name: 'https://index.example/',
  project: () => Promise.reject(new Error('nobody was to list the project')),
  release: async (name, version) => {
    if (onIndex instanceof PackageIndexError) throw onIndex;
    return name === 'compiler' && version === '3.4.0' ? onIndex : null;
  },
  source: () => {
    throw new Error('nobody was to read a file');
  },
  provenance: () => Promise.reject(new Error('nobody was to ask who published')),
};

const file = (yanked: string | null): PackageRelease['files'][number] => ({
  name: 'compiler-3.4.0-py3-none-any.whl',
  url: 'https://index.example/compiler.whl',
  digest: null,
  size: 1,
  requiresPython: null,
  metadata: null,
  yanked,
  uploadedAt: null,
});
const published = (yanked: string | null = null): PackageRelease => ({
  version: '3.4.0',
  files: [file(yanked)],
  classifiers: [],
  requiresDist: [],
});

const as = (login: string): App => ({
  ...world.appOf(login),
  clock,
  stores: {
    of: () => Promise.reject(new Error('nobody was to ask for a store')),
    indexesOf: () => Promise.resolve({ ok: true, value: [index] }),
    condaOf: () => Promise.reject(new Error('nobody was to ask for a conda channel')),
    close: () => {},
  },
});

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'asks-'));
  world = await pickWorld(folder, {
    asks: ASKS,
    roles: { 'release-manager': ['rita', BOT], 'repo-owner': [], 'triage-reviewer': [], approver: [] },
    channels: { index: { title: 'Index', write: 'once', places: [{ holds: 'wheel', store: 'package-index' }] } },
    dependencies: {
      compiler: { repo: 'vision', pinFile: 'pins/compiler.txt', versionFile: 'compiler_version.txt', ask: 'compiler' },
    },
    texts: {
      compiler: 'Please publish {required:compiler}, built from {pin:compiler}.',
      notebooks: 'Hello {line}.',
      hosts: 'Similar to {previous}.',
    },
    workstreams: { 'release-eng': { title: 'Release Eng', poc: ['olga'] } },
    calendar: { cadence: { '2.8': { cut: { on: '2026-06-01' }, release: { on: '2026-07-02' } } } },
  });
  clock = fixedClock(Instant.parse('2026-06-08T12:00:00Z'));
  onIndex = null;
  app = as('rita');
  valueOf(await createRelease(app, RELEASE));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function valueOf<Value>(result: Result<Value, AppProblem>): Value {
  if (!result.ok) throw new Error(result.problems.map(({ text }) => text).join('\n'));
  return result.value;
}
const said = (result: Result<unknown, AppProblem>): string =>
  result.ok ? 'done' : result.problems.map(({ kind, code, text }) => `${kind} ${code}: ${text}`).join('\n');

async function cut(files: Record<string, string> = {}): Promise<void> {
  await world.commit([
    {
      branch: 'release/2.8',
      message: 'Cut',
      files: { 'pins/compiler.txt': `${PIN}\n`, 'compiler_version.txt': '3.4.0\n', ...files },
    },
  ]);
}
const ask = { release: RELEASE, ask: 'compiler' };
const state = async (name = 'compiler') => valueOf(await showAsk(app, { release: RELEASE, ask: name })).state;
const gate = async (name = 'compiler') => {
  const [found] = (await judge(app, RELEASE, { only: [`ask:${name}`] })).gates;
  if (found === undefined) throw new Error(`${name} was not judged`);
  return found;
};
async function send(): Promise<void> {
  const planned = valueOf(await sendAsk(app, { ...ask, dryRun: false }));
  if (planned.kind !== 'planned') throw new Error(planned.why);
  valueOf(await applyPlan(app, { id: planned.view.plan.id, ...APPLY }));
}

describe('an ask that is sent as an issue', () => {
  it('waits for the cut, then for being sent, then for the addressee, and is done once the index has the version', async () => {
    expect(await gate()).toMatchObject({ verdict: 'queued', owners: ['olga', 'rita', BOT] });
    await cut();
    expect(await gate()).toMatchObject({
      verdict: 'needs-you',
      summary: 'not asked of the compiler team yet: Release of compiler 3.4.0 for 2.8; due 25 Jun, in 17 d',
      fix: 'signalbox ask send 2.8.0 compiler',
    });
    await send();
    expect(world.forge.repo(MAKER).items).toMatchObject([
      {
        title: 'Release of compiler 3.4.0 for 2.8',
        body: `<!-- signalbox:ask compiler 2.8.0 -->\nPlease publish 3.4.0, built from ${PIN}.`,
        assignees: ['cora'],
      },
    ]);
    expect(await gate()).toMatchObject({
      verdict: 'running',
      summary: 'asked of the compiler team; index has no compiler 3.4.0; due 25 Jun, in 17 d',
    });
    onIndex = published();
    expect(await gate()).toMatchObject({ verdict: 'pass', summary: 'index has compiler 3.4.0, 1 file' });
  });

  it('is opened once, whoever asks again, and found by its marker when no number is recorded', async () => {
    await cut();
    await send();
    const again = valueOf(await sendAsk(app, { ...ask, dryRun: false }));
    expect(again.kind === 'nothing-to-do' ? again.why : '').toContain('was sent already');
    const ledger = await app.ledger();
    const forgetful: App = { ...app, ledger: () => Promise.resolve({ ...ledger, read: () => Promise.resolve([]) }) };
    expect(valueOf(await showAsk(forgetful, ask)).sent).toMatchObject({ how: 'issue', text: '#1' });
    expect(world.forge.repo(MAKER).items).toHaveLength(1);
  });

  it('is not sent because an outsider wrote an issue with its marker', async () => {
    await cut();
    world.forge.writeIssue(MAKER, 'mallory', { title: 'x', body: '<!-- signalbox:ask compiler 2.8.0 -->' });
    expect(await state()).toBe('to-send');
    await send();
    expect(world.forge.repo(MAKER).items.map(({ author }) => author)).toHaveLength(2);
    expect(await state()).toBe('sent');
  });

  it('is not open work when it was done without being asked', async () => {
    await cut();
    onIndex = published();
    expect(await state()).toBe('done');
    expect(valueOf(await sendAsk(app, { ...ask, dryRun: false })).kind).toBe('nothing-to-do');
  });

  it('is late after its day, and its gate fails', async () => {
    await cut();
    clock.set(Instant.parse('2026-06-26T00:00:00Z'));
    expect(await gate()).toMatchObject({ verdict: 'failing' });
    expect((await gate()).summary).toContain('1 d late');
    await send();
    expect(await gate()).toMatchObject({ verdict: 'failing' });
  });

  it.each([
    ['that cannot be asked', () => new PackageIndexError('busy', 'it is busy'), 'no-data'],
    ['whose only file was yanked', () => published('broken'), 'running'],
  ])('is not done by an index %s', async (_name, answer, verdict) => {
    await cut();
    await send();
    onIndex = answer();
    expect(await gate()).toMatchObject({ verdict });
  });

  it('is no data while it cannot be seen whether it was asked, and nothing is written then', async () => {
    await cut();
    const down = {
      ...app.forge?.issues,
      findByMarker: () => Promise.reject(Object.assign(new Error('away'), { code: 'unavailable' })),
    };
    const blind: App = {
      ...app,
      forge: app.forge === null ? null : { ...app.forge, issues: { ...app.forge.issues, ...down } },
    };
    const [seen] = (await judge(blind, RELEASE, { only: ['ask:compiler'] })).gates;
    // The index has no such version: whether it was asked decides what is to be done, and is not known.
    expect(seen?.verdict).toBe('no-data');
    expect(seen?.summary).toContain('whether it was asked: away');
    expect(said(await sendAsk(blind, { ...ask, dryRun: false }))).toMatch(/^no-data ask-unknown-state/u);
  });

  it.each([
    ['nothing', ''],
    ['more than one word', 'see the wiki @everybody'],
  ])('has no text where the pin file holds %s', async (_name, pin) => {
    await cut({ 'pins/compiler.txt': `${pin}\n` });
    expect(said(await sendAsk(app, { ...ask, dryRun: true }))).toBe(
      'no-data ask-text-unknown: The text of compiler cannot be written: core release/2.8 has nothing in pins/compiler.txt that is one word.',
    );
  });

  it('holds up the final candidate, and is no gate of other steps', async () => {
    const before = async (step: 'final' | 'cut') =>
      (await judgeBefore(app, RELEASE, { step, families: [] })).gates
        .map(({ id }) => id)
        .filter((id) => id.startsWith('ask:'));
    expect(await before('final')).toEqual(['ask:compiler']);
    await cut();
    expect((await todo(app, { release: RELEASE, who: 'olga' })).people[0]?.duties).toMatchObject([
      { kind: 'gate', gate: { id: 'ask:compiler' } },
    ]);
  });
});

describe('an ask that is done once it was asked', () => {
  const PATCH = ReleaseVersion.parse('2.8.1');

  it('waits until the release is out, is done by its issue, and is linked by the next one', async () => {
    const hosts = (release: ReleaseVersion) => sendAsk(app, { release, ask: 'hosts', dryRun: false });
    const of = async (release: ReleaseVersion) => valueOf(await showAsk(app, { release, ask: 'hosts' }));
    const [commit] = await world.commit([{ branch: 'release/2.8', files: { 'version.txt': '2.8.0' } }]);
    if (commit === undefined) throw new Error('nothing was committed');
    expect(await of(RELEASE)).toMatchObject({ state: 'not-yet', why: 'it is asked once 2.8.0 is out' });
    expect(said(await hosts(RELEASE))).toContain('refused ask-not-yet');
    await world.tag('v2.8.0-rc1', commit);
    expect(await state('hosts')).toBe('not-yet');
    await world.tag('v2.8.0', commit);
    expect(await gate('hosts')).toMatchObject({ verdict: 'needs-you' });
    const planned = valueOf(await hosts(RELEASE));
    if (planned.kind !== 'planned') throw new Error(planned.why);
    valueOf(await applyPlan(app, { id: planned.view.plan.id, ...APPLY }));
    expect(world.forge.repo(MAKER).items.at(-1)?.body).toContain('Similar to https://hosts.example/1.');
    expect(await gate('hosts')).toMatchObject({ verdict: 'pass', summary: 'asked of the hosts: #1' });
    expect(valueOf(await hosts(RELEASE))).toMatchObject({ kind: 'nothing-to-do' });
    valueOf(await createRelease(app, PATCH));
    expect((await of(PATCH)).text).toMatchObject({ body: 'Similar to https://forge.example/acme/vision/issues/1.' });
  });

  it('is done by what a person recorded, and open again once it is taken back', async () => {
    const hand = { release: RELEASE, ask: 'hosts', note: '', link: 'https://hosts.example/2' };
    const [commit] = await world.commit([{ branch: 'release/2.8', files: { a: '1' } }]);
    if (commit === undefined) throw new Error('nothing was committed');
    await world.tag('v2.8.0', commit);
    valueOf(await recordAsk(app, { ...hand, what: 'sent' }));
    expect(await gate('hosts')).toMatchObject({ verdict: 'pass' });
    valueOf(await withdrawAsk(app, { release: RELEASE, ask: 'hosts', what: 'sent', reason: 'another one' }));
    expect(await state('hosts')).toBe('to-send');
  });
});

describe('an ask by hand', () => {
  const notebooks = { release: RELEASE, ask: 'notebooks' };
  const sent = { ...notebooks, what: 'sent', link: 'https://forum.example/t/1', note: '' } as const;

  it('is not sent by a plan, and says what to do instead', async () => {
    expect(said(await sendAsk(app, { ...notebooks, dryRun: true }))).toBe(
      'usage ask-by-hand: notebooks is asked of the notebook team by hand: copy its text (signalbox ask show 2.8.0 notebooks), send it, and record where: signalbox ask record 2.8.0 notebooks --link URL',
    );
  });

  it('is recorded with its link, answered by word, and taken back', async () => {
    expect(await gate('notebooks')).toMatchObject({ verdict: 'needs-you' });
    expect(valueOf(await recordAsk(app, sent))).toMatchObject({ state: 'sent', sent: { by: 'rita', link: sent.link } });
    const answer = { ...notebooks, what: 'answered', link: null, note: 'it ships on Monday' } as const;
    expect(valueOf(await recordAsk(app, answer)).state).toBe('done');
    expect(await gate('notebooks')).toMatchObject({
      verdict: 'pass',
      summary: '@rita recorded the answer of the notebook team: it ships on Monday',
    });
    valueOf(await withdrawAsk(app, { ...notebooks, what: 'answered', reason: 'wrong release' }));
    expect(await state('notebooks')).toBe('sent');
    expect(said(await withdrawAsk(app, { ...notebooks, what: 'answered', reason: 'again' }))).toMatch(
      /^refused ask-not-recorded/u,
    );
  });

  it.each([
    ['without a word', { link: null, note: '' }, 'usage ask-without-words'],
    ['with what is no address', { link: 'javascript:alert(1)', note: '' }, 'usage not-an-address'],
    ['as answered without saying how', { what: 'answered' as const, note: '' }, 'usage ask-without-words'],
    [
      'that is none',
      { ask: 'notebook' },
      'usage ask-unknown: 2.8.0 has no ask "notebook". It has: compiler, notebooks, hosts.',
    ],
    ['of patch releases', { ask: 'patience' }, 'usage ask-unknown'],
  ])('is not recorded %s', async (_name, change, begins) => {
    expect(said(await recordAsk(app, { ...sent, ...change }))).toContain(begins);
    expect((await entriesOf(app, RELEASE)).some(({ event }) => 'ask' in event)).toBe(false);
  });

  it('is recorded by who sees to it, and by nobody else; the refusal is written down', async () => {
    expect(said(await recordAsk(as('mallory'), sent))).toMatch(/^not-allowed/u);
    expect((await entriesOf(app, RELEASE)).at(-1)).toMatchObject({ actor: 'mallory', event: { type: 'refused' } });
    expect(said(await recordAsk(as('olga'), { ...sent, ...ask }))).toBe('done');
  });

  it('does not make done what the world shows', async () => {
    await cut();
    expect(said(await recordAsk(app, { ...ask, what: 'answered', link: null, note: 'they say so' }))).toBe(
      'refused ask-is-observed: That compiler is done is seen and not recorded: index has no compiler 3.4.0. Look again: signalbox gate run 2.8.0 ask:compiler. To go on without it, waive the gate.',
    );
  });
});

const tracked = async (): Promise<void> => {
  await cut();
  const planned = valueOf(await openTracker(app, { release: RELEASE, dryRun: false }));
  if (planned.kind !== 'planned') throw new Error(planned.why);
  valueOf(await applyPlan(app, { id: planned.view.plan.id, ...APPLY }));
};
const comments = (): readonly string[] =>
  world.forge
    .repo(CORE)
    .comments.map(({ body }) => body)
    .filter((body) => body.includes('reminder ask'));

const awayFrom = (deputies: readonly string[]): App => {
  const app = as(BOT);
  const people = { olga: Person.parse({ away: [{ from: '2026-06-10', to: '2026-06-20' }], deputies }) };
  return { ...app, loaded: { ...app.loaded, train: { ...app.loaded.train, people } } };
};

describe('an ask whose owner is away', () => {
  it('is in the lists of both, is told to who stands in, and may be recorded by them', async () => {
    await tracked();
    clock.set(Instant.parse('2026-06-18T09:00:00Z'));
    const away = awayFrom(['dima']);
    const lists = (await todo(away, { release: RELEASE })).people.filter(({ duties }) =>
      duties.some((duty) => duty.kind === 'gate' && duty.gate.id === 'ask:compiler'),
    );
    expect(lists.map(({ who, duties }) => [who, duties[0]?.standIn])).toEqual([
      ['dima', { is: 'for', who: 'olga', until: '2026-06-20' }],
      ['olga', { is: 'by', who: 'dima', until: '2026-06-20' }],
    ]);
    expect([await remindAsks(away), await remindAsks(away)]).toEqual([1, 0]);
    expect(comments()[0]).toContain('\n@dima @rita @signalbox[bot] (for olga, away until 20 Jun) Release of compiler');
    const record = (login: string) =>
      recordAsk(
        { ...away, who: () => Promise.resolve(login) },
        { ...ask, what: 'sent', link: 'https://forum.example/7', note: '' },
      );
    expect(said(await record('petr'))).toContain('not-allowed');
    expect((await record('dima')).ok).toBe(true);
  });

  it('waits for the next who is named where no deputy is there', async () => {
    await tracked();
    clock.set(Instant.parse('2026-06-18T09:00:00Z'));
    const mine = (await todo(awayFrom(['olga']), { release: RELEASE, who: 'rita' })).people[0]?.duties ?? [];
    expect(mine.find((duty) => duty.kind === 'gate' && duty.gate.id === 'ask:compiler')?.standIn).toEqual({
      is: 'for',
      who: 'olga',
      until: '2026-06-20',
    });
  });
});

describe('reminders', () => {
  it('are given to whoever sees to it, on its days, once', async () => {
    await tracked();
    expect(await remindAsks(as(BOT))).toBe(0);
    clock.set(Instant.parse('2026-06-18T09:00:00Z'));
    expect([await remindAsks(as(BOT)), await remindAsks(as(BOT))]).toEqual([1, 0]);
    expect(comments()).toEqual([
      '<!-- signalbox:reminder ask compiler 2.8.0 2026-06-25 7 -->\n@olga @rita @signalbox[bot] Release of compiler 3.4.0 for 2.8 (the compiler team) was not asked yet; due 25 Jun, in 7 d: `signalbox ask show 2.8.0 compiler`',
    ]);
    await send();
    clock.set(Instant.parse('2026-06-25T09:00:00Z'));
    expect(await remindAsks(as(BOT))).toBe(1);
    expect(comments().at(-1)).toContain('was asked and is not done; due 25 Jun, today');
  });

  it('are not given of what is done, and not twice when the word of it was lost', async () => {
    await tracked();
    clock.set(Instant.parse('2026-06-20T09:00:00Z'));
    onIndex = published();
    expect(await remindAsks(as(BOT))).toBe(0);
    onIndex = null;
    const lost: App = {
      ...app,
      ledger: async () => ({ ...(await app.ledger()), append: () => Promise.reject(new Error('killed')) }),
    };
    await expect(remindAsks(lost)).rejects.toThrow('killed');
    expect(await remindAsks(as(BOT))).toBe(0);
    expect(comments()).toHaveLength(1);
  });
});

it('shows a branch that another repository is asked for', async () => {
  const patch = ReleaseVersion.parse('2.8.1');
  const patience = { release: patch, ask: 'patience' };
  expect(valueOf(await showAsk(app, patience))).toMatchObject({ state: 'to-send', due: { kind: 'unplanned' } });
  await addCommits(join(folder, 'audio.git'), [{ branch: 'release/2.8', message: 'Cut', files: { 'a.txt': 'a\n' } }]);
  expect(valueOf(await showAsk(app, patience)).evidence).toMatchObject([{ text: 'audio has branch release/2.8' }]);
});
