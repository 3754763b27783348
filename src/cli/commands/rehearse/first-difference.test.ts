import { describe, expect, it } from 'vitest';
import { firstDifference } from './first-difference.ts';

const page = (text: string): ReadonlyMap<string, string> => new Map([['/', text]]);

describe('the pages of two databases', () => {
  it('are equal only byte for byte', () => {
    expect(firstDifference(page('a\nb\n'), page('a\nb\n'))).toBeNull();
  });

  it.each([
    ['another line', page('a\nb\n'), page('a\nc\n'), { path: '/', line: 2, one: 'b', other: 'c' }],
    ['a line more', page('a\n'), page('a\n\n'), { path: '/', line: 3, one: null, other: '' }],
    ['a line less', page('a\nb'), page('a'), { path: '/', line: 2, one: 'b', other: null }],
    ['a page less', page('a'), new Map<string, string>(), { path: '/', line: null, one: 'a', other: null }],
    ['a page more', new Map<string, string>(), page('a'), { path: '/', line: null, one: null, other: 'a' }],
  ])('differ by %s, and it is named', (_what, ones, others, expected) => {
    expect(firstDifference(ones, others)).toEqual(expected);
  });
});
