import { describe, expect, it } from 'vitest';
import { literalPrefix, matchesPattern } from './path-pattern.ts';

describe('a path pattern', () => {
  it.each([
    ['version.txt', 'version.txt'],
    ['.github/workflows/lint.yml', '.github/workflows/*.yml'],
    ['.github/workflows/lint.yml', '.github/**'],
    ['.github/workflows/lint.yml', '**/*.yml'],
    ['lint.yml', '**/*.yml'],
    ['a/b/c/d', 'a/**/d'],
    ['a/d', 'a/**/d'],
    ['a/b/a/b/c', '**/a/b/c'],
    ['a/x/b/y/b/c', 'a/**/b/**/c'],
    ['abcabc', 'a*c*c'],
    ['aa', 'a*a'],
    ['.hidden', '*'],
    ['any/thing', '**'],
    ['new\nline', 'new*'],
    ['[a](b){c}+$', '[a](b){c}+$'],
  ])('takes %j for %j', (path, pattern) => expect(matchesPattern(path, pattern)).toBe(true));

  it.each([
    ['a', 'a*a'],
    ['version_txt', 'version.txt'],
    ['.github/workflows/sub/lint.yml', '.github/workflows/*.yml'],
    ['a/b', '*'],
    ['a', 'a/*'],
    ['xa/d', 'a/**/d'],
    ['a/b/c', 'a/**/d'],
    ['acb', 'a*c*c'],
    ['A', 'a'],
    ['a/b', 'a'],
    ['a', ''],
  ])('does not take %j for %j', (path, pattern) => expect(matchesPattern(path, pattern)).toBe(false));

  it('is quick on patterns and names made to be slow', () => {
    expect(matchesPattern(`${'a'.repeat(20_000)}c`, `${'*a'.repeat(2000)}b`)).toBe(false);
    expect(matchesPattern(`${'a/'.repeat(2000)}c`, `${'**/a/'.repeat(500)}b`)).toBe(false);
  });

  it.each([
    ['.github/workflows/*.yml', '.github/workflows'],
    ['**/*.yml', ''],
    ['version.txt', 'version.txt'],
    ['a/b*/c', 'a'],
  ])('of %j is looked for below %j', (pattern, prefix) => expect(literalPrefix(pattern)).toBe(prefix));
});
