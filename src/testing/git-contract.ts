import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { branchRef, ObjectId, tagRef } from '../domain/git-names.ts';
import { Instant } from '../domain/instant.ts';
import type { CommitDraft, Git, RemoteRepo } from '../ports/git.ts';
import type { MadeCommit, MadeRepo } from './git-repos.ts';
import { addCommits, fingerprintOf, makeRepo, refsOf, testGit, treeOf } from './git-repos.ts';

/** How a git under test is made, and how it reaches the bare repositories below a folder. */
export interface GitHarness {
  readonly git: Git;
  /** The remote of the repository `<root>/<path>`. */
  readonly remoteOf: (path: string) => string;
  readonly close: () => Promise<void>;
}

const author = { name: 'Grace Hopper', email: 'grace@example.org' };
const date = Instant.parse('2025-03-17T12:00:00Z');
/** Words in a text, for a matcher: vitest types its own as any. */
const saying = (words: RegExp): unknown => expect.stringMatching(words);
const NOWHERE = ObjectId.parse('1'.repeat(40));

const HISTORY: readonly MadeCommit[] = [
  {
    message: 'Begin',
    files: { 'README.md': 'one\n', '.github/workflows/lint.yml': 'uses: a@main\n', 'version.txt': '2.8.0a0\n' },
  },
  {
    message: 'Odd names',
    files: {
      '-dash.yml': 'dash\n',
      'new\nline "quoted" \\ back.yml': 'strange\n',
      'sub/ünïcode ☃.yml': 'snow\n',
      'sub/deep/er/action.yml': 'deep\n',
      'sub/link.yml': { link: '../README.md' },
      'sub/run.sh': { run: '#!/bin/sh\n' },
      'sub/latin1.yml': Buffer.from([0x63, 0xe9, 0x0a]),
      'sub/nul.yml': Buffer.from('a\0b'),
      'sub/bom.yml': '\uFEFFbom\r\n',
      'sub/empty.yml': '',
      ':(top)magic.yml': 'magic\n',
    },
  },
  { message: 'Third\n\nwith a body', files: { 'README.md': 'three\n' } },
  { branch: 'side', message: 'Aside', files: { 'side.txt': 'side\n' } },
];

/** What every `Git` does, on real bare repositories. */
export function gitContract(name: string, start: (root: string, mirrors: string) => Promise<GitHarness>): void {
  describe(`git over ${name}`, () => {
    let root = '';
    let harness: GitHarness;
    let made = 0;

    beforeAll(async () => {
      root = await mkdtemp(join(tmpdir(), 'signalbox-git-'));
      harness = await start(join(root, 'remotes'), join(root, 'mirrors'));
    });
    afterAll(async () => {
      await harness.close();
      await rm(root, { recursive: true, force: true });
    });

    /** A fresh remote for one test. */
    async function remote(
      commits: readonly MadeCommit[] = HISTORY,
    ): Promise<{ at: RemoteRepo; repo: MadeRepo; tip: ObjectId; first: ObjectId }> {
      made += 1;
      const path = `r${made}.git`;
      const repo = await makeRepo({ dir: join(root, 'remotes', path), commits });
      const main = (await refsOf(repo.dir))['refs/heads/main'];
      const at = { repo: `r${made}`, remote: harness.remoteOf(path) };
      return { at, repo, tip: ObjectId.parse(main ?? NOWHERE), first: repo.commits[0] ?? NOWHERE };
    }
    const main = branchRef('main');

    it('lists the refs that match, annotated tags with the commit they name, and nothing else', async () => {
      const { at, repo, tip } = await remote();
      await testGit(repo.dir, [
        '-c',
        'user.name=T',
        '-c',
        'user.email=t@example.org',
        'tag',
        '-a',
        '-m',
        'rc',
        'v1.0-rc1',
        tip,
      ]);
      await testGit(repo.dir, ['update-ref', 'refs/tags/light', tip]);
      await testGit(repo.dir, ['update-ref', 'refs/heads/x/refs/heads/main', tip]);
      await testGit(repo.dir, ['update-ref', 'refs/pull/1/head', tip]);
      const refs = await harness.git.remoteRefs(at, [
        'refs/heads/main',
        'refs/tags/*',
        'refs/heads/none',
        'refs/heads/si*',
      ]);
      const tag = (await refsOf(repo.dir))['refs/tags/v1.0-rc1'];
      expect(refs).toEqual([
        { ref: 'refs/heads/main', id: tip, peeled: null },
        { ref: 'refs/heads/side', id: repo.commits[3], peeled: null },
        { ref: 'refs/tags/light', id: tip, peeled: null },
        { ref: 'refs/tags/v1.0-rc1', id: tag, peeled: tip },
      ]);
      expect(await harness.git.remoteRefs(at, ['refs/tags/v1.0-rc1'])).toEqual([
        { ref: 'refs/tags/v1.0-rc1', id: tag, peeled: tip },
      ]);
      expect(await harness.git.remoteRefs(at, [])).toEqual([]);
    });

    it('lists nothing of an empty repository', async () => {
      const { at } = await remote([]);
      expect(await harness.git.remoteRefs(at, ['refs/heads/*', 'refs/tags/*'])).toEqual([]);
    });

    it.each(['--upload-pack=touch x', 'main', 'refs/heads/-x', 'refs/heads/a*b', 'refs/pull/*', '', 'refs/heads/a b'])(
      'refuses to look for %j',
      async (pattern) => {
        const { at } = await remote();
        await expect(harness.git.remoteRefs(at, [pattern])).rejects.toMatchObject({ name: 'GitError', code: 'failed' });
      },
    );

    it('reads the files that match of a fetched commit, whatever their names and bytes', async () => {
      const { at, tip } = await remote();
      await harness.git.fetch(at, [main]);
      const files = await harness.git.files(at, tip, ['**/*.yml', 'sub/run.sh']);
      expect(files.map(({ path, mode, text }) => [path, mode, text])).toEqual([
        ['-dash.yml', '100644', 'dash\n'],
        ['.github/workflows/lint.yml', '100644', 'uses: a@main\n'],
        [':(top)magic.yml', '100644', 'magic\n'],
        ['new\nline "quoted" \\ back.yml', '100644', 'strange\n'],
        ['sub/bom.yml', '100644', '\uFEFFbom\r\n'],
        ['sub/deep/er/action.yml', '100644', 'deep\n'],
        ['sub/empty.yml', '100644', ''],
        ['sub/latin1.yml', '100644', null],
        ['sub/link.yml', '120000', '../README.md'],
        ['sub/nul.yml', '100644', null],
        ['sub/run.sh', '100755', '#!/bin/sh\n'],
        ['sub/ünïcode ☃.yml', '100644', 'snow\n'],
      ]);
      const named = await harness.git.files(at, tip, [
        '-dash.yml',
        ':(top)magic.yml',
        'version.txt',
        'not/there',
        'sub/*.sh',
        'sub',
      ]);
      expect(named.map(({ path }) => path)).toEqual(['-dash.yml', ':(top)magic.yml', 'sub/run.sh', 'version.txt']);
      expect(await harness.git.files(at, tip, [])).toEqual([]);
    });

    it('lists a file over 4 MiB without its text, and reads one of exactly 4 MiB', async () => {
      const limit = 4 * 1024 * 1024;
      const { at, tip } = await remote([
        { files: { 'large.txt': 'x'.repeat(limit + 1), 'limit.txt': 'y'.repeat(limit) } },
      ]);
      await harness.git.fetch(at, [main]);
      const files = await harness.git.files(at, tip, ['*.txt']);
      expect(files.map(({ path, text }) => [path, text?.length ?? null])).toEqual([
        ['large.txt', null],
        ['limit.txt', limit],
      ]);
    });

    it('tells the history between two commits, newest first, and how much there is in all', async () => {
      const { at, repo, tip, first } = await remote();
      await harness.git.fetch(at, [main]);
      const all = await harness.git.log(at, { from: null, to: tip, limit: 10 });
      expect(all).toMatchObject({
        count: 3,
        commits: [
          { id: tip, parents: [repo.commits[1]], subject: 'Third' },
          { subject: 'Odd names' },
          { subject: 'Begin', parents: [] },
        ],
      });
      expect(all.commits[2]).toMatchObject({
        author: 'Ada Lovelace <ada@example.org>',
        committedAt: '2025-01-01T00:00:00.000Z',
      });
      expect(await harness.git.log(at, { from: first, to: tip, limit: 1 })).toMatchObject({
        count: 2,
        commits: [{ id: tip }],
      });
      expect(await harness.git.log(at, { from: tip, to: tip, limit: 5 })).toEqual({ count: 0, commits: [] });
    });

    it('shows one commit', async () => {
      const { at, repo, tip, first } = await remote();
      await harness.git.fetch(at, [main]);
      expect(await harness.git.commit(at, tip)).toMatchObject({
        id: tip,
        parents: [repo.commits[1]],
        subject: 'Third',
      });
      const begun = { parents: [], author: 'Ada Lovelace <ada@example.org>', committedAt: '2025-01-01T00:00:00.000Z' };
      expect(await harness.git.commit(at, first)).toMatchObject({ id: first, ...begun });
    });

    it('knows ancestors, and does not guess about commits it lacks', async () => {
      const { at, repo, tip, first } = await remote();
      await harness.git.fetch(at, [main, branchRef('side')]);
      const side = repo.commits[3] ?? NOWHERE;
      expect(await harness.git.isAncestor(at, first, tip)).toBe(true);
      expect(await harness.git.isAncestor(at, tip, tip)).toBe(true);
      expect(await harness.git.isAncestor(at, tip, first)).toBe(false);
      expect(await harness.git.isAncestor(at, side, tip)).toBe(false);
      await expect(harness.git.isAncestor(at, NOWHERE, tip)).rejects.toMatchObject({ code: 'object-missing' });
      await expect(harness.git.files(at, NOWHERE, ['*'])).rejects.toMatchObject({ code: 'object-missing' });
      await expect(harness.git.commit(at, NOWHERE)).rejects.toMatchObject({ code: 'object-missing' });
      await expect(harness.git.log(at, { from: null, to: NOWHERE, limit: 1 })).rejects.toMatchObject({
        code: 'object-missing',
      });
    });

    it('fetches what came since, also after a branch made room for a folder of its name', async () => {
      const { at, repo } = await remote();
      await testGit(repo.dir, ['update-ref', 'refs/heads/release', repo.commits[0] ?? '']);
      await harness.git.fetch(at, [main, branchRef('release')]);
      await testGit(repo.dir, ['update-ref', '-d', 'refs/heads/release']);
      const [next = NOWHERE] = await addCommits(repo.dir, [
        { branch: 'release/2.8', files: { 'README.md': 'four\n' } },
      ]);
      await harness.git.fetch(at, [branchRef('release/2.8')]);
      expect(await harness.git.files(at, next, ['README.md'])).toMatchObject([{ text: 'four\n' }]);
    });

    it('says which branch the remote does not have', async () => {
      const { at } = await remote();
      await expect(harness.git.fetch(at, [main, branchRef('viable/strict')])).rejects.toThrow(
        /no refs\/heads\/viable\/strict .*train file/,
      );
    });

    async function draftOn(at: RemoteRepo, parent: ObjectId, change: Partial<CommitDraft> = {}): Promise<CommitDraft> {
      const [readme] = await harness.git.files(at, parent, ['README.md']);
      return {
        parent,
        message: 'Release only: 2.8\n\n# not a comment\n  indented  \n\n\nend',
        author,
        date,
        files: [{ path: 'README.md', mode: '100644', before: readme?.blob ?? null, after: 'changed\n' }],
        ...change,
      };
    }

    it('writes a commit with changed, new and deleted files, with the same id each time, and pushes it', async () => {
      const { at, repo, tip } = await remote();
      await harness.git.fetch(at, [main]);
      const files = await harness.git.files(at, tip, ['sub/run.sh', '-dash.yml', 'README.md', 'new*']);
      const blob = (path: string): ObjectId | null => files.find((file) => file.path === path)?.blob ?? null;
      const odd = 'new\nline "quoted" \\ back.yml';
      const draft = await draftOn(at, tip, {
        files: [
          { path: 'README.md', mode: '100644', before: blob('README.md'), after: 'changed\n' },
          { path: 'sub/run.sh', mode: '100755', before: blob('sub/run.sh'), after: '#!/bin/sh\nexit 0' },
          { path: '-dash.yml', mode: '100644', before: blob('-dash.yml'), after: null },
          { path: '-dash.yml/now a folder ☃', mode: '100644', before: null, after: '\uFEFFkept\r\n' },
          { path: odd, mode: '100644', before: blob(odd), after: '' },
        ],
      });
      const id = await harness.git.writeCommit(at, draft);
      expect(await harness.git.writeCommit(at, draft)).toBe(id);
      expect(await harness.git.push(at, [{ ref: branchRef('release/2.8'), from: null, to: id }])).toEqual({
        pushed: true,
      });
      expect(await testGit(repo.dir, ['cat-file', 'commit', id])).toBe(
        `tree ${(await testGit(repo.dir, ['rev-parse', `${id}^{tree}`])).trim()}\nparent ${tip}\n` +
          `author Grace Hopper <grace@example.org> 1742212800 +0000\ncommitter Grace Hopper <grace@example.org> 1742212800 +0000\n\n${draft.message}\n`,
      );
      const [before, after] = [await treeOf(repo.dir, tip), await treeOf(repo.dir, id)];
      const touched = new Set(
        [...Object.keys(before), ...Object.keys(after)].filter((path) => before[path] !== after[path]),
      );
      expect([...touched].toSorted()).toEqual([
        '-dash.yml',
        '-dash.yml/now a folder ☃',
        'README.md',
        odd,
        'sub/run.sh',
      ]);
      expect(after['sub/run.sh']).toMatch(/^100755 /);
      expect(await testGit(repo.dir, ['cat-file', 'blob', `${id}:-dash.yml/now a folder ☃`])).toBe('\uFEFFkept\r\n');
      await testGit(repo.dir, ['fsck', '--strict', '--no-dangling']);
    });

    it.each([
      ['was planned on other content', { path: 'README.md', before: NOWHERE, after: 'x' }],
      ['is new in the plan and there at the parent', { path: 'README.md', before: null, after: 'x' }],
      ['was there in the plan and is not at the parent', { path: 'gone.md', before: NOWHERE, after: null }],
      ['is a folder at the parent', { path: 'sub', before: null, after: 'x' }],
      ['lies in a folder that is a file', { path: 'README.md/inner', before: null, after: 'x' }],
      ['leaves the repository', { path: '../outside', before: null, after: 'x' }],
      ["is git's own folder", { path: 'a/.GIT/config', before: null, after: 'x' }],
      ['is absolute', { path: '/etc/passwd', before: null, after: 'x' }],
      ['is neither there nor to be made', { path: 'nothing', before: null, after: null }],
    ])('refuses to write a file that %s', async (_name, change) => {
      const { at, tip } = await remote();
      await harness.git.fetch(at, [main]);
      const draft = await draftOn(at, tip, { files: [{ mode: '100644', ...change }] });
      await expect(harness.git.writeCommit(at, draft)).rejects.toMatchObject({ code: 'conflict' });
    });

    it('refuses to write through a symbolic link, a file twice, and an author that breaks the line', async () => {
      const { at, tip } = await remote();
      await harness.git.fetch(at, [main]);
      const [link] = await harness.git.files(at, tip, ['sub/link.yml']);
      const file = { mode: '100644', before: null, after: 'x' } as const;
      const write = async (change: Partial<CommitDraft>) => harness.git.writeCommit(at, await draftOn(at, tip, change));
      await expect(
        write({ files: [{ ...file, path: 'sub/link.yml', before: link?.blob ?? null }] }),
      ).rejects.toMatchObject({ code: 'conflict' });
      await expect(
        write({
          files: [
            { ...file, path: 'new' },
            { ...file, path: 'new' },
          ],
        }),
      ).rejects.toMatchObject({ code: 'conflict' });
      await expect(
        write({
          files: [
            { ...file, path: 'new' },
            { ...file, path: 'new/er' },
          ],
        }),
      ).rejects.toMatchObject({ code: 'conflict' });
      await expect(write({ author: { name: 'A\ncommitter X', email: 'x' } })).rejects.toMatchObject({ code: 'failed' });
      await expect(write({ parent: NOWHERE })).rejects.toMatchObject({ code: 'object-missing' });
    });

    it('writes an annotated tag with the same id each time, and pushes it', async () => {
      const { at, repo, tip } = await remote();
      await harness.git.fetch(at, [main]);
      const draft = {
        tag: 'v2.8.0-rc1',
        commit: tip,
        message: 'v2.8.0-rc1\n\n# kept\n',
        tagger: author,
        date,
        sign: false,
      };
      const id = await harness.git.writeTag(at, draft);
      expect(await harness.git.writeTag(at, draft)).toBe(id);
      expect(await harness.git.push(at, [{ ref: tagRef('v2.8.0-rc1'), from: null, to: id }])).toEqual({ pushed: true });
      expect(await testGit(repo.dir, ['cat-file', 'tag', 'v2.8.0-rc1'])).toBe(
        `object ${tip}\ntype commit\ntag v2.8.0-rc1\ntagger Grace Hopper <grace@example.org> 1742212800 +0000\n\nv2.8.0-rc1\n\n# kept\n`,
      );
      await expect(harness.git.writeTag(at, { ...draft, commit: NOWHERE })).rejects.toMatchObject({
        code: 'object-missing',
      });
      await expect(harness.git.writeTag(at, { ...draft, tag: '-d' })).rejects.toMatchObject({ code: 'failed' });
    });

    const release = branchRef('release/2.8');
    const orig = branchRef('orig/release/2.8');

    it('makes, moves forward and deletes refs in one push, and takes what is already there for done', async () => {
      const { at, repo, tip, first } = await remote();
      await harness.git.fetch(at, [main]);
      const cut = [
        { ref: release, from: null, to: first },
        { ref: orig, from: null, to: first },
      ];
      expect(await harness.git.push(at, cut)).toEqual({ pushed: true });
      expect(await harness.git.push(at, cut)).toEqual({ pushed: true });
      expect(await harness.git.push(at, [])).toEqual({ pushed: true });
      const next = [
        { ref: release, from: first, to: tip },
        { ref: orig, from: first, to: null },
      ];
      expect(await harness.git.push(at, next)).toEqual({ pushed: true });
      expect(await refsOf(repo.dir)).toEqual({
        'refs/heads/main': tip,
        'refs/heads/side': repo.commits[3],
        'refs/heads/release/2.8': tip,
      });
    });

    it('changes nothing at the remote when it refuses one ref of two, and says why', async () => {
      const { at, repo, tip } = await remote();
      await harness.git.fetch(at, [main]);
      const hook =
        '#!/bin/sh\ncase "$1" in refs/heads/release/*) echo "release branches are protected" >&2; exit 1;; esac\n';
      await testGit(repo.dir, ['config', 'core.hooksPath', join(repo.dir, 'hooks')]);
      await makeHook(repo.dir, hook);
      const before = await refsOf(repo.dir);
      const answer = await harness.git.push(at, [
        { ref: orig, from: null, to: tip },
        { ref: release, from: null, to: tip },
      ]);
      expect(answer).toMatchObject({ pushed: false, rejected: [{ ref: release }] });
      expect(answer.pushed ? '' : answer.rejected[0]?.reason).toMatch(/hook.*release branches are protected/);
      expect(await refsOf(repo.dir)).toEqual(before);
    });

    it('changes nothing when a ref is not where it was planned to be', async () => {
      const { at, repo, tip, first } = await remote();
      await harness.git.fetch(at, [main]);
      await testGit(repo.dir, ['update-ref', release, first]);
      const before = await refsOf(repo.dir);
      const update = async (from: ObjectId | null, to: ObjectId | null) =>
        harness.git.push(at, [
          { ref: orig, from: null, to: tip },
          { ref: release, from, to },
        ]);
      const refused = {
        pushed: false,
        rejected: [{ ref: release, reason: 'the ref is not where it was planned to be (stale info)' }],
      };
      expect(await update(null, tip)).toEqual(refused);
      expect(await update(repo.commits[1] ?? NOWHERE, tip)).toEqual(refused);
      expect(await update(tip, null)).toEqual(refused);
      expect(await refsOf(repo.dir)).toEqual(before);
    });

    it('never moves a branch backwards nor a tag at all, though nothing at the remote would forbid it', async () => {
      const { at, repo, tip, first } = await remote();
      await harness.git.fetch(at, [main]);
      await testGit(repo.dir, ['update-ref', 'refs/tags/v1', first]);
      const before = await refsOf(repo.dir);
      expect(await harness.git.push(at, [{ ref: main, from: tip, to: first }])).toMatchObject({
        rejected: [{ ref: main, reason: saying(/^not a fast-forward/) }],
      });
      expect(await harness.git.push(at, [{ ref: tagRef('v1'), from: first, to: tip }])).toMatchObject({
        rejected: [{ reason: saying(/never moved/) }],
      });
      expect(await refsOf(repo.dir)).toEqual(before);
    });

    it('refuses a push of what the mirror does not have, of one ref twice, and of nothing to nothing', async () => {
      const { at, repo, tip } = await remote();
      await harness.git.fetch(at, [main]);
      const before = await refsOf(repo.dir);
      await expect(harness.git.push(at, [{ ref: release, from: null, to: NOWHERE }])).rejects.toMatchObject({
        code: 'object-missing',
      });
      const twice = { ref: release, from: null, to: tip };
      await expect(harness.git.push(at, [twice, twice])).rejects.toMatchObject({ code: 'failed' });
      await expect(harness.git.push(at, [{ ref: release, from: null, to: null }])).rejects.toMatchObject({
        code: 'failed',
      });
      expect(await refsOf(repo.dir)).toEqual(before);
    });

    it('says so when the remote cannot push atomically, and changes nothing', async () => {
      const { at, repo, tip } = await remote();
      await testGit(repo.dir, ['config', 'receive.advertiseAtomic', 'false']);
      await harness.git.fetch(at, [main]);
      const before = await refsOf(repo.dir);
      await expect(
        harness.git.push(at, [
          { ref: release, from: null, to: tip },
          { ref: orig, from: null, to: tip },
        ]),
      ).rejects.toThrow(/does not support atomic/);
      expect(await refsOf(repo.dir)).toEqual(before);
    });

    it('leaves every byte of the remote as it was when it only reads and writes drafts', async () => {
      const { at, repo, tip, first } = await remote();
      const before = await fingerprintOf(repo.dir);
      await harness.git.remoteRefs(at, ['refs/heads/*']);
      await harness.git.fetch(at, [main]);
      await harness.git.files(at, tip, ['**']);
      await harness.git.log(at, { from: null, to: tip, limit: 9 });
      await harness.git.isAncestor(at, first, tip);
      await harness.git.writeCommit(at, await draftOn(at, tip));
      await harness.git.writeTag(at, { tag: 'v1', commit: tip, message: 'v1', tagger: author, date, sign: false });
      expect(await fingerprintOf(repo.dir)).toBe(before);
    });

    it('says that a repository is gone, naming it and what was tried', async () => {
      const at = { repo: 'vision', remote: harness.remoteOf('nowhere.git') };
      const attempts = [() => harness.git.remoteRefs(at, ['refs/heads/*']), () => harness.git.fetch(at, [main])];
      for (const attempt of attempts) {
        await expect(attempt()).rejects.toMatchObject({
          name: 'GitError',
          code: 'gone',
          message: saying(/^vision: .*nowhere\.git.*train file/),
        });
      }
    });
  });
}

/** An update hook of a made repository. */
async function makeHook(dir: string, script: string): Promise<void> {
  await mkdir(join(dir, 'hooks'), { recursive: true });
  await writeFile(join(dir, 'hooks', 'update'), script, { mode: 0o755 });
}
