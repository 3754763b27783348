import { describe, expect, it } from 'vitest';
import { digestOf } from '../../domain/canonical-json.ts';
import { BranchName, type ObjectId } from '../../domain/git-names.ts';
import type { Gate } from '../../domain/gate.ts';
import { Instant } from '../../domain/instant.ts';
import { known, unknown } from '../../domain/observation.ts';
import type { Train } from '../../domain/train/train.ts';
import type { PullRequest } from '../../ports/forge.ts';
import type { GitCommit, GitFile } from '../../ports/git.ts';
import { commitId, NOW, RELEASE, repoOf, smallTrain } from '../../testing/small-train.ts';
import { decideReleaseOnly, type ReleaseOnlyAnswer, type ReleaseOnlyRequest } from './decide.ts';
import { unifiedDiff } from './diff.ts';
import { decideReleaseOnlyGates } from './gates.ts';
import { explain, type ReleaseOnlyProblem } from './problem.ts';
import type { ReleaseOnlyFacts, TargetState } from './read.ts';
import { pullBody, renderProposals } from './render.ts';

const EDITS = [
  { id: 'refs', kind: 'workflow-refs', files: ['.github/workflows/*.yml'] },
  { id: 'version', kind: 'file', files: ['version.txt'], to: '{version}' },
];
const NEXT = [{ id: 'next-version', kind: 'file', files: ['version.txt'], to: '{next-line}.0a0' }];
const train = smallTrain({ vision: { onBranch: EDITS, onMain: NEXT } });

const [HEAD, BLOB, OTHER] = [commitId('a'), commitId('b'), commitId('c')];
const commit = (id: ObjectId, parents: readonly ObjectId[] = [OTHER]): GitCommit => ({
  id,
  parents,
  author: 'Sam',
  committedAt: Instant.parse('2026-06-01T10:00:00Z'),
  subject: 's',
});
const file = (path: string, text: string | null, mode: GitFile['mode'] = '100644'): GitFile => ({
  path,
  mode,
  blob: BLOB,
  text,
});
const WORKFLOW = '.github/workflows/build.yml';
const FILES = [
  file(WORKFLOW, 'on: push\njobs:\n  a:\n    uses: acme/infra/x.yml@main\n  b:\n    uses: someorg/tool@main\n'),
  file('version.txt', '0.23.0a0\n'),
];
const DONE_FILES = [
  file(WORKFLOW, 'on: push\njobs:\n  a:\n    uses: acme/infra/x.yml@release/2.8\n  b:\n    uses: someorg/tool@main\n'),
  file('version.txt', '0.23.0\n'),
];
const pull = (change: Partial<PullRequest> = {}): PullRequest => ({
  number: 5,
  title: 't',
  body: '',
  state: 'open',
  draft: false,
  head: { branch: 'signalbox/release-only/0.23', commit: OTHER, repo: 'acme/vision' },
  base: 'release/0.23',
  mergeCommit: null,
  mergedAt: null,
  labels: [],
  updatedAt: NOW,
  author: 'box',
  link: 'https://forge.example/acme/vision/pull/5',
  ...change,
});

interface World {
  readonly branch?: Partial<TargetState>;
  readonly main?: Partial<TargetState>;
  readonly train?: Train;
  readonly uncut?: boolean;
  readonly goodPins?: ReadonlyMap<string, readonly ObjectId[]>;
}

function decide(world: World = {}, request: Partial<ReleaseOnlyRequest> = {}): ReturnType<typeof decideReleaseOnly> {
  return decideReleaseOnly(factsOf(world), {
    train: world.train ?? train,
    trainDigest: digestOf('t'),
    author: 'rita',
    ...request,
  });
}
function answerOf(...args: Parameters<typeof decide>): ReleaseOnlyAnswer {
  const result = decide(...args);
  if (!result.ok) throw new Error(result.problems.map(explain).join('\n'));
  return result.value;
}
function problemsOf(...args: Parameters<typeof decide>): readonly ReleaseOnlyProblem[] {
  const result = decide(...args);
  return result.ok ? [] : result.problems;
}
const stepsOf = (answer: ReleaseOnlyAnswer) => (answer.kind === 'plan' ? answer.plan.body.steps : []);
const kindsOf = (answer: ReleaseOnlyAnswer): readonly string[] =>
  stepsOf(answer).map(({ wave, key }) => `${wave} ${key}`);
const DONE: World = { branch: { files: DONE_FILES }, main: { files: [file('version.txt', '0.24.0a0\n')] } };

describe('the plan of release-only changes', () => {
  it('is one commit and one pull request for the release branch and for main', () => {
    expect(kindsOf(answerOf())).toEqual([
      '0 push-commit:vision:signalbox/release-only/0.23',
      '1 open-pull-request:vision:signalbox/release-only/0.23',
      '0 push-commit:vision:signalbox/next/0.24',
      '1 open-pull-request:vision:signalbox/next/0.24',
    ]);
  });

  it('fixes the commit wholly: parent, files, message, author, and the date of its parent', () => {
    const [step] = stepsOf(answerOf());
    expect(step).toMatchObject({
      kind: 'push-commit',
      from: null,
      parent: HEAD,
      via: 'refs/heads/release/0.23',
      date: '2026-06-01T10:00:00Z',
      message: '[release-only] Release 0.23 changes\n\n- refs: once in 1 file\n- version: once in 1 file\n',
      files: [
        { path: WORKFLOW, before: BLOB, after: DONE_FILES[0]?.text },
        { path: 'version.txt', before: BLOB, after: '0.23.0\n' },
      ],
    });
    const [one, other] = [answerOf(), answerOf()];
    expect(one.kind === 'plan' && one.plan.digest).toBe(other.kind === 'plan' && other.plan.digest);
  });

  it('bumps main to the next line of the repository itself', () => {
    const [bump] = stepsOf(answerOf()).filter(({ key }) => key.includes('next/0.24'));
    expect(bump).toMatchObject({
      files: [{ after: '0.24.0a0\n' }],
      message: 'Bump nightly version to 0.24\n\n- next-version: once in 1 file\n',
    });
  });

  it('opens pull requests whose bodies count the edits and list what stays', () => {
    const open = stepsOf(answerOf()).find(({ kind }) => kind === 'open-pull-request');
    expect(open).toMatchObject({ base: 'release/0.23', title: '[release-only] Release 0.23 changes' });
    const body = open?.kind === 'open-pull-request' ? open.body : '';
    expect(body).toContain('<!-- signalbox:release-only vision 0.23.0 -->');
    expect(body).toContain('| refs | workflow-refs | 1 | 0 | 1 |');
    expect(body).toContain(
      `- \`${WORKFLOW}:6\` \`uses: someorg/tool@main\` (\`someorg/tool is not a repository of the train\`)`,
    );
  });

  it('CUT-10: makes no commit where the edits change nothing', () => {
    const answer = answerOf(DONE);
    expect(answer).toMatchObject({ kind: 'nothing-to-do', done: [{ target: 'branch' }, { target: 'main' }] });
  });

  it('CUT-15: shows the would-be pull requests with their diffs', () => {
    const shown = renderProposals(answerOf().proposals);
    expect(shown).toBe(
      [
        'acme/vision: [release-only] Release 0.23 changes',
        '  from signalbox/release-only/0.23 into release/0.23, 2 files',
        '',
        `--- a/${WORKFLOW}`,
        `+++ b/${WORKFLOW}`,
        '@@ -1,6 +1,6 @@',
        ' on: push',
        ' jobs:',
        '   a:',
        '-    uses: acme/infra/x.yml@main',
        '+    uses: acme/infra/x.yml@release/2.8',
        '   b:',
        '     uses: someorg/tool@main',
        '--- a/version.txt',
        '+++ b/version.txt',
        '@@ -1,1 +1,1 @@',
        '-0.23.0a0',
        '+0.23.0',
        '',
        'acme/vision: Bump nightly version to 0.24',
        '  from signalbox/next/0.24 into main, 1 file',
        '',
        '--- a/version.txt',
        '+++ b/version.txt',
        '@@ -1,1 +1,1 @@',
        '-0.23.0a0',
        '+0.24.0a0',
      ].join('\n'),
    );
  });

  it('plans the commit only, and says so, where there is no forge', () => {
    const lonely = smallTrain({ vision: { onBranch: EDITS, slug: undefined, remote: '/repos/vision' } });
    const answer = answerOf({ train: lonely });
    expect(stepsOf(answer).map(({ kind }) => kind)).toEqual(['push-commit']);
    expect(answer.notes).toEqual(['vision has no forge: merge signalbox/release-only/0.23 into release/0.23 by hand']);
  });
});

describe('a second run', () => {
  it('waits for a pull request that is open, and does not push again', () => {
    const answer = answerOf({ branch: { pull: pull(), headCommit: commit(OTHER, [HEAD]) }, main: DONE.main ?? {} });
    expect(answer).toMatchObject({
      kind: 'nothing-to-do',
      waiting: [{ repo: 'vision', target: 'branch', pull: { number: 5 } }],
    });
  });

  it('only opens the pull request when the commit was pushed before the kill', () => {
    const answer = answerOf({
      branch: { headCommit: commit(OTHER, [HEAD]), headFiles: DONE_FILES },
      main: DONE.main ?? {},
    });
    expect(kindsOf(answer)).toEqual(['0 open-pull-request:vision:signalbox/release-only/0.23']);
  });

  it('does not force its branch when the release branch has moved on since: what was pushed still holds', () => {
    const headCommit = commit(OTHER, [commitId('d')]);
    const answer = answerOf({ branch: { headCommit, headFiles: DONE_FILES }, main: DONE.main ?? {} });
    expect(kindsOf(answer)).toEqual(['0 open-pull-request:vision:signalbox/release-only/0.23']);
  });

  it('puts on top of its branch what the train asks for since', () => {
    const headFiles = [file(WORKFLOW, DONE_FILES[0]?.text ?? ''), file('version.txt', '0.23.0a0\n')];
    const answer = answerOf({ branch: { headCommit: commit(OTHER), headFiles }, main: DONE.main ?? {} });
    expect(stepsOf(answer)[0]).toMatchObject({
      kind: 'push-commit',
      from: OTHER,
      parent: OTHER,
      via: 'refs/heads/signalbox/release-only/0.23',
      files: [{ path: 'version.txt' }],
    });
  });

  it('refuses a branch of its name that it did not make', () => {
    const problems = problemsOf({ branch: { headCommit: commit(OTHER), headFiles: [] }, main: DONE.main ?? {} });
    expect(problems).toMatchObject([{ code: 'head-branch-strange', at: OTHER, missing: [WORKFLOW, 'version.txt'] }]);
    expect(problems.map(explain)[0]).toContain('It is never overwritten: delete it');
  });

  it('does not open again what people closed', () => {
    expect(problemsOf({ branch: { pull: pull({ state: 'closed' }) } })).toMatchObject([
      { code: 'pull-request-closed', number: 5 },
    ]);
  });

  it('leaves a pin alone that is on the branch it pins, though the branch has moved on', () => {
    const pinning = smallTrain({
      vision: { onBranch: [{ id: 'pin', kind: 'file', files: ['pin.txt'], to: '{commit:infra}' }] },
    });
    const pinned = (goodPins: ReadonlyMap<string, readonly ObjectId[]>): string =>
      answerOf({ train: pinning, goodPins, branch: { files: [file('pin.txt', `${commitId('d')}\n`)] } }).kind;
    expect(pinned(new Map([['infra', [commitId('d')]]]))).toBe('nothing-to-do');
    expect(pinned(new Map())).toBe('plan');
  });

  it('never takes main back to an older version', () => {
    const later = answerOf({ branch: { files: DONE_FILES }, main: { files: [file('version.txt', '0.25.0a0\n')] } });
    expect(later.kind).toBe('nothing-to-do');
    const tenth = smallTrain({ vision: { onMain: NEXT, version: { follow: 'listed', lines: { '2.8': '0.9' } } } });
    const answer = answerOf({ train: tenth, main: { files: [file('version.txt', '0.9.0a0\n')] } });
    expect(stepsOf(answer)[0]).toMatchObject({ files: [{ after: '0.10.0a0\n' }] });
  });
});

const withEdit = (edit: Record<string, unknown>): World => ({ train: smallTrain({ vision: { onBranch: [edit] } }) });

function factsOf(world: World): ReleaseOnlyFacts {
  const of = world.train ?? train;
  const vision = repoOf(of, 'vision');
  const state: TargetState = {
    baseCommit: commit(HEAD),
    files: FILES,
    head: BranchName.parse('signalbox/release-only/0.23'),
    headCommit: null,
    headFiles: [],
    pull: null,
    merged: [],
  };
  const onMain: TargetState = {
    ...state,
    files: [file('version.txt', '0.23.0a0\n')],
    head: BranchName.parse('signalbox/next/0.24'),
  };
  const targets = [
    {
      target: 'branch' as const,
      base: vision.branch,
      edits: vision.entry.onBranch,
      state: known({ ...state, ...world.branch }, NOW, 'vision'),
    },
    {
      target: 'main' as const,
      base: vision.entry.main,
      edits: vision.entry.onMain,
      state: known({ ...onMain, ...world.main }, NOW, 'vision'),
    },
  ].filter((target) => target.edits.length > 0);
  const infra = { repo: repoOf(of, 'infra'), head: known(OTHER, NOW, 'infra'), targets: [], goodPins: new Map() };
  const head = known(world.uncut === true ? null : HEAD, NOW, 'vision');
  return { release: RELEASE, repos: [infra, { repo: vision, head, targets, goodPins: world.goodPins ?? new Map() }] };
}

describe('edits that cannot be made are refused', () => {
  it.each<[string, World, ReleaseOnlyProblem['code']]>([
    [
      'an edit that matched nothing',
      withEdit({ id: 'x', kind: 'replace', files: ['*.txt'], find: 'nope', to: 'y' }),
      'edit-matched-too-little',
    ],
    [
      'an edit whose file is gone',
      withEdit({ id: 'x', kind: 'file', files: ['gone.txt'], to: 'y' }),
      'edit-matched-too-little',
    ],
    [
      'fewer matches than declared',
      withEdit({ id: 'x', kind: 'workflow-refs', files: ['.github/workflows/*.yml'], atLeast: 2 }),
      'edit-matched-too-little',
    ],
    [
      'a placeholder of a repository that does not take part',
      withEdit({ id: 'x', kind: 'file', files: ['version.txt'], to: '{line:nobody}' }),
      'placeholder-unknown',
    ],
    [
      'a pin of a repository that is not cut yet',
      withEdit({ id: 'x', kind: 'file', files: ['version.txt'], to: '{commit:core}' }),
      'placeholder-unknown',
    ],
    [
      'a file that is not text',
      { branch: { files: [file(WORKFLOW, null), file('version.txt', '0.23.0a0\n')] } },
      'edit-matched-too-little',
    ],
  ])('%s', (_name, world, code) => {
    expect(problemsOf(world).map((problem) => problem.code)).toEqual([code]);
  });

  it('says how often it matched, where, and what to correct', () => {
    const [problem] = problemsOf(
      withEdit({ id: 'trunk-refs', kind: 'replace', files: ['*.txt'], find: 'nope', to: 'y' }),
    );
    expect(problem && explain(problem)).toBe(
      'The edit trunk-refs of vision matched 0 times on release/0.23 (0 places have the value already), and the train declares at least 1, in *.txt. Correct its files or text, or its atLeast, in the train file; then signalbox branch changes vision 2.8.0',
    );
  });

  it('refuses an edit that would change its own work for ever', () => {
    const world: World = {
      train: smallTrain({
        vision: { onBranch: [{ id: 'x', kind: 'replace', files: ['version.txt'], find: 'aa', to: 'a' }] },
      }),
      branch: { files: [file('version.txt', 'aaaa\n')] },
    };
    expect(problemsOf(world)).toMatchObject([{ code: 'edit-not-settling', path: 'version.txt' }]);
  });

  it('holds a repository that is not cut, and refuses it when it is named', () => {
    expect(answerOf({ uncut: true }).held).toMatchObject([
      { repo: 'vision', fix: 'signalbox branch cut vision 2.8.0' },
    ]);
    expect(problemsOf({ uncut: true }, { repos: ['vision'] })).toMatchObject([{ code: 'branch-missing' }]);
    expect(problemsOf({}, { repos: ['visoin'] })).toMatchObject([{ code: 'unknown-repo' }]);
  });

  it('does not plan on what could not be read', () => {
    const facts = factsOf({});
    const repos = facts.repos.map((repo) => ({
      ...repo,
      targets: repo.targets.map((target) => ({ ...target, state: unknown('403', NOW, 'acme/vision') })),
    }));
    const result = decideReleaseOnly({ ...facts, repos }, { train, trainDigest: digestOf('t'), author: 'rita' });
    expect(!result.ok && result.problems[0]).toMatchObject({ code: 'cannot-read', reason: '403' });
  });
});

const gate = (id: string, world: World = {}): Gate | undefined =>
  decideReleaseOnlyGates(factsOf(world), world.train ?? train, [], NOW).find((one) => one.id === id);

describe('the gates after it', () => {
  const LANDED = 'release-only-landed:vision';

  it('fail with file and line while something is left', () => {
    const found = gate(LANDED);
    expect(found).toMatchObject({ verdict: 'failing', fix: 'signalbox branch changes vision 2.8.0' });
    expect(found?.summary).toBe(`2 left: ${WORKFLOW}:4, version.txt:1`);
  });

  it('need a person while the pull request is open, with its link', () => {
    expect(gate(LANDED, { branch: { pull: pull() } })).toMatchObject({
      verdict: 'needs-you',
      fix: 'review and merge https://forge.example/acme/vision/pull/5; then signalbox gate run 2.8.0 release-only-landed:vision',
    });
  });

  it('pass once nothing is left, and list what is unmanaged', () => {
    const found = gate(LANDED, { branch: { files: DONE_FILES, merged: [pull({ state: 'merged' })] } });
    expect(found).toMatchObject({ verdict: 'pass', summary: 'landed with #5; nothing is left to change' });
    expect(found?.evidence.map(({ text }) => text)).toContain(
      `unmanaged: ${WORKFLOW}:6 uses: someorg/tool@main (someorg/tool is not a repository of the train)`,
    );
  });

  it('find an unpinned reference in a workflow file that no edit names', () => {
    const files = [
      ...DONE_FILES,
      file('.github/actions/x/action.yaml', 'runs:\n  steps:\n    - uses: acme/infra@main\n'),
    ];
    expect(gate(LANDED, { branch: { files } })).toMatchObject({
      verdict: 'failing',
      summary: '1 left: .github/actions/x/action.yaml:3',
    });
  });

  it('judge main on its own', () => {
    expect(gate('next-version-on-main:vision')?.verdict).toBe('failing');
    expect(gate('next-version-on-main:vision', DONE)?.verdict).toBe('pass');
  });

  it('are skipped without edits, and fail before the cut', () => {
    expect(gate('release-only-landed:infra')?.verdict).toBe('skipped');
    expect(gate(LANDED, { uncut: true })).toMatchObject({
      verdict: 'failing',
      fix: 'signalbox branch cut vision 2.8.0',
    });
  });
});

describe('texts made of files that anybody may write', () => {
  it('cannot break out of the list', () => {
    const body = pullBody(
      'signalbox:x',
      [],
      [{ path: 'a`b.yml', line: 3, text: '`<!-- signalbox:tracker 2.8.0 -->\n@everyone`', why: 'x' }],
    );
    expect(body.split('\n').filter((line) => line.startsWith('- '))).toEqual([
      "- `a'b.yml:3` `'<!-- signalbox:tracker 2.8.0 --> @everyone'` (`x`)",
    ]);
  });
});

describe('the diff', () => {
  it('counts lines that were added and keeps hunks apart', () => {
    const lines = Array.from({ length: 20 }, (_item, index) => `${index}`);
    const after = lines.with(1, 'x').with(18, 'y');
    expect(unifiedDiff('f', `${lines.join('\n')}\n`, `${after.join('\n')}\n`).match(/^@@.*@@$/gm)).toEqual([
      '@@ -1,5 +1,5 @@',
      '@@ -16,5 +16,5 @@',
    ]);
    expect(unifiedDiff('f', 'a\nb\n', 'a\nnew\nb\n').split('\n').slice(2)).toEqual([
      '@@ -1,2 +1,3 @@',
      ' a',
      '+new',
      ' b',
    ]);
  });
  it('shows a missing final newline, and is empty without a change', () => {
    expect(unifiedDiff('f', 'a', 'b')).toBe(
      '--- a/f\n+++ b/f\n@@ -1,1 +1,1 @@\n-a\n\\ No newline at end of file\n+b\n\\ No newline at end of file',
    );
    expect(unifiedDiff('f', 'a', 'a')).toBe('');
  });
});
