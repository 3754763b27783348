import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ObjectId } from '../../domain/git-names.ts';
import { cliRun, hasEscapes, type CliOutside, type CliRan } from '../../testing/cli-terminal.ts';
import { CORE, pickWorld, type PickWorld } from '../../testing/pick-app.ts';
import { columnsOf } from '../output/text.ts';

let folder = '';
let world: PickWorld;

const go = (argv: readonly string[], login = 'rita', outside: CliOutside = {}): Promise<CliRan> =>
  cliRun(argv, { app: world.appOf(login), now: '2026-06-08T12:00:04Z', ...outside });

const ISSUE = 'https://forge.example/acme/core/issues/5';
const HOSTILE = 'Fix \u001b[2J\u202Eevil\u202C\u0007 | <b>x</b> `y` (#16)';

/** Without the id of a plan, which changes when a plan binds one thing more. */
const golden = (text: string): string => text.replaceAll(/(?<=[Pp]lan |undo |apply )p[0-9a-z]{5}\b/gu, 'p.....');

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'signalbox-picking-'));
  world = await pickWorld(folder);
  const text = Array.from({ length: 12 }, (_, index) => `line ${index}`);
  const numbered = (changes: Readonly<Record<number, string>>): string =>
    `${text.map((line, index) => changes[index] ?? line).join('\n')}\n`;
  const [layout] = await world.commit([
    { message: 'New layout pass (#9)', files: { 'layout.txt': 'pass on\nand on\n' } },
    { message: 'Keep numbers (#10)', files: { 'numbers.txt': numbered({}) } },
  ]);
  const own = 'branch only: pin what this release is built with';
  const [first] = await world.commit([
    { branch: 'release/2.8', message: `[release only] Pin the builder`, files: { 'pin.txt': `${own}\n` } },
  ]);
  const [fix, , refactor, deep, , hostile] = await world.commit([
    { message: 'Fix NaN in the sum (#12)', files: { 'nan.txt': 'no NaN in the sum any more\n' } },
    {
      message: `Revert "New layout pass (#9)"\n\nThis reverts commit ${layout ?? ''}.`,
      files: { 'layout.txt': null },
    },
    { message: 'Refactor numbers (#13)', files: { 'numbers.txt': numbered({ 5: 'refactored five' }) } },
    {
      message: 'Fix five, which was wrong (#14)',
      files: { 'numbers.txt': numbered({ 5: 'refactored and fixed five' }) },
    },
    { message: 'Only for the next release (#15)', files: { 'next.txt': 'a feature\n' } },
    { message: HOSTILE, files: { 'hostile.txt': 'text of a stranger\n' } },
  ]);
  const [, loose] = await world.commit([
    {
      branch: 'release/2.8',
      message: `Fix NaN in the sum (#12) (#20)\n\n(cherry picked from commit ${fix ?? ''})`,
      files: { 'nan.txt': 'no NaN in the sum any more\n' },
    },
    {
      branch: 'release/2.8',
      message: 'Quick fix of the installer (#21)',
      files: { 'installer.txt': 'installs again\n' },
    },
  ]);
  await world.tag('v2.8.0-rc1', need(first));
  await world.tag('v2.8.0-rc2', need(loose));
  world.merged({ number: 12, title: 'Fix NaN in the sum', commit: need(fix) });
  world.merged({ number: 13, title: 'Refactor numbers', commit: need(refactor) });
  world.merged({ number: 14, title: 'Fix five, which was wrong', commit: need(deep) });
  world.merged({ number: 16, title: HOSTILE, commit: need(hostile) });
  for (const title of ['One', 'Two', 'Three', 'Four', 'NaN in the sum'])
    world.forge.writeIssue(CORE, 'alice', { title, body: '' });
  await go(['release', 'create', '2.8.0', '--yes']);
}, 60_000);

afterAll(() => rm(folder, { recursive: true, force: true }));

function need(id: ObjectId | undefined): ObjectId {
  if (id === undefined) throw new Error('the commit was not made');
  return id;
}

describe('where a change is', () => {
  it.each([
    ['a pick, with the commit of the line and the proof', ['find', '12'], 0],
    ['a change that came with the cut, in every candidate', ['find', '#9'], 0],
    ['one that the line lacks, and how to ask for it', ['find', 'https://forge.example/acme/core/pull/14'], 0],
    ['only the releases that have it', ['find', '12', '--stable'], 0],
    ['a commit of the line alone', ['find', 'acme/core#21'], 0],
    ['nothing, as an answer of its own', ['find', '4711'], 3],
  ])('finds %s', async (_name, argv, code) => {
    const ran = await go(argv);
    expect({ code: ran.code, out: ran.out }).toMatchSnapshot();
    expect(ran.code).toBe(code);
  });

  it('answers the same for the abbreviated commit as for the number', async () => {
    const byNumber = await go(['find', '12', '--json=changes']);
    const commit = (await go(['find', '12', '--plain'])).out.split('\t')[1] ?? '';
    expect(commit).toMatch(/^[0-9a-f]{40}$/u);
    const byCommit = await go(['find', commit.slice(0, 9), '--json=changes']);
    expect(byCommit.out).toBe(byNumber.out);
  });

  it('refuses what is no change, and a repository that is not of the train', async () => {
    expect((await go(['find', 'the fix of last week'])).code).toBe(2);
    expect((await go(['find', 'other/place#12'])).code).toBe(2);
  });

  it('needs no database for what git knows', async () => {
    const app = { ...world.appOf('rita'), ledger: () => Promise.reject(new Error('the ledger was opened')) };
    for (const argv of [
      ['find', '12'],
      ['find', '14', '--git-only'],
      ['diff', '2.8.0-rc1', '2.8.0-rc2'],
    ])
      expect((await go(argv, 'rita', { app })).code).toBe(0);
  });

  it('still says what git knows where the ledger cannot be read, and that something is not known', async () => {
    const failure = Object.assign(new Error('the database is away'), { code: 'unreachable' });
    const app = { ...world.appOf('rita'), ledger: () => Promise.reject(failure) };
    const ran = await go(['find', '14'], 'rita', { app });
    expect(ran.out).toContain('release/2.8  - not there');
    expect(ran.out).toContain('What was asked for could not be read: the database is away');
    expect(JSON.parse((await go(['find', '14', '--json'], 'rita', { app })).out)).toMatchObject({ stale: true });
  });
});

describe('what was forgotten', () => {
  it.each([
    ['candidates, what the second has more', ['diff', '2.8.0-rc1', '2.8.0-rc2'], 0],
    ['candidates, what the second lacks', ['diff', '2.8.0-rc2', '2.8.0-rc1'], 0],
    ['a branch, the counts and what nobody explained', ['branch', 'audit', 'core', '2.8.0'], 3],
    ['a branch, each commit with its proof', ['branch', 'audit', 'core', '2.8.0', '--all'], 3],
    ['reverts on main that the line lacks', ['pick', 'reverts', '2.8.0'], 3],
    ['a release without a milestone, of which nothing is known', ['pick', 'missing', '2.8.0'], 9],
  ])('tells of %s', async (_name, argv, code) => {
    const ran = await go(argv);
    expect({ code: ran.code, out: ran.out }).toMatchSnapshot();
    expect(ran.code).toBe(code);
  });

  it('tells which closed items of the milestone the line lacks', async () => {
    const { milestones, items } = world.forge.repo(CORE);
    const link = 'https://forge.example/acme/core/milestone/1';
    milestones.push({ number: 1, title: '2.8.0', open: true, openItems: 0, closedItems: 0, link });
    const item = items[0];
    if (item === undefined) throw new Error('there is no item');
    for (const number of [12, 14, 15]) {
      items.push({ ...item, number, title: `Item ${number}`, isPullRequest: true, open: false, milestone: '2.8.0' });
    }
    items.push({ ...item, number: 30, title: 'Nobody says what closed it', open: false, milestone: '2.8.0' });
    const ran = await go(['pick', 'missing', '2.8.0']);
    expect({ code: ran.code, out: ran.out }).toMatchSnapshot();
    milestones.length = 0;
    items.splice(-4);
  });

  it('does not take a train without a forge for one where nothing is missing', async () => {
    const ran = await go(['pick', 'missing', '2.8.0'], 'rita', { app: { ...world.appOf('rita'), forge: null } });
    expect({ code: ran.code, out: ran.out }).toEqual({ code: 9, out: '' });
  });

  it('refuses a branch that is not cut, a repository that is none, and what is no candidate', async () => {
    expect((await go(['branch', 'audit', 'vision', '2.8.0'])).code).toBe(3);
    expect((await go(['branch', 'audit', 'cor', '2.8.0'])).code).toBe(2);
    expect((await go(['diff', '2.8.0-rc1', '2.8.0'])).code).toBe(2);
    expect((await go(['diff', '2.8.0-rc7', '2.8.0-rc8'])).code).toBe(2);
  });

  it('ends with 9, and says so, where a remote cannot be read', async () => {
    const broken = world.appOf('rita');
    const failure = Object.assign(new Error('no route to the remote'), { code: 'unreachable' });
    const app = { ...broken, git: { ...broken.git, remoteRefs: () => Promise.reject(failure) } };
    for (const argv of [
      ['find', '12'],
      ['diff', '2.8.0-rc1', '2.8.0-rc2'],
      ['pick', 'reverts', '2.8.0'],
      ['branch', 'audit', 'core', '2.8.0'],
    ]) {
      const ran = await go(argv, 'rita', { app });
      expect(ran.code).toBe(9);
      expect(ran.out + ran.err).toContain('no route to the remote');
    }
  });
});

describe('a pick from the request to the decision', () => {
  const request = ['pick', 'request', '16', '--onto', 'release/2.8', '-c', 'docs'];

  it('is shown as a plan that changes nothing, with a command that can be copied', async () => {
    const ran = await go([...request, '--dry-run', '--exit-code']);
    expect(ran.code).toBe(10);
    expect(golden(ran.out)).toMatchSnapshot();
    expect((await go(['pick', 'list', '2.8.0', '--plain'])).out).toBe('');
  });

  it('is not made without a yes', async () => {
    expect((await go(request)).code).toBe(2);
    expect((await go(['pick', 'approve', '16'])).code).toBe(2);
  });

  it('is made, listed, shown and found, and its author cannot approve it', async () => {
    const made = await go([...request, '--yes']);
    expect(made.code).toBe(0);
    expect(golden(made.out)).toMatchSnapshot('made');
    expect((await go(['pick', 'list', '2.8.0', '--state', 'needs-review'])).out).toMatchSnapshot('list');
    expect((await go(['pick', 'show', '16'])).out).toMatchSnapshot('show');
    expect((await go(['find', '16'])).out).toMatchSnapshot('find');
    expect((await go([...request, '--yes'])).out).toContain('is #');
    expect((await go(['pick', 'approve', '16', '--yes'], 'alice')).code).toBe(4);
    const asked = await go(['pick', 'approve', '16'], 'rita', { typed: ['n'] });
    expect(asked.questions).toEqual(['Approve the pick of core#16 onto release/2.8? [y/N] ']);
    expect(asked.code).toBe(5);
  });

  it('is approved as it was shown, and not when something was pushed while it was read', async () => {
    const { forge } = world.forge;
    const pushed = need(world.forge.repo(CORE).pulls[0]?.head.commit);
    let looks = 0;
    const pulls = {
      ...forge.pulls,
      onto: async (...asked: Parameters<typeof forge.pulls.onto>) => {
        looks += 1;
        const found = await forge.pulls.onto(...asked);
        return looks === 1 ? found : found.map((pull) => ({ ...pull, head: { ...pull.head, commit: pushed } }));
      },
    };
    const app = { ...world.appOf('rita'), forge: { ...forge, pulls } };
    const ran = await go(['pick', 'approve', '16', '--onto', 'release/2.8'], 'rita', { app, typed: ['y'] });
    expect(ran.code).toBe(6);
    expect(ran.err).toContain('HEAD_MOVED');
    expect((await go(['pick', 'show', '16', '--json'])).out).toContain('"state":"needs-review"');
    const approved = await go(['pick', 'approve', '16'], 'rita', { typed: ['y'] });
    expect(approved.code).toBe(0);
    expect(approved.out).toMatchSnapshot();
  });

  it('ends with 6 where it conflicts: the files, what is missing before it, and how to go on; the request stays', async () => {
    const argv = ['pick', 'request', '14', '--onto', 'release/2.8', '-c', 'regression', '--fixes', ISSUE, '--yes'];
    const ran = await go(argv);
    expect({ code: ran.code, out: ran.out, err: ran.err }).toMatchSnapshot('request');
    const shown = await go(['pick', 'show', '14', '--conflict']);
    expect({ code: shown.code, out: shown.out }).toMatchSnapshot('show');
    expect(await go(['pick', 'retry', '14', '--yes'])).toMatchObject({ code: 6 });
  });

  it('is asked about, answered, refused with a reason, taken back to review, and withdrawn', async () => {
    const steps: readonly (readonly [readonly string[], string])[] = [
      [['pick', 'ask', '14', '-m', 'which release had it right?'], 'needs-info'],
      [['pick', 'reopen', '14', '-m', '2.7 had it right'], 'conflict'],
      [['pick', 'refuse', '14', '-m', 'not without its \u001b[31mrefactoring'], 'refused'],
    ];
    for (const [argv, state] of steps) {
      const ran = await go([...argv, '--yes', '--json=state']);
      expect(ran.code).toBe(0);
      expect(JSON.parse(ran.out)).toMatchObject({ data: { state } });
    }
    expect((await go(['pick', 'show', '14'])).out).toMatchSnapshot();
    expect((await go(['pick', 'withdraw', '14', '-m', 'again', '--yes'])).code).toBe(5);
    expect((await go(['pick', 'reopen', '14', '-m', 'it is one', '--yes'])).code).toBe(0);
    expect((await go(['pick', 'withdraw', '14', '-m', 'another way', '--yes'])).code).toBe(0);
  });

  it('has an answer of its own for each branch', async () => {
    const ran = await go([...request, '--onto', 'relase/2.8', '--yes']);
    expect(ran.code).toBe(2);
    expect(ran.out).toMatchSnapshot();
  });

  it('takes no reason for none, no date for an end, and no word for a class', async () => {
    expect((await go(['pick', 'refuse', '16', '--yes'])).code).toBe(2);
    expect((await go(['pick', 'dispense', '16', '-m', 'x', '--until', 'soon', '--yes'])).code).toBe(2);
    expect((await go(['pick', 'request', '16', '--onto', 'release/2.8', '-c', 'feature', '--yes'])).code).toBe(2);
    expect((await go(['pick', 'request', '16', '-c', 'docs', '--yes'])).err).toContain('--onto BRANCH is needed');
    expect((await go(['pick', 'request', '16', '--onto', 'release/2.8', '--yes'])).err).toContain('--class CLASS');
    expect((await go(['pick', 'list', '2.8.0', '--state', 'unknown'])).code).toBe(2);
    expect((await go(['pick', 'show', 'abc', '--yes'])).code).toBe(2);
    expect((await go(['pick', 'show', 'other/place#3'])).code).toBe(2);
    expect((await go(['pick', 'show', 'acme/core#3', '--repo', 'vision'])).code).toBe(2);
    expect((await go(['pick', 'show', '15'])).code).toBe(2);
  });

  it('is asked for by nobody without rights', async () => {
    expect((await go([...request, '--yes'], 'mallory')).code).toBe(4);
  });
});

function writeTracker(author: string, body: string): number {
  return world.forge.writeIssue(CORE, author, { title: '[v.2.8.0] Tracker', body });
}

describe('the tracker', () => {
  const OURS = '<!-- signalbox:tracker 2.8.0 -->\nold\n<!-- signalbox:end -->\nOurs: buy cake.\n';

  it('is not there before the cut, and one that a stranger wrote is none', async () => {
    writeTracker('mallory', OURS);
    const ran = await go(['tracker', 'sync', '2.8.0', '--yes']);
    expect({ code: ran.code, out: ran.out }).toEqual({ code: 5, out: '' });
    expect(ran.err).toContain('signalbox tracker open 2.8.0');
  });

  it('is shown as a plan, which says whose issue does not count', async () => {
    const ran = await go(['tracker', 'open', '2.8.0', '--dry-run']);
    expect({ code: ran.code, out: golden(ran.out) }).toMatchSnapshot();
    expect((await go(['tracker', 'open', '2.8.0', '--dry-run', '--exit-code'])).code).toBe(10);
    expect((await go(['tracker', 'open', '2.8.0', '--yes'], 'mallory')).code).toBe(4);
  });

  it('is rewritten once, and what people wrote below its end stays', async () => {
    const number = writeTracker('rita', OURS);
    expect((await go(['tracker', 'sync', '2.8.0'])).code).toBe(2);
    expect((await go(['tracker', 'sync', '2.8.0'], 'rita', { typed: ['n'] })).code).toBe(5);
    const body = () => world.forge.repo(CORE).items.find((item) => item.number === number)?.body ?? '';
    expect(body()).toBe(OURS);
    const synced = await go(['tracker', 'sync', '2.8.0', '--yes']);
    expect(synced.err + synced.out).toContain('is rewritten');
    expect(body()).toContain('#16');
    expect(body()).toContain('Ours: buy cake.');
    expect((await go(['tracker', 'sync', '2.8.0', '--yes'])).out).toContain('says already');
  });
});

describe('a request after the end', () => {
  const request = ['pick', 'request', '2', '--onto', 'release/2.8', '-c', 'docs', '--yes'];

  it('is refused with the command that lets it in; let in by a release manager, it is made', async () => {
    const late = await pickWorld(join(folder, 'late'), {
      calendar: {
        cadence: { '2.8': { cut: { on: '2026-05-01' }, release: { on: '2026-06-02' } } },
        milestones: [
          { id: 'M3.1', title: 'End of phase 1', anchor: 'cut', days: 7 },
          { id: 'M4', title: 'Last picks', anchor: 'cut', days: 14 },
        ],
      },
    });
    await late.commit([{ branch: 'release/2.8', message: 'Begin the branch', files: { 'version.txt': '2.8.0\n' } }]);
    const [fix] = await late.commit([{ message: 'Say it better (#2)', files: { 'docs.txt': 'better\n' } }]);
    late.merged({ number: 2, title: 'Say it better', commit: need(fix) });
    const type = (argv: readonly string[], login = 'rita') =>
      cliRun(argv, { app: late.appOf(login), now: '2026-06-08T12:00:04Z' });
    await type(['release', 'create', '2.8.0', '--yes']);
    const refused = await type(request, 'alice');
    expect({ code: refused.code, err: refused.err }).toMatchSnapshot();
    expect((await type(['pick', 'list', '2.8.0', '--state', 'late'])).out).toContain('too late');
    const dispense = ['pick', 'dispense', '2', '-m', 'the page was wrong', '--until', '2d', '--yes'];
    expect((await type(dispense, 'alice')).code).toBe(4);
    expect((await type(dispense)).code).toBe(0);
    const made = await type(['pick', 'retry', '2', '--yes'], 'alice');
    expect({ code: made.code, err: made.code === 0 ? '' : made.err }).toEqual({ code: 0, err: '' });
    expect((await type(['pick', 'show', '2'])).out).toContain('Let in      by @rita until 10 Jun 12:00 UTC');
  });
});

describe('every answer in every form', () => {
  const answers = [
    ['find', '16'],
    ['find', '12'],
    ['diff', '2.8.0-rc1', '2.8.0-rc2'],
    ['branch', 'audit', 'core', '2.8.0', '--all'],
    ['pick', 'reverts', '2.8.0'],
    ['pick', 'missing', '2.8.0'],
    ['pick', 'list', '2.8.0'],
    ['pick', 'show', '16'],
  ];

  it.each([60, 80, 132])('fits %d columns', async (width) => {
    for (const argv of answers) {
      const ran = await go(argv, 'rita', { env: { SIGNALBOX_FORCE_TTY: String(width), NO_COLOR: '1' } });
      const wide = `${ran.out}\n${ran.err}`.split('\n').filter((line) => columnsOf(line) > width);
      // Commands to copy are never broken.
      expect(wide.filter((line) => !/signalbox \S/u.test(line))).toEqual([]);
    }
  });

  it('is one JSON document, plain records, or ASCII, and nothing of a stranger acts on the terminal', async () => {
    for (const argv of answers) {
      const json = await go([...argv, '--json']);
      expect(json.out).toMatch(/^\{"schema":"signalbox\.[a-z-]+\/1","asOf":"2026/u);
      expect(JSON.parse(json.out)).toHaveProperty('data');
      const ascii = await go([...argv, '--ascii']);
      expect(Buffer.from(ascii.out + ascii.err).every((byte) => byte < 128)).toBe(true);
      const plain = await go([...argv, '--plain']);
      const text = await go(argv);
      for (const out of [json.out, ascii.out, plain.out, text.out]) {
        expect(hasEscapes(out)).toBe(false);
        // oxlint-disable-next-line no-control-regex -- what must not be there
        expect(out).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e]/u);
      }
      expect([json.code, ascii.code, plain.code]).toEqual([text.code, text.code, text.code]);
    }
  });
});
