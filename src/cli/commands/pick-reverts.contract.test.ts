import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ObjectId } from '../../domain/git-names.ts';
import { cliRun, type CliOutside, type CliRan } from '../../testing/cli-terminal.ts';
import { testGit } from '../../testing/git-repos.ts';
import { CORE, pickWorld, type PickWorld } from '../../testing/pick-app.ts';

const NUMBERS = 'Keep numbers';
const LAYOUT = 'New layout pass';

const takeBack = (title: string, commit: string | undefined, path: string) => ({
  message: `Revert "${title}"\n\nThis reverts commit ${commit ?? ''}.`,
  files: { [path]: null },
});

const decline = (revert: string, ...more: readonly string[]) => [
  'pick',
  'reverts',
  '2.8.0',
  '--decline',
  revert,
  ...more,
];

describe('reverts on main that the line lacks', () => {
  let folder = '';
  let world: PickWorld;
  let numbers = '';
  let layout = '';
  const go = (argv: readonly string[], login = 'rita', outside: CliOutside = {}): Promise<CliRan> =>
    cliRun(argv, { app: world.appOf(login), now: '2026-06-08T12:00:04Z', ...outside });
  const refusals = async () => {
    const ledger = await world.appOf('rita').ledger();
    const entries = await ledger.read({ train: world.appOf('rita').loaded.train.train });
    return entries.flatMap(({ actor, event }) => (event.type === 'refused' ? [`${actor} ${event.reason}`] : []));
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'signalbox-reverts-'));
    world = await pickWorld(folder);
    const base = await world.commit([
      { message: `${NUMBERS} (#9)`, files: { 'numbers.txt': 'one\n' } },
      { message: `${LAYOUT} (#10)`, files: { 'layout.txt': 'pass on\n' } },
    ]);
    await world.commit([{ branch: 'release/2.8', message: 'Begin', files: { 'version.txt': '2.8.0\n' } }]);
    const reverts = await world.commit([
      takeBack(`${NUMBERS} (#9)`, base[0], 'numbers.txt'),
      takeBack(`${LAYOUT} (#10)`, base[1], 'layout.txt'),
    ]);
    [numbers = '', layout = ''] = reverts;
    world.merged({ number: 9, title: NUMBERS, commit: ObjectId.parse(base[0]) });
    world.merged({ number: 10, title: LAYOUT, commit: ObjectId.parse(base[1]) });
    await go(['release', 'create', '2.8.0', '--yes']);
  }, 60_000);
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('are listed with both ways to settle them, and close the gate', async () => {
    const ran = await go(['pick', 'reverts', '2.8.0']);
    expect(ran.code).toBe(3);
    expect(ran.out).toContain(`fix: signalbox pick reverts 2.8.0 --request --repo core`);
    expect(ran.out).toContain(`or keep it: signalbox pick reverts 2.8.0 --decline ${numbers.slice(0, 9)} -m WHY`);
    expect(ran.out).toContain('2 reverts missing.');
    expect((await go(['gate', 'show', '2.8.0', 'reverts-settled'])).code).toBe(3);
    const waits = (await go(['todo', '2.8.0', '--plain'])).out.split('\n').filter((one) => one.includes('revert'));
    expect(waits.map((one) => one.split('\t').slice(0, 3))).toEqual([
      ['rita', 'revert', 'core #9'],
      ['rita', 'revert', 'core #10'],
    ]);
  });

  it.each([
    [
      'somebody who is no release manager',
      'mallory',
      () => [numbers, '-m', 'mine', '--yes'],
      4,
      'mallory role-missing',
    ],
    ['no commit', 'rita', () => ['--yes', '-m', 'x', '--repo', 'core'], 2, null],
    ['a name for a commit', 'rita', () => ['main', '-m', 'x', '--yes'], 2, 'rita revert-not-a-commit'],
    ['a commit that is no such revert', 'rita', () => ['abcdef1', '-m', 'x', '--yes'], 2, 'rita revert-unknown'],
    ['another repository', 'rita', () => [numbers, '--repo', 'vision', '-m', 'x', '--yes'], 2, 'rita revert-unknown'],
    ['no repository', 'rita', () => [numbers, '--repo', 'nope', '-m', 'x', '--yes'], 2, 'rita repo-unknown'],
    ['no reason', 'rita', () => [numbers, '--yes'], 2, null],
    ['no yes', 'rita', () => [numbers, '-m', 'x'], 2, null],
    ['both decisions at once', 'rita', () => [numbers, '--request', '-m', 'x', '--yes'], 2, null],
  ] as const)(
    'are not declined by or with %s, and a refusal is an event',
    async (_name, login, more, ...[code, event]) => {
      const before = await refusals();
      const [revert = '', ...rest] = more();
      const ran = await go(decline(revert, ...rest), login);
      expect([ran.code, ran.err]).toEqual([code, ran.err]);
      expect((await refusals()).slice(before.length)).toEqual(event === null ? [] : [event]);
    },
  );

  it('are kept by a release manager for a reason, which is shown and asked about first', async () => {
    const no = await go(decline(numbers.slice(0, 9), '-m', 'the old reader needs it'), 'rita', { typed: ['n'] });
    expect(no.code).toBe(5);
    expect(no.questions).toEqual([`Keep in 2.8.0 what ${numbers.slice(0, 9)} took back on main? [y/N] `]);
    expect(no.err).toContain(NUMBERS);
    const yes = await go(decline(numbers.slice(0, 9), '-m', 'the old reader needs it', '--yes'));
    expect([yes.code, yes.out]).toEqual([0, '✓ 2.8.0 keeps core #9, decided by @rita: the old reader needs it\n']);
    const listed = await go(['pick', 'reverts', '2.8.0']);
    expect(listed.code).toBe(3);
    expect(listed.out).toContain('kept by @rita: the old reader needs it');
    expect(listed.out).toContain('1 revert missing. 1 change kept by decision.');
    const again = await go(decline(numbers, '-m', 'x', '--yes'));
    expect([again.code, again.err.includes('the old reader needs it')]).toEqual([5, true]);
  });

  it('are made by --request, each by a pull request that is approved like a pick; what is kept is left', async () => {
    const shown = await go(['pick', 'reverts', '2.8.0', '--request', '--dry-run', '--exit-code']);
    expect(shown.code).toBe(10);
    expect(shown.out).toContain('cherry-pick-revert-10-onto-2.8');
    expect(shown.err).toContain('core #9: kept by decision of @rita');
    expect((await go(['pick', 'reverts', '2.8.0', '--request'])).code).toBe(2);
    expect((await go(['pick', 'reverts', '2.8.0', '--request', '--yes'], 'mallory')).code).toBe(4);
    const made = await go(['pick', 'reverts', '2.8.0', '--request', '--yes']);
    expect([made.code, made.code === 0 ? '' : made.err]).toEqual([0, '']);
    const at = join(folder, 'core.git');
    expect(await testGit(at, ['ls-tree', '--name-only', 'cherry-pick-revert-10-onto-2.8'])).not.toContain('layout.txt');
    const [pull] = world.forge.repo(CORE).pulls.filter(({ state }) => state === 'open');
    expect(pull).toMatchObject({ base: 'release/2.8', title: `[release/2.8] Revert "${LAYOUT} (#10)"` });
  });

  it('that have a pull request are reviewed, and hold the gate of picks until they are merged', async () => {
    expect((await go(['pick', 'list', '2.8.0', '--state', 'needs-review', '--plain'])).out).toContain('\trevert\t');
    expect((await go(['gate', 'show', '2.8.0', 'picks-settled'])).code).toBe(3);
    const waits = await go(['todo', '2.8.0']);
    expect(waits.out).toContain('core#10 onto release/2.8');
    expect(waits.out).toContain('fix: signalbox pick approve 10 --repo core --onto release/2.8');
    expect(waits.out).not.toContain('a revert is missing');
    expect((await go(['pick', 'approve', '10', '--yes'], 'alice')).code).toBe(4);
    const approved = await go(['pick', 'approve', '10', '--yes']);
    expect([approved.code, approved.err]).toEqual([0, approved.err]);
    const again = await go(['pick', 'reverts', '2.8.0', '--request', '--yes']);
    expect(again.out).toMatch(/The pick of core#10 onto release\/2\.8 is #\d+/u);
  });

  it('that were merged into the line are settled, and the gate opens', async () => {
    const core = world.forge.repo(CORE);
    const pull = core.pulls.find(({ state }) => state === 'open');
    if (pull === undefined) throw new Error('no pull request is open');
    const at = join(folder, 'core.git');
    await testGit(at, ['update-ref', 'refs/heads/release/2.8', pull.head.commit]);
    world.forge.merge(CORE, pull.number, pull.head.commit);
    const listed = await go(['pick', 'reverts', '2.8.0']);
    expect([listed.code, listed.out.includes('No revert on main is missing. 1 change kept')]).toEqual([0, true]);
    const gate = await go(['gate', 'show', '2.8.0', 'reverts-settled']);
    expect([gate.code, gate.out.includes('1 kept by decision')]).toEqual([0, true]);
    expect((await go(['pick', 'show', '10', '--json=state'])).out).toContain('"taken-back"');
    const nothing = await go(['pick', 'reverts', '2.8.0', '--request', '--yes']);
    expect([nothing.code, nothing.out.includes('has no revert to make')]).toEqual([0, true]);
  });

  it('are told as unknown decisions where the ledger cannot be read', async () => {
    const failure = Object.assign(new Error('the database is away'), { code: 'unreachable' });
    const app = { ...world.appOf('rita'), ledger: () => Promise.reject(failure) };
    const ran = await go(['pick', 'reverts', '2.8.0', '--json'], 'rita', { app });
    expect(JSON.parse(ran.out)).toMatchObject({ stale: true, data: { decisionsUnread: 'the database is away' } });
    const git = { ...app.git, remoteRefs: () => Promise.reject(failure) };
    const todo = await go(['todo', '2.8.0'], 'rita', { app: { ...world.appOf('rita'), git } });
    expect(todo.out).toContain('? Which picks wait could not be read: the database is away');
    expect(layout).not.toBe('');
  });
});
