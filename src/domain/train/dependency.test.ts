import { describe, expect, it } from 'vitest';
import { Line } from '../version.ts';
import { OutsideDependency, pinnedWord, requirementFor } from './dependency.ts';

const triton = OutsideDependency.parse({
  repo: 'triton',
  rules: [
    { channels: ['nightly'], backend: 'cuda', requirement: 'pytorch-triton=={version}+git{pin}', until: '2.9' },
    { channels: ['nightly'], backend: 'cuda', requirement: 'triton=={version}+git{pin}', since: '2.10' },
    { channels: ['test', 'stable'], backend: 'cuda', requirement: 'triton~={version}', from: 'pypi', since: '2.10' },
  ],
});
const asked = {
  line: Line.parse('2.10'),
  channel: 'nightly',
  backend: 'cuda',
  version: '3.3.0',
  pin: '5f40dc89'.padEnd(40, '0'),
};

describe('VER-05: the requirement for a pin and a version', () => {
  const each = OutsideDependency.parse({
    repo: 'triton',
    rules: [
      { channels: ['nightly'], backend: 'cuda', requirement: 'triton=={version}+git{pin}' },
      { channels: ['nightly'], backend: 'rocm', requirement: 'triton-rocm=={version}+git{pin}' },
      { channels: ['test', 'stable'], backend: 'cuda', requirement: 'triton~={version}', from: 'pypi' },
      { channels: ['test', 'stable'], backend: 'rocm', requirement: 'triton-rocm~={version}' },
      { channels: ['test', 'stable'], backend: 'xpu', requirement: 'triton-xpu=={version}', versionFile: 'xpu.txt' },
    ],
  });

  it.each([
    ['nightly', 'cuda', '3.3.0', 'triton==3.3.0+git5f40dc89'],
    ['nightly', 'rocm', '3.3.0', 'triton-rocm==3.3.0+git5f40dc89'],
    ['test', 'cuda', '3.3.0', 'triton~=3.3.0'],
    ['test', 'rocm', '3.3.0', 'triton-rocm~=3.3.0'],
    ['test', 'xpu', '3.3.1', 'triton-xpu==3.3.1'],
    ['stable', 'cuda', '3.3.0', 'triton~=3.3.0'],
  ])('in %s for %s at %s is %s', (channel, backend, version, requirement) => {
    expect(requirementFor(each, { ...asked, channel, backend, version })?.requirement).toBe(requirement);
  });
});

it.each([
  ['3.3.0\n', '3.3.0'],
  [' 3.3.0 ', '3.3.0'],
  ['', null],
  [null, null],
  ['3.3.0; rm -rf', null],
  ['3.3.0\n3.4.0', null],
  ['9'.repeat(101), null],
])('a version file that says %j is %j', (text, word) => {
  expect(pinnedWord(text)).toBe(word);
});

describe('what a package must require', () => {
  it('names the pinned commit in nightlies', () => {
    expect(requirementFor(triton, asked)).toEqual({ requirement: 'triton==3.3.0+git5f40dc89', from: null });
  });

  it('is the rule of its line', () => {
    expect(requirementFor(triton, { ...asked, line: Line.parse('2.9') })?.requirement).toBe(
      'pytorch-triton==3.3.0+git5f40dc89',
    );
  });

  it('is not known where the train does not say it', () => {
    expect(requirementFor(triton, { ...asked, backend: 'xpu' })).toBeNull();
    expect(requirementFor(triton, { ...asked, channel: 'staging' })).toBeNull();
  });
});
