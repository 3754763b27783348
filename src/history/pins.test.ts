import { describe, expect, it } from 'vitest';
import { pinProof, type ChangedText } from './pins.ts';

const OWN = { branch: 'release/2.12', line: '2.12' };

function changed(before: string, after: string, declared: string | null = null): ChangedText {
  return { path: 'a.yml', before, after, declared };
}

describe('a change that is for its branch alone, by what it changes', () => {
  it.each([
    ["a candidate's version", 'CURRENT = "2.12.0"\nother\n', 'CURRENT = "2.12.1"\nother\n'],
    ['a reference to main', '    ref: main\n', '    ref: release/2.12\n'],
    ['a reference where there was none', 'with:\n', 'with:\n  test-infra-ref: release/2.12\n'],
    [
      'two versions of which one is its own',
      'stable = "2.11.0"\nnightly = "2.12.0.dev"\n',
      'stable = "2.12.1"\nnightly = "2.13.0"\n',
    ],
    ['the commit of an image beside its version', 'x = "cpu-0123abc"\nv = "2.11"\n', 'x = "cpu-fedcba9"\nv = "2.12"\n'],
  ])('%s', (_name, before, after) => {
    expect(pinProof([changed(before, after)], OWN)?.kind).toBe('pin');
  });

  it.each([
    ['a version of something else', 'numpy==1.24.1\n', 'numpy==1.26.0\n'],
    ['a number that only contains the line', 'cuda: 12.12.1\n', 'cuda: 22.12.3\n'],
    ['a line of code beside the version', 'v = "2.12.0"\n', 'v = "2.12.1"\nrun("more")\n'],
    ['a line taken away beside the version', 'v = "2.12.0"\nrun("more")\n', 'v = "2.12.1"\n'],
    ['a fix that mentions the version', 'if x:\n', 'if x and version >= "2.12":\n'],
    ['nothing', 'a\n', 'a\n'],
  ])('not %s', (_name, before, after) => {
    expect(pinProof([changed(before, after)], OWN)).toBeNull();
  });

  it('what the train declares is one, whatever it names', () => {
    const [before, after] = ['channel: nightly\nos: linux\n', 'channel: test\nos: linux\n'];
    expect(pinProof([changed(before, after)], OWN)).toBeNull();
    expect(pinProof([changed(before, after, after)], OWN)?.text).toContain("the train's release-only edits");
    expect(pinProof([changed(before, `${after}more: code\n`, after)], OWN)).toBeNull();
  });

  it('a file that is new, gone or no text is none, and every file must be', () => {
    const pin = changed('v = "2.12.0"\n', 'v = "2.12.1"\n');
    expect(pinProof([pin], OWN)).not.toBeNull();
    expect(pinProof([pin, { path: 'b', before: null, after: 'ref: release/2.12\n', declared: null }], OWN)).toBeNull();
    expect(pinProof([pin, changed('a\n', 'b\n')], OWN)).toBeNull();
    expect(pinProof([], OWN)).toBeNull();
  });
});
