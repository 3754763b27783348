import { describe, expect, it } from 'vitest';
import {
  CandidateVersion,
  compareVersions,
  Line,
  nextLine,
  parseTag,
  ReleaseVersion,
  releaseOf,
  tagOf,
} from './version.ts';

describe('tags of a repository (VER-01)', () => {
  it('reads a candidate', () => {
    expect(parseTag('v2.8.0-rc1')).toEqual({ kind: 'candidate', candidate: '2.8.0-rc1' });
  });

  it('reads a final release', () => {
    expect(parseTag('v2.8.0')).toEqual({ kind: 'final', release: '2.8.0' });
  });

  it.each([
    'v2.8.0-rc01',
    'v2.8.0-rc0',
    'v2.8.0rc1',
    'v2.8-rc1',
    '2.8.0-rc1',
    'V2.8.0-rc1',
    'v02.8.0',
    'v2.8.0-rc1\n',
    'v2.8.0-rc1 ',
    'v2.8.0-rc1^{}',
    'v2.8.0-rc٣',
    'v9999999.0.0',
    '--v2.8.0',
    '',
  ])('refuses %j', (tag) => {
    expect(parseTag(tag)).toBeNull();
  });

  it('gives back the tag of what it read', () => {
    const candidate = CandidateVersion.parse('2.10.3-rc12');
    expect(parseTag(tagOf(candidate))).toEqual({ kind: 'candidate', candidate });
    expect(releaseOf(candidate)).toBe('2.10.3');
  });
});

describe('lines and releases', () => {
  it('are ordered by numbers, not by text', () => {
    const lines = ['2.10', '2.9', '1.13', '2.2'].map((line) => Line.parse(line));
    expect(lines.toSorted(compareVersions)).toEqual(['1.13', '2.2', '2.9', '2.10']);
  });

  it('count 0.9 on to 0.10', () => {
    expect(nextLine(Line.parse('0.9'))).toBe('0.10');
  });

  it.each(['2', '2.8.0.0', '2.8.', 'two', '2.08', '-2.8', '2.8.0;rm', ' 2.8.0'])(
    'refuse %j with the form to write',
    (text) => {
      const parsed = ReleaseVersion.safeParse(text);
      expect(parsed.error?.issues.map(({ message }) => message)).toEqual([
        'not a release: write it as X.Y.Z, for example 2.8.0',
      ]);
    },
  );
});
