import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { branchRef, ObjectId } from '../../domain/git-names.ts';
import type { Git, PickAnswer, PickDraft, RemoteRepo } from '../../ports/git.ts';
import { addCommits, fingerprintOf, makeRepo, testGit, treeOf, type MadeCommit } from '../../testing/git-repos.ts';
import { gitAdapter } from './index.ts';

const committer = { name: 'Signalbox', email: 'signalbox@localhost' };

function text(changes: Readonly<Record<number, string>> = {}, count = 30): string {
  const lines = Array.from({ length: count }, (_, index) => changes[index + 1] ?? `line ${index + 1}`);
  return `${lines.join('\n')}\n`;
}

describe('picking commits on real repositories', () => {
  let root = '';
  let git: Git;
  let made = 0;
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'signalbox-pick-'));
    git = gitAdapter({ mirrors: join(root, 'mirrors') });
  });
  afterAll(() => rm(root, { recursive: true, force: true }));

  interface World {
    readonly at: RemoteRepo;
    readonly dir: string;
    /** Commits in the order they were made. */
    readonly commits: readonly ObjectId[];
    readonly head: (branch: string) => Promise<ObjectId>;
    readonly pick: (commits: readonly ObjectId[], more?: Partial<PickDraft>) => Promise<PickAnswer>;
  }

  /** A repository with `base` on main, release/2.8 cut there, then the given commits on main and on the branch. */
  async function world(base: MadeCommit['files'], later: readonly MadeCommit[]): Promise<World> {
    made += 1;
    const dir = join(root, `r${made}.git`);
    const first = await makeRepo({ dir, commits: [{ message: 'Begin', files: base }] });
    await testGit(dir, ['branch', 'release/2.8', 'main']);
    const commits = [...first.commits, ...(later.length === 0 ? [] : await addCommits(dir, later))];
    const at = { repo: `r${made}`, remote: dir };
    const head = async (branch: string) => ObjectId.parse((await testGit(dir, ['rev-parse', branch])).trim());
    return {
      at,
      dir,
      commits,
      head,
      async pick(ids, more = {}) {
        await git.fetch(at, [branchRef('main'), branchRef('release/2.8')]);
        const onto = await head('release/2.8');
        return git.pickCommits(at, { onto, commits: ids, does: 'pick', committer, conflicts: 'stop', ...more });
      },
    };
  }

  function commitAt({ commits }: World, index: number): ObjectId {
    const id = commits[index];
    if (id === undefined) throw new Error(`no commit ${index} was made`);
    return id;
  }

  async function pushed(one: World, commit: ObjectId): Promise<void> {
    const answer = await git.push(one.at, [{ ref: branchRef('picked'), from: null, to: commit }]);
    expect(answer).toEqual({ pushed: true });
  }

  it('carries a change over with its author, date and message, and names where it came from', async () => {
    const one = await world({ 'a.txt': text() }, [
      { message: 'Another change', files: { 'b.txt': 'b\n' } },
      {
        message: 'Fix it (#7)\n\nBecause.\n\nSigned-off-by: Ada <ada@example.org>',
        files: { 'a.txt': text({ 3: 'fixed' }) },
      },
      { branch: 'release/2.8', message: 'Pin', files: { 'pin.txt': 'p\n' } },
    ]);
    const fix = commitAt(one, 2);
    const answer = await one.pick([fix]);
    if (!answer.picked) throw new Error(answer.because);
    expect(answer.files).toEqual(['a.txt']);
    expect(answer.made).toEqual([{ of: fix, commit: answer.commit }]);
    await pushed(one, answer.commit);
    expect(Object.keys(await treeOf(one.dir, 'picked'))).toEqual(['a.txt', 'pin.txt']);
    const shown = await testGit(one.dir, ['log', '-1', '--format=%an %ae %at %cn %P%n%B', 'picked']);
    const authored = (await testGit(one.dir, ['log', '-1', '--format=%at', fix])).trim();
    expect(shown.trimEnd()).toBe(
      `Ada Lovelace ada@example.org ${authored} Signalbox ${await one.head('release/2.8')}\nFix it (#7)\n\nBecause.\n\nSigned-off-by: Ada <ada@example.org>\n(cherry picked from commit ${fix})`,
    );
  });

  it('gives the very tree and message that git cherry-pick -x gives', async () => {
    const one = await world({ 'a.txt': text(), 'dir/b.txt': text() }, [
      {
        message: 'Fix\n\nText: with a colon\nand without',
        files: { 'a.txt': text({ 9: 'nine' }), 'dir/b.txt': null, 'dir/c.sh': { run: 'x\n' } },
      },
      { branch: 'release/2.8', files: { 'a.txt': text({ 20: 'twenty' }) } },
    ]);
    const answer = await one.pick([commitAt(one, 1)]);
    if (!answer.picked) throw new Error(answer.because);
    const clone = join(root, `clone-${made}`);
    await testGit(join(clone, '.git'), ['clone', '--quiet', '--branch', 'release/2.8', one.dir, clone]);
    const work = ['--work-tree', clone, '-c', 'user.name=x', '-c', 'user.email=x@localhost'];
    await testGit(join(clone, '.git'), ['-C', clone, ...work, 'cherry-pick', '-x', commitAt(one, 1)]);
    const theirs = await testGit(join(clone, '.git'), ['log', '-1', '--format=%T%n%B']);
    await pushed(one, answer.commit);
    expect(await testGit(one.dir, ['log', '-1', '--format=%T%n%B', 'picked'])).toBe(theirs);
  });

  it('gives the same commit again for the same request, and touches nothing at the remote', async () => {
    const one = await world({ 'a.txt': text() }, [{ files: { 'a.txt': text({ 1: 'one' }) } }]);
    const before = await fingerprintOf(one.dir);
    const [first, second] = [await one.pick([commitAt(one, 1)]), await one.pick([commitAt(one, 1)])];
    expect(first).toEqual(second);
    expect(first.picked).toBe(true);
    expect(await fingerprintOf(one.dir)).toBe(before);
  });

  it('keeps an author and a message that are not UTF-8, byte for byte', async () => {
    const one = await world({ 'a.txt': text() }, []);
    const tree = (await testGit(one.dir, ['rev-parse', 'main^{tree}'])).trim();
    const blob = (await testGit(one.dir, ['hash-object', '-w', '--stdin'], 'new\n')).trim();
    const newTree = (
      await testGit(one.dir, ['mktree'], `100644 blob ${blob}\tn.txt\n${await testGit(one.dir, ['ls-tree', tree])}`)
    ).trim();
    const main = await one.head('main');
    const raw = Buffer.concat([
      Buffer.from(`tree ${newTree}\nparent ${main}\nauthor Jos`),
      Buffer.from([0xe9]),
      Buffer.from(
        ' <jose@example.org> 1735689600 -0730\ncommitter X <x@example.org> 1735689600 +0000\nencoding ISO-8859-1\n\nCaf',
      ),
      Buffer.from([0xe9]),
      Buffer.from('\n'),
    ]);
    const id = ObjectId.parse((await testGit(one.dir, ['hash-object', '-t', 'commit', '-w', '--stdin'], raw)).trim());
    await testGit(one.dir, ['update-ref', 'refs/heads/main', id]);
    const answer = await one.pick([id]);
    if (!answer.picked) throw new Error(answer.because);
    await pushed(one, answer.commit);
    const shown = await testGit(one.dir, ['log', '-1', '--date=raw', '--format=%an|%ad|%s', 'picked']);
    expect(shown).toBe('José|1735689600 -0730|Café\n');
  });

  it('carries a stack over in order, and leaves out what came to nothing', async () => {
    const one = await world({ 'a.txt': text() }, [
      { message: 'One', files: { 'a.txt': text({ 1: 'one' }) } },
      { message: 'Two', files: { 'a.txt': text({ 1: 'one', 2: 'two' }) } },
      { message: 'Three', files: { 'a.txt': text({ 1: 'one', 2: 'two', 3: 'three' }) } },
      { branch: 'release/2.8', message: 'One by hand', files: { 'a.txt': text({ 1: 'one' }) } },
    ]);
    const answer = await one.pick([commitAt(one, 1), commitAt(one, 2), commitAt(one, 3)]);
    if (!answer.picked) throw new Error(answer.because);
    expect(answer.empty).toEqual([commitAt(one, 1)]);
    expect(answer.made.map(({ of }) => of)).toEqual([commitAt(one, 2), commitAt(one, 3)]);
  });

  it('names the conflicting files with their lines on the branch, and the commits that are missing there', async () => {
    const filler = Array.from({ length: 5 }, (_, index) => `extra ${index}`);
    const one = await world({ 'src/a.txt': text(), 'b.txt': text() }, [
      { message: 'Earlier (#1)', files: { 'src/a.txt': text({ 12: 'twelve, earlier', 13: 'thirteen, earlier' }) } },
      {
        message: 'Elsewhere (#2)',
        files: { 'src/a.txt': text({ 12: 'twelve, earlier', 13: 'thirteen, earlier', 28: 'x' }) },
      },
      {
        message: 'Fix (#3)',
        files: {
          'src/a.txt': text({ 12: 'twelve, fixed', 13: 'thirteen, earlier', 28: 'x' }),
          'b.txt': text({ 5: 'five' }),
        },
      },
      { branch: 'release/2.8', files: { 'src/a.txt': [...filler, text()].join('\n') } },
    ]);
    const answer = await one.pick([commitAt(one, 3)]);
    expect(answer).toEqual({
      picked: false,
      because: 'conflict',
      commit: commitAt(one, 3),
      // Twelve lines of the branch lie five lines lower there. Line 13 belongs to the conflict: #1 changed it too.
      conflicts: [{ path: 'src/a.txt', kind: 'contents', ranges: [{ first: 17, last: 18 }] }],
      prerequisites: [{ commit: commitAt(one, 1), subject: 'Earlier (#1)', touched: 'lines' }],
    });
  });

  it('is not led astray by text that looks like a conflict', async () => {
    const fake = '<<<<<<< ours\n=======\n>>>>>>> theirs';
    const one = await world({ 'a.rst': text({ 2: fake, 10: '=======' }) }, [
      { message: 'Fix', files: { 'a.rst': text({ 2: fake, 10: '=======', 11: 'main' }) } },
      { branch: 'release/2.8', files: { 'a.rst': text({ 2: fake, 10: '=======', 11: 'branch' }) } },
    ]);
    const answer = await one.pick([commitAt(one, 1)]);
    expect(answer).toMatchObject({ conflicts: [{ path: 'a.rst', ranges: [{ first: 13, last: 13 }] }] });
  });

  it('tells of a file that the branch has not, and of the commit that made it', async () => {
    const one = await world({ 'a.txt': text() }, [
      { message: 'Add the file (#1)', files: { 'new.txt': text() } },
      { message: 'Fix it (#2)', files: { 'new.txt': text({ 3: 'three' }) } },
    ]);
    const answer = await one.pick([commitAt(one, 2)]);
    expect(answer).toMatchObject({
      because: 'conflict',
      conflicts: [{ path: 'new.txt', kind: 'modify/delete', ranges: [] }],
      prerequisites: [{ commit: commitAt(one, 1), touched: 'lines' }],
    });
  });

  it('writes a conflict with its markers when a draft for people is wanted', async () => {
    const one = await world({ 'a.txt': text() }, [
      { message: 'Fix', files: { 'a.txt': text({ 3: 'main' }) } },
      { branch: 'release/2.8', files: { 'a.txt': text({ 3: 'branch' }) } },
    ]);
    const answer = await one.pick([commitAt(one, 1)], { conflicts: 'mark' });
    if (!answer.picked) throw new Error(answer.because);
    expect(answer.conflicts).toEqual([{ path: 'a.txt', kind: 'contents', ranges: [{ first: 3, last: 3 }] }]);
    const [file] = await git.files(one.at, answer.commit, ['a.txt']);
    expect(file?.text).toContain('<<<<<<<');
    expect(file?.text).toContain('\nbranch\n=======\nmain\n');
  });

  it('follows a file that the branch has under another name', async () => {
    const one = await world({ 'old.txt': text() }, [
      { message: 'Fix', files: { 'old.txt': text({ 3: 'three' }) } },
      { branch: 'release/2.8', message: 'Rename', files: { 'old.txt': null, 'new.txt': text() } },
    ]);
    const answer = await one.pick([commitAt(one, 1)]);
    if (!answer.picked) throw new Error(answer.because);
    expect(answer.files).toEqual(['new.txt']);
  });

  it('calls a binary file that both sides changed a conflict without lines', async () => {
    const one = await world({ 'x.bin': Buffer.from([0, 1, 2]) }, [
      { message: 'Fix', files: { 'x.bin': Buffer.from([0, 9, 2]) } },
      { branch: 'release/2.8', files: { 'x.bin': Buffer.from([0, 1, 9]) } },
    ]);
    const answer = await one.pick([commitAt(one, 1)]);
    expect(answer).toMatchObject({ because: 'conflict', conflicts: [{ path: 'x.bin', kind: 'binary', ranges: [] }] });
  });

  it.each([
    ['changes what the branch has already', { 'a.txt': text({ 3: 'three' }) }, { 'a.txt': text({ 3: 'three' }) }],
    ['changes nothing at all', { 'a.txt': text() }, { 'b.txt': 'b\n' }],
  ])('calls a pick empty that %s', async (_name, onMain, onBranch) => {
    const one = await world({ 'a.txt': text() }, [
      { message: 'Fix', files: onMain },
      { branch: 'release/2.8', files: onBranch },
    ]);
    expect(await one.pick([commitAt(one, 1)])).toEqual({ picked: false, because: 'empty', commit: commitAt(one, 1) });
  });

  it('refuses a commit that the branch was cut with', async () => {
    const one = await world({ 'a.txt': text() }, [
      { message: 'Before', files: { 'a.txt': text({ 1: '1' }) } },
      { message: 'After', files: { 'a.txt': text({ 1: '2' }) } },
    ]);
    await testGit(one.dir, ['branch', '-f', 'release/2.8', 'main']);
    expect(await one.pick([commitAt(one, 1)])).toEqual({
      picked: false,
      because: 'in-history',
      commit: commitAt(one, 1),
    });
  });

  it('refuses a merge commit and the first commit of a repository', async () => {
    const one = await world({ 'a.txt': text() }, [
      { branch: 'side', message: 'Side', files: { 's.txt': 's\n' } },
      { message: 'Main', files: { 'm.txt': 'm\n' } },
    ]);
    const tree = (await testGit(one.dir, ['rev-parse', 'main^{tree}'])).trim();
    const raw = `tree ${tree}\nparent ${await one.head('main')}\nparent ${await one.head('side')}\nauthor A <a@x> 1735700000 +0000\ncommitter A <a@x> 1735700000 +0000\n\nMerge\n`;
    const merge = ObjectId.parse(
      (await testGit(one.dir, ['hash-object', '-t', 'commit', '-w', '--stdin'], raw)).trim(),
    );
    await testGit(one.dir, ['update-ref', 'refs/heads/main', merge]);
    expect(await one.pick([merge])).toEqual({ picked: false, because: 'merge-commit', commit: merge });
    expect(await one.pick([commitAt(one, 0)])).toMatchObject({ because: 'first-commit' });
  });

  it.each(['../../etc/passwd', 'a.txt'])('refuses a change that makes a symbolic link, to %s', async (link) => {
    const one = await world({ 'a.txt': text() }, [{ message: 'Link', files: { 'sub/link': { link }, 'ok.txt': 'x' } }]);
    expect(await one.pick([commitAt(one, 1)])).toEqual({
      picked: false,
      because: 'symbolic-link',
      commit: commitAt(one, 1),
      paths: ['sub/link'],
    });
  });

  it('takes names and messages of any kind as they are: nothing is an option, a quote or a line end', async () => {
    const files = { '-rf': 'a\n', 'new\nline "q"': 'b\n', 'ünï☃': 'c\n', ':(top)x': 'd\n' };
    const one = await world({ 'a.txt': text() }, [{ message: '--help $(touch x)\n\n<!-- x -->', files }]);
    const answer = await one.pick([commitAt(one, 1)]);
    if (!answer.picked) throw new Error(answer.because);
    expect([...answer.files].toSorted()).toEqual(Object.keys(files).toSorted());
  });

  it('names a conflict in a file whose name has a line end', async () => {
    const path = 'new\nline';
    const one = await world({ [path]: text() }, [
      { message: 'Fix', files: { [path]: text({ 3: 'main' }) } },
      { branch: 'release/2.8', files: { [path]: text({ 3: 'branch' }) } },
    ]);
    expect(await one.pick([commitAt(one, 1)])).toMatchObject({
      conflicts: [{ path, ranges: [{ first: 3, last: 3 }] }],
    });
  });

  it('takes a pick back with the message of git revert', async () => {
    const one = await world({ 'a.txt': text() }, [
      { branch: 'release/2.8', message: 'Picked "it" (#9)', files: { 'a.txt': text({ 3: 'three' }) } },
      { branch: 'release/2.8', message: 'Later', files: { 'a.txt': text({ 3: 'three', 20: 'twenty' }) } },
    ]);
    const answer = await one.pick([commitAt(one, 1)], { does: 'revert' });
    if (!answer.picked) throw new Error(answer.because);
    await pushed(one, answer.commit);
    const [file] = await git.files(one.at, answer.commit, ['a.txt']);
    expect(file?.text).toBe(text({ 20: 'twenty' }));
    const message = await testGit(one.dir, ['log', '-1', '--format=%an%n%B', 'picked']);
    expect(message.trimEnd()).toBe(`Signalbox\nRevert "Picked "it" (#9)"\n\nThis reverts commit ${commitAt(one, 1)}.`);
  });

  it('says which commit the mirror lacks', async () => {
    const one = await world({ 'a.txt': text() }, []);
    await expect(one.pick([ObjectId.parse('1'.repeat(40))])).rejects.toMatchObject({ code: 'object-missing' });
  });
});
