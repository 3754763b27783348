import { mkdtemp, readdir, rm, writeFile, appendFile, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readLine } from '../../app/history/read-line.ts';
import { branchRef, type ObjectId } from '../../domain/git-names.ts';
import type { CommitPatch } from '../../domain/history.ts';
import { signatureOf } from '../../history/compare-patches.ts';
import type { LineHistory } from '../../history/types.ts';
import { addCommits, makeRepo, testGit, type MadeCommit } from '../../testing/git-repos.ts';
import { gitWithHistory } from './index.ts';

let root = '';
const remote = () => join(root, 'remote.git');
const cache = () => join(root, 'cache');
const at = () => ({ repo: 'core', remote: remote() });
const ports = () => gitWithHistory({ mirrors: join(root, 'mirrors'), cache: cache() });
const SLUG = 'o/core';

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'history-'));
});
// An answer that needs no second walk through main does not wait for it: git may still be at it.
afterEach(() => rm(root, { recursive: true, force: true, maxRetries: 5 }));

function text(...lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('');
}

const TEN = Array.from({ length: 10 }, (_none, index) => `line number ${index} of the file`);
const changed = (at_: number, ...to: readonly string[]): string =>
  text(...TEN.slice(0, at_), ...to, ...TEN.slice(at_ + 1));

/** A remote with main and release/1.0 that begin at the same commit. */
async function made(main: readonly MadeCommit[], line: readonly MadeCommit[]): Promise<readonly ObjectId[]> {
  const base = { message: 'Begin', files: { 'a.py': text(...TEN), 'b.py': text(...TEN) } };
  const cut = {
    branch: 'release/1.0',
    message: '[RELEASE-ONLY CHANGES] Branch Cut for Release 1.0',
    files: { 'cut.txt': 'cut\n' },
  };
  const repo = await makeRepo({
    dir: remote(),
    commits: [base, cut, ...main, ...line.map((commit) => ({ ...commit, branch: 'release/1.0' }))],
  });
  return repo.commits;
}

async function read(): Promise<LineHistory> {
  const { git, history } = ports();
  const refs = [branchRef('main'), branchRef('release/1.0')];
  await git.fetch(at(), refs);
  const listed = await git.remoteRefs(at(), refs);
  const [main, line] = refs.map((ref) => listed.find((found) => found.ref === ref)?.id);
  if (main === undefined || line === undefined) throw new Error('a branch is missing');
  return readLine({ history, at: at(), slug: SLUG, main, line });
}

function classes(history: LineHistory): readonly string[] {
  return history.commits.map((commit) => `${commit.class} ${commit.confidence}`).toReversed();
}

describe('a line of a real repository', () => {
  it('is read with its picks, edits, renames, line ends and white space', async () => {
    await made(
      [
        { message: 'Fix one (#1)', files: { 'a.py': changed(2, 'a fixed line two', 'and one more') } },
        { message: 'Fix two (#2)', files: { 'b.py': changed(4, 'if x:', '  fixed()', '  and_more()', '  done()') } },
        {
          message: 'Move b (#3)',
          files: { 'b.py': null, 'moved/b.py': changed(4, 'if x:', '  fixed()', '  and_more()', '  done()') },
        },
        { message: 'Add c (#4)', files: { 'c.py': text('alpha beta', 'gamma delta', 'epsilon zeta') } },
      ],
      [
        { message: 'Fix one (#1) (#11)', files: { 'a.py': changed(2, 'a fixed line two', 'and one more') } },
        {
          message: 'For the release (#12)',
          files: { 'b.py': changed(4, 'if  x:', '\tfixed()', '\tand_more()', '\tdone()') },
        },
        { message: '[cherry-pick] Add c (#13)', files: { 'c.py': 'alpha beta\r\ngamma delta\r\nepsilon zeta\r\n' } },
        { message: 'Nothing (#14)', files: {} },
      ],
    );
    expect(classes(await read())).toEqual(['cut strong', 'exact exact', 'exact exact', 'exact exact', 'empty exact']);
  });

  it('is read by the commits of a squashed pull request that the remote keeps', async () => {
    const [, , one] = await made(
      [
        {
          message: 'Fix one (#1)',
          files: { 'a.py': changed(2, 'a fixed line two', 'and one more line', 'and the last one') },
        },
      ],
      [
        {
          message: 'Fixes (#11)',
          files: {
            'a.py': changed(2, 'a fixed line two', 'and one more line', 'but another end'),
            'd.py': text('by hand one', 'by hand two', 'by hand three'),
          },
        },
      ],
    );
    const before = await read();
    expect(before.commits[0]?.class).toBe('release-only');
    const tree = ['commit-tree', `${one}^{tree}`, '-p', `${one}^`, '-m', 'Fix one (#1)'];
    const pushed = (
      await testGit(remote(), ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.org', ...tree])
    ).trim();
    await testGit(remote(), ['update-ref', 'refs/pull/11/head', pushed]);
    await rm(cache(), { recursive: true });
    const found = (await read()).commits[0];
    expect(found?.counterparts.map(({ commit }) => commit)).toEqual([one]);
    expect(found?.why.map(({ kind }) => kind)).toContain('head-ref');
  });

  it('is an empty answer right after the cut', async () => {
    const repo = await makeRepo({ dir: remote(), commits: [{ message: 'Begin', files: { a: 'a\n' } }] });
    await testGit(remote(), ['update-ref', 'refs/heads/release/1.0', repo.commits[0] ?? '']);
    expect(await read()).toMatchObject({ commits: [], mainCommits: [] });
  });

  it('takes hostile names and texts for what they are', async () => {
    const nasty = 'x"; rm -rf / #\n--help';
    await made(
      [
        {
          message: `--option $(touch x) (#1)\n\n${'\u0001<\u202e'.repeat(50)}\n${'f'.repeat(40)}`,
          files: { [nasty]: text(...TEN), '<': 'x\n', ['f'.repeat(40)]: 'y\n', ' ': 'z\n' },
        },
      ],
      [
        {
          message: `--option $(touch x) (#1) (#2)\n\n> ${'\u0000'.length}`,
          files: { [nasty]: text(...TEN), '<': 'x\n', ['f'.repeat(40)]: 'y\n', ' ': 'z\n' },
        },
      ],
    );
    expect(classes(await read())).toEqual(['cut strong', 'exact exact']);
  });
});

const story = () =>
  made(
    [
      { message: 'Fix one (#1)', files: { 'a.py': changed(2, 'a fixed line two', 'and one more') } },
      { message: 'Fix two (#2)\n\nFixes #77', files: { 'b.py': changed(4, 'another fixed line', 'with company') } },
    ],
    [{ message: 'For the release (#12)', files: { 'b.py': changed(4, 'another fixed line', 'with company') } }],
  );

const where = async () => ({
  head: (await ports().git.remoteRefs(at(), [branchRef('main')]))[0]?.id,
  slug: SLUG,
});

const find = async (query: Partial<Parameters<ReturnType<typeof ports>['history']['find']>[2]>) => {
  const { head, slug } = await where();
  if (head === undefined) throw new Error('no main');
  return (await ports().history.find(at(), { head, slug }, { ids: [], pulls: [], issues: [], ...query })).map(
    ({ title }) => title,
  );
};

describe('what is kept', () => {
  it('may be deleted at any time: the same answer comes', async () => {
    await story();
    const first = await read();
    const again = await read();
    await rm(cache(), { recursive: true });
    const cold = await read();
    expect(again).toEqual(first);
    expect(cold).toEqual(first);
  });

  it('may be damaged at any time: the same answer comes', async () => {
    await story();
    const first = await read();
    const [folder = ''] = await readdir(cache());
    const files = await readdir(join(cache(), folder), { recursive: true, withFileTypes: true });
    for (const file of files.filter((entry) => entry.isFile())) {
      const path = join(file.parentPath, file.name);
      const bytes = await readFile(path);
      await writeFile(path, bytes.subarray(0, Math.floor(bytes.length / 2)));
      await appendFile(path, '\u0000{"torn');
    }
    expect(await read()).toEqual(first);
  });

  it('is added to when the branches go on, and answers as if all were read anew', async () => {
    await story();
    await read();
    expect(await find({ pulls: [1] })).toEqual(['Fix one (#1)']);
    await addCommits(remote(), [
      {
        message: 'Fix twelve (#12)\n\nPull Request resolved: https://github.com/o/core/pull/12',
        files: { 'n.py': text('new one') },
      },
      {
        branch: 'release/1.0',
        message: 'Fix one (#1) (#15)',
        files: { 'a.py': changed(2, 'a fixed line two', 'and one more') },
      },
    ]);
    const grown = await read();
    expect(await find({ pulls: [1] })).toEqual(['Fix one (#1)']);
    expect(await find({ pulls: [12] })).toEqual(['Fix twelve (#12)']);
    expect(await find({ issues: ['O/Core#77'] })).toEqual(['Fix two (#2)']);
    expect(await find({ issues: ['o/core#7'], ids: ['zzz', '--all'], pulls: [-1] })).toEqual([]);
    await rm(cache(), { recursive: true });
    expect(await read()).toEqual(grown);
  });

  it('does not outlive a main that was pushed back: what is no more on it is not found', async () => {
    const commits = await story();
    const { git, history } = ports();
    await git.fetch(at(), [branchRef('main')]);
    const [, , one, two] = commits;
    if (one === undefined || two === undefined) throw new Error('the story is too short');
    const query = { ids: [], pulls: [2], issues: [] };
    expect(await history.find(at(), { head: two, slug: SLUG }, query)).toHaveLength(1);
    expect(await ports().history.find(at(), { head: one, slug: SLUG }, query)).toEqual([]);
  });
});

describe('patches', () => {
  it('are equal exactly when git patch-id says so', async () => {
    const commits = await made(
      [
        { message: 'A', files: { 'a.py': changed(2, 'x = 1', 'y = 2') } },
        { message: 'A back', files: { 'a.py': text(...TEN) } },
        { message: 'A again, spaced', files: { 'a.py': changed(2, 'x   =  1', 'y = 2') } },
        { message: 'Binary', files: { 'p.bin': Buffer.from([0, 1, 2, 255]) } },
        { message: 'Mode', files: { 'b.py': { run: text(...TEN) } } },
        { message: 'Name with spaces', files: { 'a b\tc.txt': text('one two three') } },
      ],
      [{ message: 'A there', files: { 'a.py': changed(2, 'x = 1', 'y = 2') } }],
    );
    const { git, history } = ports();
    await git.fetch(at(), [branchRef('main'), branchRef('release/1.0')]);
    const patches = await history.patches(at(), commits);
    const ids = await patchIds(commits);
    for (const [one, patch] of patches) {
      for (const [other, second] of patches) {
        const same = ids.get(one) !== undefined && ids.get(one) === ids.get(other);
        expect(signatureOf(patch) === signatureOf(second) && patch.files.length > 0, `${one} and ${other}`).toBe(same);
      }
    }
    expect(allPaths(patches)).toContain('a b\tc.txt');
  });
});

async function patchIds(commits: readonly ObjectId[]): Promise<ReadonlyMap<string, string>> {
  const diff = await testGit(
    remote(),
    ['diff-tree', '--stdin', '-p', '--root', '--full-index'],
    commits.map((id) => `${id}\n`).join(''),
  );
  const printed = await testGit(remote(), ['patch-id', '--stable'], diff);
  return new Map(
    printed
      .trim()
      .split('\n')
      .map((line) => [line.slice(41), line.slice(0, 40)]),
  );
}

function allPaths(patches: ReadonlyMap<ObjectId, CommitPatch>): readonly string[] {
  return [...patches.values()].flatMap(({ files }) => files.map(({ path }) => path));
}
