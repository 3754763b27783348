import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { gitWithHistory } from '../adapters/git/index.ts';
import { digestOf } from '../domain/canonical-json.ts';
import type { ObjectId } from '../domain/git-names.ts';
import { RepoSlug } from '../domain/repo.ts';
import { Train } from '../domain/train/train.ts';
import { CandidateVersion, ReleaseVersion } from '../domain/version.ts';
import { addCommits, makeRepo, testGit } from '../testing/git-repos.ts';
import { memoryApp } from '../testing/memory-app.ts';
import { memoryForge } from '../testing/memory-forge.ts';
import type { App } from './app.ts';
import { auditBranch, compareCandidates, findChange, missingPicks, missingReverts } from './history.ts';

let root = '';
let app: App;
let commits: readonly ObjectId[] = [];

const lines = (...more: readonly string[]): string =>
  ['one of many', 'two of many', ...more].map((line) => `${line}\n`).join('');

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'app-history-'));
  const dir = join(root, 'core.git');
  const line = { branch: 'release/2.8' };
  const made = await makeRepo({
    dir,
    commits: [
      { message: 'Begin (#1)', files: { 'a.py': lines() } },
      { ...line, message: '[RELEASE-ONLY CHANGES] Branch Cut for Release 2.8', files: { cut: 'cut\n' } },
      {
        message: 'Fix a (#12)\n\nFixes #7',
        files: { 'a.py': lines('fixed by three lines', 'of which two', 'are long') },
      },
      { message: 'Another (#123)', files: { 'b.py': lines() } },
      {
        ...line,
        message: 'Fix a (#12) (#20)',
        files: { 'a.py': lines('fixed by three lines', 'of which two', 'are long') },
      },
      { message: 'Revert "Fix a (#12)" (#13)', files: { 'a.py': lines() } },
    ],
  });
  ({ commits } = made);
  for (const [tag, commit] of [
    ['v2.8.0-rc1', commits[1]],
    ['v2.8.0-rc2', commits[4]],
  ])
    await testGit(dir, ['update-ref', `refs/tags/${tag}`, commit ?? '']);
  const train = Train.parse({
    train: 'small',
    title: 'Small',
    product: 'small',
    roles: { 'release-manager': ['ana'] },
    repos: {
      core: {
        role: 'core',
        source: 'main',
        slug: 'o/core',
        remote: dir,
        onBranch: [{ id: 'channel', kind: 'replace', files: ['*.txt'], find: 'nightly/', to: 'test/' }],
      },
      gone: { role: 'domain', source: 'main', remote: join(root, 'gone.git') },
    },
  });
  app = {
    ...memoryApp(),
    loaded: { train, digest: digestOf('train') },
    ...gitWithHistory({ mirrors: join(root, 'mirrors'), cache: join(root, 'cache') }),
  };
});
afterEach(() => rm(root, { recursive: true, force: true }));

const RELEASE = ReleaseVersion.parse('2.8.0');

it('PICK-16: a change is found by its own number, on its line and in its candidates, and not by a longer number', async () => {
  const found = await findChange(app, 'o/core#12');
  expect(found.ok && found.value[0]?.found).toMatchObject({
    known: true,
    value: {
      changes: [
        {
          commit: { id: commits[2], pull: 12 },
          lines: [
            { branch: 'release/2.8', standing: { kind: 'on-line', by: { id: commits[4] } }, versions: ['2.8.0-rc2'] },
          ],
        },
      ],
    },
  });
});

it('REV-10: of a change that main took back it is said by what, which line has it still, and which candidates have not', async () => {
  const found = await findChange(app, 'o/core#12');
  expect(found.ok && found.value[0]?.found).toMatchObject({
    value: {
      changes: [
        { takenBack: commits[5], lines: [{ lacking: [{ version: '2.8.0-rc1', because: 'before-the-change' }] }] },
      ],
    },
  });
});

it('a line that was cut after main had taken the change back did not get it with the cut', async () => {
  await testGit(join(root, 'core.git'), ['branch', 'release/2.9', 'main']);
  await addCommits(join(root, 'core.git'), [{ branch: 'release/2.9', message: 'Own', files: { own: 'own\n' } }]);
  const found = await findChange(app, 'o/core#12');
  const core = found.ok && found.value[0]?.found.known === true ? found.value[0].found.value : null;
  expect(core?.changes[0]?.lines.map(({ branch, standing }) => [branch, standing.kind])).toEqual([
    ['release/2.9', 'reverted-on-main'],
    ['release/2.8', 'on-line'],
  ]);
});

it.each([
  ['the whole of its id', (id: string) => id],
  ['seven digits of it', (id: string) => id.slice(0, 7)],
  ['its id in capitals', (id: string) => id.slice(0, 12).toUpperCase()],
  ['its address', (id: string) => `https://github.com/o/core/commit/${id}`],
])('a commit of main is found by %s', async (_name, write) => {
  const found = await findChange(app, write(commits[2] ?? ''));
  const core = found.ok ? found.value.find(({ repo }) => repo === 'core')?.found : undefined;
  expect(core?.known === true && core.value.changes.map(({ commit }) => commit.id)).toEqual([commits[2]]);
});

it.each([
  '--upload-pack=touch /tmp/x',
  'refs/heads/main',
  'main; rm -rf /',
  '#12 --exec=x',
  '$(id)',
  'o/core#12\n--all',
  '../../etc#1',
  '\u202e12#',
  'a'.repeat(100_000),
])('what is no change and would be something else is refused in a short text: %.20j', async (text) => {
  const found = await findChange(app, text);
  expect(found).toMatchObject({ ok: false, problems: [{ code: 'not-a-change' }] });
  expect(found.ok ? '' : found.problems[0].text.length).toBeLessThan(250);
});

it.each(['#7', '#20', 'https://github.com/o/core/pull/20', 'COMMIT'])(
  'the same change is found by %s: an issue, the release pull request, a commit',
  async (text) => {
    const found = await findChange(app, text === 'COMMIT' ? (commits[4] ?? '').slice(0, 9) : text);
    const core = found.ok ? found.value.find(({ repo }) => repo === 'core')?.found : undefined;
    expect(core?.known === true && core.value.changes.map(({ commit }) => commit.id)).toEqual([commits[2]]);
  },
);

it('what names no change is refused, and what is not there is an empty answer', async () => {
  expect(await findChange(app, '--exec=rm')).toMatchObject({ ok: false, problems: [{ code: 'not-a-change' }] });
  expect(await findChange(app, 'elsewhere/repo#1')).toMatchObject({ ok: false, problems: [{ code: 'not-in-train' }] });
  const nothing = await findChange(app, 'o/core#99999');
  expect(nothing.ok && nothing.value[0]?.found).toMatchObject({ known: true, value: { changes: [], lineCommits: [] } });
});

it('a revert on main is missing on the branch that has the change; a repository that cannot be read is unknown', async () => {
  const reports = await missingReverts(app, RELEASE);
  expect(reports).toMatchObject([
    { repo: 'core', found: { known: true, value: [{ pull: 12, revert: commits[5], carriedBy: [commits[4]] }] } },
    { repo: 'gone', found: { known: false } },
  ]);
});

it('the audit of a branch and the difference of two candidates tell each commit with its counterpart', async () => {
  expect(await auditBranch(app, 'core', RELEASE)).toMatchObject({
    ok: true,
    value: { found: { value: { counts: { cut: 1, exact: 1 }, forwardPortsOwed: [], unexplained: [] } } },
  });
  const [core] = await compareCandidates(app, CandidateVersion.parse('2.8.0-rc1'), CandidateVersion.parse('2.8.0-rc2'));
  expect(core?.found).toMatchObject({
    known: true,
    value: { added: [{ id: commits[4], line: { class: 'exact' } }], removed: [], cancelled: [] },
  });
});

it('a commit that only moves versions of its line, or makes an edit that the train declares, is not owed to main', async () => {
  const line = { branch: 'release/2.8' };
  const own = await addCommits(join(root, 'core.git'), [
    { ...line, message: 'Candidate 2.8.1', files: { 'gen.py': 'CANDIDATE = "2.8.0"\n' } },
    { ...line, message: 'Update the candidate', files: { 'gen.py': 'CANDIDATE = "2.8.1"\n', 'w.txt': 'nightly/\n' } },
    { ...line, message: 'Update the candidate again', files: { 'gen.py': 'CANDIDATE = "2.8.2"\n' } },
    { ...line, message: 'Compare with the candidate', files: { 'w.txt': 'test/\n' } },
    { ...line, message: 'Fix it here', files: { 'gen.py': 'CANDIDATE = "2.8.2"\nfixed = True\n' } },
  ]);
  const audited = await auditBranch(app, 'core', RELEASE);
  const audit = audited.ok && audited.value.found.known ? audited.value.found.value : null;
  expect(new Set(audit?.releaseOnly.map(({ id }) => id))).toEqual(new Set([commits[1], own[2], own[3]]));
  expect(new Set(audit?.forwardPortsOwed.map(({ id }) => id))).toEqual(new Set([own[0], own[1], own[4]]));
  expect(audit?.releaseOnly.find(({ id }) => id === own[2])).toMatchObject({
    confidence: 'strong',
    why: [{ kind: 'pin' }, {}],
  });
});

it('PICK-14: closed items of the milestone are on the branch by the commits that close exactly them, or missing, or without a commit', async () => {
  const slug = RepoSlug.parse('o/core');
  const made = memoryForge();
  const { forge } = made;
  made.repo(slug);
  await forge.milestones.create(slug, { title: '2.8.0', description: '' });
  for (let number = 1; number <= 8; number += 1) {
    const milestone = number >= 7 ? '2.8.0' : null;
    await forge.issues.create(slug, { title: `Issue ${number}`, body: '', labels: [], milestone, assignees: [] });
    await forge.issues.close(slug, number);
  }
  const [core] = await missingPicks({ ...app, forge }, RELEASE);
  expect(core?.found.known === true && core.found.value?.map(({ item, verdict }) => [item.number, verdict])).toEqual([
    [7, 'on-line'],
    [8, 'no-commit'],
  ]);
});

it('without a milestone nobody said what must be in the release: unknown with what to do, never an empty answer', async () => {
  const made = memoryForge();
  made.repo(RepoSlug.parse('o/core'));
  const [core] = await missingPicks({ ...app, forge: made.forge }, RELEASE);
  expect(core?.found).toMatchObject({ known: false, source: 'milestones of o/core' });
  expect(core?.found.known === false && core.found.reason).toMatch(
    /there is no milestone "2\.8\.0": open it at .*o\/core\/milestones\/new/,
  );
});
