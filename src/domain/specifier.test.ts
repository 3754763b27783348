import { describe, expect, it } from 'vitest';
import { Pep440Version } from './pep440.ts';
import { admits, explainSpecifier, parseSpecifiers, printSpecifiers } from './specifier.ts';

function isAdmitted(conditions: string, version: string): boolean {
  const parsed = parseSpecifiers(conditions);
  if (!parsed.ok) throw new Error(parsed.problems.map(explainSpecifier).join('; '));
  return admits(parsed.value, Pep440Version.parse(version));
}

const print = (text: string): string => {
  const parsed = parseSpecifiers(text);
  return parsed.ok ? printSpecifiers(parsed.value) : '';
};

describe('conditions on a version', () => {
  it.each([
    ['>=3.9', '3.9', true],
    ['>=3.9,<3.14', '3.14.0rc1', false],
    ['<3.14rc2', '3.14.0rc1', true],
    ['==2.7.0', '2.7.0+cu126', true],
    ['==2.7.0+cpu', '2.7.0+cu126', false],
    ['==2.7.*', '2.7.1.post1', true],
    ['!=3.9.7', '3.9.7', false],
    ['~=3.3.0', '3.3.9', true],
    ['~=3.3.0', '3.4.0', false],
    ['>2.7', '2.7.0.post1', false],
    ['>2.7', '2.7.0+cu126', false],
    ['===2.7.0', '2.7.0', true],
    ['', '1!0.dev0', true],
    // The reference of Debian 12 errs here: an epoch is a part of what has to be equal.
    ['~=0.2', '1!0.3', false],
    ['==0.*', '1!0.3', false],
    ['~=1!0.2', '1!0.3', true],
  ])('%s and %s: %s', (conditions, version, expected) => {
    expect(isAdmitted(conditions, version)).toBe(expected);
  });

  it.each([
    ['3.9', 'no-operator'],
    ['=3.9', 'no-operator'],
    ['>=', 'not-a-version'],
    ['>=3.9.*', 'prefix-not-allowed'],
    ['==3.9rc1.*', 'prefix-not-allowed'],
    ['>=2.7+cpu', 'local-not-allowed'],
    ['~=3', 'too-short'],
    ['== 3 9', 'not-a-version'],
    [Array.from({ length: 300 }, () => '>1').join(','), 'too-many'],
  ])('%s is refused: %s', (conditions, code) => {
    const parsed = parseSpecifiers(conditions);
    expect(parsed.ok ? [] : parsed.problems.map((problem) => problem.code)).toEqual([code]);
  });

  it('have one text, whatever order and form they were written in', () => {
    expect(print('< 4, >=3.9.0RC1, !=3.*,')).toBe('!=3.*,<4,>=3.9.0rc1');
    expect(print('>=3.9.0rc1,!=3.*,<4')).toBe(print('< 4, >=3.9.0RC1, !=3.*,'));
  });
});
