import { describe, expect, it } from 'vitest';
import { columnsOf, cutMiddle, foldToAscii, neutral, wrapText } from './text.ts';

describe('neutral', () => {
  it.each([
    ['an escape sequence', '\u001b[31mred\u001b[0m', '\ufffd[31mred\ufffd[0m'],
    ['a title sequence', '\u001b]0;owned\u0007', '\ufffd]0;owned\ufffd'],
    ['a C1 control', 'a\u009b2Jb', 'a\ufffd2Jb'],
    ['a carriage return and line ends', 'a\r\nb\u2028c\td', 'a b c d'],
    ['a mark that turns the text', 'exe.\u202Egnp', 'exe.\ufffdgnp'],
    ['invisible letters', 'ma\u200bin\u{e0041}', 'main'],
    ['a lone surrogate', 'a\ud800b', 'a\ufffdb'],
    ['heaps of marks', `e${'\u0301'.repeat(40)}`, 'e\u0301\u0301\u0301'],
    ['honest text', 'Grüße, 日本 ✓', 'Grüße, 日本 ✓'],
  ])('tames %s', (_name, text, tame) => expect(neutral(text)).toBe(tame));
});

describe('columns', () => {
  it.each([
    ['ascii', 5],
    ['日本語', 6],
    ['e\u0301te\u0301', 3],
    ['🚀', 2],
    ['👩‍👩‍👧', 2],
    ['ｆｕｌｌ', 8],
    ['', 0],
  ])('%s takes %d', (text, columns) => expect(columnsOf(text)).toBe(columns));
});

describe('cutMiddle', () => {
  it.each([
    ['release/2.8-something-long', 12, 'relea...long'],
    ['short', 12, 'short'],
    ['日本語日本語日本語', 9, '日...語'],
    ['abcdef', 3, 'abc'],
    ['abcdef', 0, ''],
  ])('%s in %d columns', (text, columns, cut) => {
    expect(cutMiddle(text, columns)).toBe(cut);
    expect(columnsOf(cutMiddle(text, columns))).toBeLessThanOrEqual(Math.max(columns, 0));
  });
});

it('wraps at blanks and cuts a word that is longer than a line, losing nothing', () => {
  const text = `one two ${'x'.repeat(25)} three`;
  const lines = wrapText(text, 10);
  expect(lines.every((each) => columnsOf(each) <= 10)).toBe(true);
  expect(lines.join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''));
  expect(wrapText('', 10)).toEqual(['']);
});

it('folds to ASCII in the same number of columns', () => {
  expect(foldToAscii('✓ Grüße 日本 … 🚀')).toBe('+ Gru?e ???? ~ ??');
  for (const text of ['✓ é', '日本', '🚀 ok', 'e\u0301']) expect(foldToAscii(text).length).toBe(columnsOf(text));
});
