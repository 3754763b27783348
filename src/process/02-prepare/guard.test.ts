import { describe, expect, it } from 'vitest';
import { BranchName } from '../../domain/git-names.ts';
import { known, unknown } from '../../domain/observation.ts';
import { Guard } from '../../domain/train/guard.ts';
import { commitId, NOW, RELEASE, repoOf, smallTrain } from '../../testing/small-train.ts';
import { decideGuard, decideNames } from './decide-guard.ts';
import { ownNames, type ForgeRules, type GuardFacts } from './guard-facts.ts';
import { actionFindings, publisherFindings, ruleFindings, tokenFindings } from './guard-findings.ts';

const guard = Guard.parse({
  ownActions: ['acme', 'actions/checkout'],
  publishers: [{ repo: 'core', workflow: '.github/workflows/publish.yml' }],
});
const train = smallTrain({}, { guard });
const judging = { train, release: RELEASE, waivers: [], now: NOW };
const branch = BranchName.parse('release/2.8');
const SHA = 'a'.repeat(40);

const texts = (files: Record<string, string | null>) => ({
  branch,
  commit: commitId('a'),
  files: Object.entries(files).map(([path, text]) => ({ path: `.github/workflows/${path}`, text })),
});
const workflow = (...uses: readonly string[]): string =>
  ['on: push', 'jobs:', '  one:', '    runs-on: x', '    steps:', ...uses.map((each) => `      - uses: ${each}`)].join(
    '\n',
  );

const STAYS: ForgeRules = {
  branches: [{ branch, kinds: ['deletion', 'non_fast_forward'] }],
  tags: [{ name: 'tags', include: ['refs/tags/v*'], exclude: [], kinds: ['update', 'deletion'] }],
};

const foundInRules = (change: Partial<ForgeRules>) => ruleFindings({ ...STAYS, ...change }, guard);
const onTags = (change: Partial<ForgeRules['tags'][number]>) => ({
  tags: STAYS.tags.map((one) => ({ ...one, ...change })),
});

describe('rules of the forge', () => {
  it('that forbid to delete and to move leave nothing to say', () => {
    expect(foundInRules({})).toEqual([]);
    expect(foundInRules(onTags({ include: ['~ALL'] }))).toEqual([]);
  });

  it.each([
    [
      'a branch without any',
      { branches: [{ branch, kinds: [] }] },
      'release/2.8 may be deleted and rewritten: no active rule forbids it',
    ],
    [
      'a branch that may be rewritten',
      { branches: [{ branch, kinds: ['deletion'] }] },
      'release/2.8 may be rewritten: no active rule forbids it',
    ],
    ['tags without any', { tags: [] }, 'tags v* may be deleted and moved: no active rule forbids it'],
    [
      'tags that may be moved',
      onTags({ kinds: ['deletion', 'non_fast_forward'] }),
      'tags v* may be moved: no active rule forbids it',
    ],
    [
      'rules for fewer tags',
      onTags({ include: ['refs/tags/v2.*'] }),
      'tags v* may be deleted and moved: no active rule forbids it',
    ],
    [
      'rules with exceptions',
      onTags({ exclude: ['refs/tags/v0*'] }),
      'tags v* may be deleted and moved: no active rule forbids it',
    ],
  ])('%s', (_name, change, text) => {
    expect(foundInRules(change)).toEqual([text]);
  });

  it('of two rulesets that together forbid it are enough', () => {
    const [one] = STAYS.tags;
    if (one === undefined) throw new Error('there is no ruleset');
    expect(
      foundInRules({
        tags: [
          { ...one, kinds: ['update'] },
          { ...one, kinds: ['deletion'] },
        ],
      }),
    ).toEqual([]);
  });
});

describe('actions', () => {
  it.each([
    ['a commit', `other/tool@${SHA}`, true],
    ['an action of the repository', './.github/actions/build', true],
    ['our own by a branch', 'Acme/infra/.github/actions/setup@main', true],
    ['one repository that is trusted', 'actions/checkout@v4', true],
    ['another repository of that owner', 'actions/cache@v4', false],
    ['a tag', 'other/tool@v1', false],
    ['a branch', 'other/tool@main', false],
    ['nothing', 'other/tool', false],
    ['a short commit', `other/tool@${SHA.slice(0, 12)}`, false],
    ['an owner who only begins like ours', 'acme-evil/tool@main', false],
    ['an image by its digest', `docker://other/tool@sha256:${'b'.repeat(64)}`, true],
    ['an image by a tag', 'docker://other/tool:1', false],
  ])('named by %s', (_name, uses, isPinned) => {
    const found = actionFindings(texts({ 'ci.yml': workflow(uses) }), guard);
    expect(found).toEqual(isPinned ? [] : [`.github/workflows/ci.yml:6 ${uses} is not a commit`]);
  });

  it('of others in a workflow that is called, a file that is none, and one that cannot be read', () => {
    const calls = ['on: push', 'jobs:', '  one:', '    uses: other/ci/.github/workflows/build.yml@main'].join('\n');
    expect(actionFindings(texts({ 'a.yml': calls, 'b.yml': 'jobs: [', 'c.yml': null }), guard)).toEqual([
      expect.stringMatching(
        /^\.github\/workflows\/a\.yml:3 other\/ci\/\.github\/workflows\/build\.yml@main is not a commit$/u,
      ),
      expect.stringMatching(/^\.github\/workflows\/b\.yml:\d+ is no YAML/u),
      '.github/workflows/c.yml:1 is no text',
    ]);
  });
});

it('a token that lives long is found with its line, and not in a comment', () => {
  const text = 'env:\n  # no TWINE_PASSWORD here\n  TWINE_PASSWORD: ${{ secrets.PYPI_TOKEN }} # the old way\n';
  expect(tokenFindings(texts({ 'publish.yml': text }), guard)).toEqual([
    '.github/workflows/publish.yml:3 publishes with TWINE_PASSWORD, a token that lives long',
  ]);
});

it.each([
  ['that is not there', {}, ['.github/workflows/publish.yml publishes, and release/2.8 has no such workflow']],
  [
    'without an identity',
    { 'publish.yml': 'permissions:\n  # id-token: write\n  id-token: read\n' },
    ['.github/workflows/publish.yml:1 publishes, and asks for no identity (id-token: write)'],
  ],
  ['with one', { 'publish.yml': 'permissions:\n  id-token: write\n' }, []],
])('a publishing workflow %s', (_name, files, found) => {
  expect(publisherFindings(texts(files), 'core', guard)).toEqual(found);
  expect(publisherFindings(texts(files), 'vision', guard)).toEqual([]);
});

const factsOf = (change: Partial<GuardFacts>): GuardFacts => ({
  repo: repoOf(train, 'vision'),
  rules: known(STAYS, NOW, 'forge acme/vision'),
  workflows: known(texts({ 'ci.yml': workflow(`other/tool@${SHA}`) }), NOW, 'git remote of vision'),
  ...change,
});

const gate = (change: Partial<GuardFacts> = {}, more: Partial<typeof judging> = {}) =>
  decideGuard([factsOf(change)], { ...judging, ...more })[0];

describe('the gate of a repository', () => {
  it('is there where the train file asks for it', () => {
    expect(gate()).toMatchObject({ id: 'infra-guard:vision', verdict: 'pass' });
    expect(decideGuard([factsOf({})], { ...judging, train: smallTrain() })).toEqual([]);
  });

  it('lists every finding, and says how many there are', () => {
    const workflows = known(texts({ 'ci.yml': workflow('other/tool@v1', 'other/more@v2') }), NOW, 'git');
    expect(gate({ workflows })).toMatchObject({
      verdict: 'failing',
      summary: '.github/workflows/ci.yml:6 other/tool@v1 is not a commit, and 1 more',
      evidence: [
        { text: '.github/workflows/ci.yml:6 other/tool@v1 is not a commit' },
        { text: '.github/workflows/ci.yml:7 other/more@v2 is not a commit' },
      ],
    });
  });

  it('is no data where something could not be read and nothing was found, and fails where something was', () => {
    const away = unknown('403, the token may not read rules', NOW, 'forge acme/vision');
    expect(gate({ rules: away })).toMatchObject({
      verdict: 'no-data',
      summary: 'could not be read: 403, the token may not read rules',
    });
    expect(gate({ rules: away, workflows: known(texts({ 'a.yml': null }), NOW, 'git') })).toMatchObject({
      verdict: 'failing',
    });
    expect(gate({ workflows: unknown('gone', NOW, 'git') })).toMatchObject({ verdict: 'no-data' });
  });
});

describe('names of our own indexes', () => {
  it('are those of the train and of its dependencies, without those of conda', () => {
    const rules = [
      { channels: ['nightly'], backend: 'rocm', requirement: 'compiler-rocm=={version}+git{pin}' },
      { channels: ['nightly'], backend: 'conda', requirement: 'condacompiler' },
    ];
    const named = smallTrain({}, { dependencies: { compiler: { repo: 'vision', rules } } });
    expect(ownNames(named, { public: 'index', ours: ['extra'] })).toEqual([
      'acme',
      'acmevision',
      'acmeaudio',
      'compiler-rocm',
      'extra',
    ]);
  });

  it.each([
    ['all taken', [true, true], 'pass', 'all 2 names of our own indexes are taken on the public one'],
    [
      'one free for anybody',
      [true, false],
      'failing',
      'b: our own indexes have it, and anybody can take it on the public one',
    ],
    ['one unread', [true, null], 'no-data', 'whether b is taken could not be read: busy'],
  ])('%s', (_name, taken, verdict, summary) => {
    const names = taken.map((is, at) => ({
      name: 'ab'.charAt(at),
      taken: is === null ? unknown('busy', NOW, 'index') : known(is, NOW, 'index'),
    }));
    expect(decideNames(names, judging)).toMatchObject({ id: 'infra-guard', verdict, summary });
  });
});
