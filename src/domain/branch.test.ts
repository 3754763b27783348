import { describe, expect, it } from 'vitest';
import { fillVariant, judgeBranch, parseBranch, suggestBranch } from './branch.ts';
import { BranchName } from './git-names.ts';
import { fillBranch } from './train/naming.ts';
import { Train } from './train/train.ts';
import { Line } from './version.ts';

const train = Train.parse({
  train: 'torch',
  title: 'Torch',
  product: 'torch',
  roles: {},
  repos: {
    core: { role: 'core', source: 'viable/strict' },
    xla: { role: 'infra', source: 'master', branch: 'r{line}', cutPoint: null },
    triton: { role: 'external', source: 'main', branch: 'release/{line}.x', cutPoint: null },
    infra: { role: 'infra', source: 'main', otherBranches: { torchao: 'torchao-release{line}' } },
  },
});
const release = { kind: 'release', variant: null, product: null };

describe('branch names (CUT-13)', () => {
  it.each([
    ['core', 'release/2.14', { ...release, line: '2.14' }],
    ['core', 'release/3.0', { ...release, line: '3.0' }],
    ['core', 'orig/release/2.14', { ...release, kind: 'cut-point', line: '2.14' }],
    ['core', 'release/2.6-torchcodec', { ...release, line: '2.6', variant: 'torchcodec' }],
    ['core', 'orig/release/2.6-torchcodec', { ...release, kind: 'cut-point', line: '2.6', variant: 'torchcodec' }],
    ['core', 'lts/release/1.8', { ...release, kind: 'lts', line: '1.8' }],
    ['xla', 'r2.1', { ...release, line: '2.1' }],
    ['triton', 'release/3.1.x', { ...release, line: '3.1' }],
    ['infra', 'torchao-release0.18', { ...release, line: '0.18', product: 'torchao' }],
  ])('of %s: %s is read', (repo, name, expected) => {
    expect(parseBranch(train, repo, name)).toEqual(expected);
  });

  it.each([
    ['core', 'release/2.14/foo'],
    ['core', 'release/'],
    ['core', 'release/2'],
    ['core', 'release/2.8.0'],
    ['core', 'release/02.8'],
    ['core', 'release/2.8-'],
    ['core', 'release/2.8-rc 1'],
    ['core', 'release/2.8-..'],
    ['core', 'release/2.8\n'],
    ['core', 'refs/heads/release/2.8'],
    ['core', 'r2.1'],
    ['core', 'release/3.1.x'],
    ['core', '--upload-pack=release/2.8'],
    ['core', '-release/2.8'],
    ['xla', 'release/2.1'],
    ['xla', 'r2.1x'],
    ['xla', 'orig/release/2.1'],
    ['triton', 'release/3.1'],
    ['triton', 'release/3.1ax'],
    ['nowhere', 'release/2.8'],
    ['toString', 'release/2.8'],
  ])('of %s: %j is refused', (repo, name) => {
    expect(parseBranch(train, repo, name)).toBeNull();
  });

  it('that are filled in are read back, whatever the line and the pattern', () => {
    const lines = ['0.0', '0.18', '1.8', '2.10', '3.1', '10.0', '999999.999999'].map((line) => Line.parse(line));
    const prefixes = ['release/', 'r', 'torchao-release', 'v', 'a.b+c(', 'rel-1.2-', '$', ''];
    const suffixes = ['', '.x', '-branch', '/stable', '|', '+', '/{line}'];
    const tried = prefixes.flatMap((prefix) => suffixes.map((suffix) => `${prefix}{line}${suffix}`));
    for (const pattern of tried) {
      const own = Train.parse({ ...train, repos: { one: { role: 'core', source: 'main', branch: pattern } } });
      for (const line of lines) {
        const branch = fillBranch(pattern, line);
        expect({ pattern, ...parseBranch(own, 'one', branch) }).toEqual({ pattern, ...release, line });
        const variant = fillVariant(own, branch, 'torchcodec');
        expect({ pattern, ...parseBranch(own, 'one', variant) }).toEqual({
          pattern,
          ...release,
          line,
          variant: 'torchcodec',
        });
      }
    }
    expect(tried.length * lines.length).toBe(392);
  });
});

describe('a branch name that is none', () => {
  it.each([
    ['core', '2.2', 'release/2.2'],
    ['core', 'v2.2.1', 'release/2.2'],
    ['core', 'relase/2.2', 'release/2.2'],
    ['core', 'release/2.14/foo', 'release/2.14'],
    ['core', 'orig/relese/2.2', 'orig/release/2.2'],
    ['xla', 'release/2.1', 'r2.1'],
    ['triton', '3.1', 'release/3.1.x'],
  ])('of %s: for %s, %s was meant', (repo, name, meant) => {
    expect(suggestBranch(train, repo, name)).toBe(meant);
  });

  it('is told with the one that was meant', () => {
    expect(judgeBranch(train, 'core', '2.2')).toEqual({
      code: 'unknown-branch',
      repo: 'core',
      name: '2.2',
      suggestion: 'release/2.2',
    });
  });

  it.each(['main', '', '--all', 'x'.repeat(100_000)])('has no suggestion when it names no line: %.20j', (name) => {
    expect(suggestBranch(train, 'core', name)).toBeNull();
  });

  it('cannot be read in long time: hostile names are answered at once', () => {
    expect(parseBranch(train, 'core', `release/2.8-${'a.'.repeat(50_000)}!`)).toBeNull();
    expect(BranchName.safeParse('-x').success).toBe(false);
  });
});
