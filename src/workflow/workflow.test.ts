import { describe, expect, it } from 'vitest';
import { passesFilter } from './filter-pattern.ts';
import { planJobs } from './job-plan.ts';
import { expandMatrix } from './matrix.ts';
import { readWorkflow } from './read-workflow.ts';
import { startsOnTag } from './starts-on-tag.ts';
import type { Workflow, WorkflowValue } from './workflow.ts';

const RC = 'v[0-9]+.[0-9]+.[0-9]+-rc[0-9]+';

function workflow(text: string, path = '.github/workflows/build.yml'): Workflow {
  const read = readWorkflow(path, text);
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  return read.value;
}

const JOBS = 'jobs:\n  build:\n    runs-on: x\n';
const startOf = (on: string, tag = 'v2.8.0-rc1') => startsOnTag(workflow(`on:${on}\n${JOBS}`), tag);

describe('patterns of filters', () => {
  it.each([
    [[RC], 'v2.8.0-rc1', true],
    [[RC], 'v2.8.0-rc12', true],
    [[RC], 'v2.8.0', false],
    [[RC], 'v2x8.0-rc1', false],
    [['v*'], 'v2.8.0', true],
    [['v*'], 'v2/8', false],
    [['v**'], 'v2/8', true],
    [['*'], 'v2.8.0', true],
    [['v2.8.0-rc?'], 'v2.8.0-r', true],
    [['v*', '!v*-rc*'], 'v2.8.0-rc1', false],
    [['v*', '!v*-rc*', 'v2.8.0-rc1'], 'v2.8.0-rc1', true],
    [['!v1*'], 'v2.8.0', false],
    [[], 'v2.8.0', false],
    [['v(2)'], 'v2', false],
    [['.*'], 'v2', false],
  ])('%j on %s: %s', (patterns, name, passes) => {
    expect(passesFilter(patterns, name).passes).toBe(passes);
  });

  it.each(['+a', '?', '[z-a]', '[', '[]', '*+', 'a\\'])('takes %s for no pattern, and says so', (pattern) => {
    expect(passesFilter([pattern], 'a')).toEqual({ passes: false, wrong: [pattern] });
  });

  it('is not slow on a pattern that was made for that', () => {
    const pattern = `${'a+'.repeat(12)}b`;
    expect(passesFilter([pattern], 'a'.repeat(40)).passes).toBe(false);
  });
});

describe('what the push of a tag starts', () => {
  it.each([
    [' push', true],
    [' [pull_request, push]', true],
    ['\n  push:', true],
    [`\n  push:\n    tags: ['${RC}']`, true],
    [`\n  push:\n    branches: [main]\n    tags:\n      - ${RC}`, true],
    ['\n  push:\n    tags: v1*', false],
    ['\n  push:\n    tags: []', false],
    ['\n  push:\n    branches: [main, "release/*"]', false],
    ['\n  push:\n    branches-ignore: [x]', false],
    ['\n  push:\n    tags-ignore: ["v*-rc*"]', false],
    ['\n  push:\n    tags-ignore: ["nightly*"]', true],
    ['\n  push:\n    paths: ["setup.py"]', true],
    [' workflow_dispatch', false],
    ['\n  schedule:\n    - cron: "0 0 * * *"', false],
  ])('on:%s starts: %s', (on, starts) => {
    expect(startOf(on).starts).toBe(starts);
  });

  it('says why, at the line that decides', () => {
    expect(startOf('\n  pull_request:\n  push:\n    branches: [main]')).toEqual({
      starts: false,
      line: 3,
      why: 'is started by branches alone, not by v2.8.0-rc1',
    });
    expect(startOf('\n  push:\n    tags: ["+"]').why).toContain('+ is no pattern');
  });
});

describe('a workflow file', () => {
  it.each([
    ['', 'is no workflow', 1],
    ['- a\n', 'is no workflow', 1],
    ['on: push\n', 'has no jobs', 1],
    [JOBS, 'says with no `on` when it runs', 1],
    ['on: push\njobs:\n  a:\n  b: {runs-on: x}\n', 'job a says nothing', 3],
    ['on: push\njobs: {a: {runs-on: x}, a: {runs-on: y}}\n', 'is no YAML', 2],
    ['on: push\njobs:\n  a: [\n', 'is no YAML', 4],
    ['on:\n  push:\n    tags: {a: 1}\njobs: {a: {runs-on: x}}\n', 'on.push.tags is no list', 3],
    ['on:\n  push: {tags: [a], tags-ignore: [b]}\njobs: {a: {runs-on: x}}\n', 'tags and tags-ignore', 2],
    [`a: &a [x]\nb: [${'*a,'.repeat(101)}]\non: push\n${JOBS}`, 'more than 100 aliases', 1],
    [`on: push\n${'#'.repeat(1024 * 1024)}`, 'is larger than 1024 KiB', 1],
  ])('is refused with its line where it is none: %#', (text, reason, line) => {
    const read = readWorkflow('w.yml', text);
    const [problem] = read.ok ? [] : read.problems;
    expect(problem?.text).toContain(reason);
    expect(problem?.at).toEqual({ path: 'w.yml', line });
  });

  it('has its actions with their lines, anchors followed', () => {
    const text =
      'on: push\njobs:\n  a:\n    steps: &s\n      - uses: actions/checkout@v4\n      - run: x\n  b:\n    steps: *s\n';
    expect(
      workflow(text).jobs.map(({ id, uses }) => [id, uses.map(({ reference, at }) => [reference, at.line])]),
    ).toEqual([
      ['a', [['actions/checkout@v4', 5]]],
      ['b', [['actions/checkout@v4', 5]]],
    ]);
  });
});

const rowsOf = (matrix: WorkflowValue) => {
  const expanded = expandMatrix(matrix);
  return expanded.known === true ? expanded.rows : expanded;
};

describe('a matrix', () => {
  it('is every combination, in the order of its lists', () => {
    expect(rowsOf({ os: ['a', 'b'], python: ['3.12', 3.13] })).toEqual([
      { os: 'a', python: '3.12' },
      { os: 'a', python: 3.13 },
      { os: 'b', python: '3.12' },
      { os: 'b', python: 3.13 },
    ]);
    expect(rowsOf(null)).toEqual([{}]);
  });

  it('leaves out what an exclude fits, before anything is included', () => {
    expect(
      rowsOf({ os: ['a', 'b'], v: [1, 2], exclude: [{ os: 'a', v: 1 }, { os: 'b' }, { os: 'a', other: 1 }] }),
    ).toEqual([{ os: 'a', v: 2 }]);
    expect(rowsOf({ os: ['a'], exclude: [{ os: 'a' }], include: [{ os: 'a', x: 1 }] })).toEqual([{ os: 'a', x: 1 }]);
  });

  it('includes as in the example of the documentation', () => {
    expect(
      rowsOf({
        fruit: ['apple', 'pear'],
        animal: ['cat', 'dog'],
        include: [
          { color: 'green' },
          { color: 'pink', animal: 'cat' },
          { fruit: 'apple', shape: 'circle' },
          { fruit: 'banana' },
          { fruit: 'banana', animal: 'cat' },
        ],
      }),
    ).toEqual([
      { fruit: 'apple', animal: 'cat', color: 'pink', shape: 'circle' },
      { fruit: 'apple', animal: 'dog', color: 'green', shape: 'circle' },
      { fruit: 'pear', animal: 'cat', color: 'pink' },
      { fruit: 'pear', animal: 'dog', color: 'green' },
      { fruit: 'banana' },
      { fruit: 'banana', animal: 'cat' },
    ]);
  });

  it.each([
    ['${{ fromJSON(needs.a.outputs.m) }}', { known: false, expression: '${{ fromJSON(needs.a.outputs.m) }}' }],
    [{ v: '${{ fromJSON(inputs.v) }}' }, { known: false, expression: '${{ fromJSON(inputs.v) }}' }],
    [{ v: [] }, { known: null, wrong: 'matrix.v is empty' }],
    [{ v: 'x' }, { known: null, wrong: 'matrix.v is no list' }],
    ['x', { known: null, wrong: 'its matrix holds no lists' }],
    [{ include: ['x'] }, { known: null, wrong: 'matrix.include is no list of values' }],
    [{}, { known: null, wrong: 'its matrix has no jobs' }],
  ])('is unknown or wrong: %j', (matrix, answer) => {
    expect(rowsOf(matrix)).toEqual(answer);
  });

  it('is refused when it is larger than GitHub takes, without being built', () => {
    const axis = Array.from({ length: 1000 }, (_, index) => index);
    expect(rowsOf({ a: axis, b: axis, c: axis })).toMatchObject({ known: null });
    expect(JSON.stringify(rowsOf({ a: axis.slice(0, 257) }))).toContain('257 jobs; GitHub makes 256 at most');
    expect(rowsOf({ a: axis.slice(0, 256) })).toHaveLength(256);
  });
});

const file = (name: string, text: string): readonly [string, Workflow] => {
  const path = `.github/workflows/${name}.yml`;
  return [path, workflow(text, path)];
};

function planOf(...files: readonly (readonly [string, Workflow])[]) {
  const [first] = files;
  if (first === undefined) throw new Error('no file');
  const { jobs, gaps } = planJobs(first[1], new Map(files));
  return { names: jobs.map(({ name }) => name), gaps: gaps.map(({ kind, text }) => [kind, text]), jobs };
}

/** Sixty calls of another workflow. */
const wide = (next: string) =>
  `on: [push, workflow_call]\njobs:\n  a:\n    strategy: {matrix: {v: [${Array.from({ length: 60 }, (_, index) => index).join()}]}}\n    uses: ./.github/workflows/${next}.yml\n`;

describe('the jobs of a workflow', () => {
  it('have the names that a run shows', () => {
    const { names } = planOf(
      file(
        'a',
        `on: push\njobs:\n  lint: {runs-on: x}\n  test:\n    strategy: {matrix: {os: [linux, mac], v: [3.12, '3.13t']}}\n  named:\n    name: Build \${{ matrix.p[1] }} for \${{ matrix.none }}\${{ github.ref }}\n    strategy: {matrix: {p: [[a, b]]}}\n`,
      ),
    );
    expect(names).toEqual([
      'lint',
      'test (linux, 3.12)',
      'test (linux, 3.13t)',
      'test (mac, 3.12)',
      'test (mac, 3.13t)',
      'Build b for ${{ github.ref }}',
    ]);
  });

  const CALLED = file(
    'called',
    'on:\n  workflow_call:\n    inputs:\n      python: {type: string}\n      gpu: {type: string, default: cpu}\njobs:\n  wheel:\n    name: wheel-${{ inputs.python }}-${{ inputs.gpu }}\n',
  );

  it('follow calls with what they are given, defaults of the called where nothing is', () => {
    const { names, gaps, jobs } = planOf(
      file(
        'a',
        'on: push\njobs:\n  all:\n    strategy: {matrix: {python: ["3.12", "3.13"]}}\n    uses: ./.github/workflows/called.yml\n    with: {python: "${{ matrix.python }}"}\n',
      ),
      CALLED,
    );
    expect(names).toEqual(['all (3.12) / wheel-3.12-cpu', 'all (3.13) / wheel-3.13-cpu']);
    expect(gaps).toEqual([]);
    expect(jobs[0]?.inputs).toEqual({ python: '3.12', gpu: 'cpu' });
    expect(jobs[0]?.at.path).toBe('.github/workflows/called.yml');
  });

  it('tell what cannot be known, and what is wrong', () => {
    const { names, gaps } = planOf(
      file(
        'a',
        [
          'on: push',
          'jobs:',
          '  far: {uses: pytorch/test-infra/.github/workflows/build.yml@main}',
          '  lost: {uses: ./.github/workflows/none.yml}',
          '  late: {strategy: {matrix: "${{ fromJSON(needs.x.outputs.m) }}"}}',
          '  self: {uses: ./.github/workflows/b.yml}',
        ].join('\n'),
      ),
      file(
        'b',
        'on: workflow_call\njobs:\n  again: {uses: ./.github/workflows/b.yml}\n  closed: {uses: ./.github/workflows/c.yml}\n',
      ),
      file('c', 'on: push\njobs: {x: {runs-on: x}}\n'),
    );
    // That it is there is known, its own jobs are not.
    expect(names).toEqual(['far']);
    expect(gaps.map(([kind]) => kind)).toEqual(['elsewhere', 'wrong', 'dynamic', 'wrong', 'wrong']);
    expect(gaps[3]?.[1]).toContain(
      'in a circle: .github/workflows/a.yml > .github/workflows/b.yml > .github/workflows/b.yml',
    );
    expect(gaps[4]?.[1]).toContain('cannot be called');
  });

  it('end at a limit where calls of calls multiply', () => {
    const { names, gaps } = planOf(
      file('a', wide('b')),
      file('b', wide('c')),
      file('c', wide('d')),
      file('d', 'on: workflow_call\njobs: {x: {runs-on: x}}\n'),
    );
    expect(names).toHaveLength(20_000);
    expect(gaps).toEqual([['wrong', 'more than 20000 jobs: the rest is not looked at']]);
  });
});
