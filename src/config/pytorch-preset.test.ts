import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { parseBranch } from '../domain/branch.ts';
import { requirementFor } from '../domain/train/dependency.ts';
import { reposOf } from '../domain/train/naming.ts';
import type { Train } from '../domain/train/train.ts';
import { Line, ReleaseVersion } from '../domain/version.ts';
import { loadTrain } from './load.ts';
import { shippedPresets } from './sources.ts';

let train: Train;
beforeAll(async () => {
  const loaded = await loadTrain(join(shippedPresets(), 'pytorch', 'train.yaml'));
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  train = loaded.value.train;
});

const namesIn = (release: string): readonly string[] =>
  reposOf(train, ReleaseVersion.parse(release)).map(
    ({ key, release: own, branch, cutPoint }) => `${key} ${own} ${branch} ${cutPoint ?? '-'}`,
  );

describe("PyTorch's preset", () => {
  it('numbers and names the repositories of 2.7', () => {
    expect(namesIn('2.7.0')).toEqual([
      'test-infra 2.7.0 release/2.7 orig/release/2.7',
      'xla 2.7.0 r2.7 -',
      'pytorch 2.7.0 release/2.7 orig/release/2.7',
      'vision 0.22.0 release/0.22 orig/release/0.22',
      'audio 2.7.0 release/2.7 orig/release/2.7',
    ]);
  });

  it.each([
    ['1.12.1', 'vision 0.13.1', 'audio 0.12.1'],
    ['1.13.0', 'vision 0.14.0', 'audio 0.13.0'],
    ['2.0.0', 'vision 0.15.0', 'audio 2.0.0'],
    ['2.11.0', 'vision 0.26.0', 'audio 2.11.0'],
  ])('numbers the domain libraries of %s', (release, ...expected) => {
    const domains = namesIn(release).filter((name) => /^(vision|audio)/.test(name));
    expect(domains.map((name) => name.split(' ').slice(0, 2).join(' '))).toEqual(expected);
  });

  it.each([
    ['pytorch', 'release/2.6-torchcodec', '2.6'],
    ['pytorch', 'lts/release/1.8', '1.8'],
    ['xla', 'r2.1', '2.1'],
    ['triton', 'release/3.1.x', '3.1'],
    ['test-infra', 'torchao-release0.18', '0.18'],
  ])('reads the branches of %s: %s', (repo, name, line) => {
    expect(parseBranch(train, repo, name)?.line).toBe(line);
  });

  it('cuts the core from the branch on which tests pass', () => {
    expect(train.repos).toMatchObject({
      pytorch: { source: 'viable/strict' },
      vision: { source: 'main' },
      xla: { source: 'master' },
    });
  });

  it('has the edits of a release branch, and the version of the nightlies on main', () => {
    expect(train.repos).toMatchObject({
      pytorch: {
        onBranch: [
          'workflow-refs',
          'test-infra-ref',
          'channel',
          'version',
          'bc-tests',
          'xla-pin',
          'triton-dependency',
        ].map((id) => ({ id })),
        onMain: [{ id: 'nightly-version', files: ['version.txt'], to: '{next-line}.0a0' }],
      },
      vision: {
        onBranch: ['workflow-refs', 'test-infra-ref', 'channel', 'channel-of-scripts', 'version'].map((id) => ({ id })),
      },
    });
  });

  const asked = { version: '3.3.0', pin: '5f40dc89'.padEnd(40, 'a') };
  it.each([
    ['2.10', 'nightly', 'cuda', 'triton==3.3.0+git5f40dc89'],
    ['2.10', 'nightly', 'rocm', 'triton-rocm==3.3.0+git5f40dc89'],
    ['2.10', 'test', 'cuda', 'triton~=3.3.0'],
    ['2.10', 'test', 'rocm', 'triton-rocm~=3.3.0'],
    ['2.10', 'test', 'xpu', 'triton-xpu==3.3.0'],
    ['2.7', 'nightly', 'cuda', 'pytorch-triton==3.3.0+git5f40dc89'],
    ['2.7', 'nightly', 'rocm', 'pytorch-triton-rocm==3.3.0+git5f40dc89'],
    ['2.7', 'test', 'cuda', 'triton==3.3.0'],
    ['2.7', 'stable', 'rocm', 'pytorch-triton-rocm==3.3.0'],
    ['2.1', 'test', 'conda', 'torchtriton'],
  ])("VER-05 knows Triton's requirement in %s, %s, %s", (line, channel, backend, requirement) => {
    const triton = train.dependencies['triton'];
    const answer =
      triton === undefined ? null : requirementFor(triton, { ...asked, line: Line.parse(line), channel, backend });
    expect(answer?.requirement).toBe(requirement);
  });

  it('names the channels, the workstreams, and the classes and phases of picks', () => {
    expect(Object.keys(train.channels)).toEqual(['nightly', 'test', 'backup', 'staging', 'stable', 'pypi', 'conda']);
    expect(Object.values(train.workstreams).map(({ title }) => title)).toEqual([
      'Core/Marketing',
      'Release Eng',
      'Doc Eng',
      'Release notes',
      'Partner',
    ]);
    expect(Object.keys(train.picks.classes)).toEqual(['regression', 'critical', 'fixnewfeature', 'docs', 'release']);
    expect(train.picks.phases.find(({ id }) => id === 'patch')).toMatchObject({
      evidence: 'high-priority-issue-or-ci-failure',
      late: 'final',
      until: 'P1',
    });
    expect(train.patches).toMatchObject({
      since: '2.1',
      perMinor: 2,
      onlyLatestMinor: true,
      totalWeeks: { from: 4, to: 5 },
    });
    expect(Object.keys(train.texts)).toContain('patch-criteria');
  });
});
