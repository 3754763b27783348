import { describe, expect, it } from 'vitest';
import { Line } from '../version.ts';
import { OutsideDependency, requirementFor } from './dependency.ts';

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
