import { expect, it } from 'vitest';
import { line, span } from './line.ts';
import { paint, styleFor, widthFor } from './style.ts';

const none = { color: null, ascii: false };

it.each([
  ['a terminal', none, {}, true, true],
  ['a pipe', none, {}, false, false],
  ['NO_COLOR', none, { NO_COLOR: '1' }, true, false],
  ['an empty NO_COLOR', none, { NO_COLOR: '' }, true, true],
  ['TERM=dumb', none, { TERM: 'dumb' }, true, false],
  ['CLICOLOR=0', none, { CLICOLOR: '0' }, true, false],
  ['CLICOLOR_FORCE into a pipe', none, { CLICOLOR_FORCE: '1' }, false, true],
  ['CLICOLOR_FORCE=0 into a pipe', none, { CLICOLOR_FORCE: '0' }, false, false],
  ['NO_COLOR over CLICOLOR_FORCE', none, { NO_COLOR: '1', CLICOLOR_FORCE: '1' }, true, false],
  ['--color always over NO_COLOR', { color: 'always', ascii: false }, { NO_COLOR: '1' }, false, true],
  ['--color never on a terminal', { color: 'never', ascii: false }, {}, true, false],
] as const)('colours as %s says', (...row) => {
  const [, wish, env, tty, color] = row;
  expect(styleFor(wish, env, tty).color).toBe(color);
});

it.each([
  [{}, false],
  [{ LANG: 'en_US.UTF-8' }, false],
  [{ LANG: 'C.utf8' }, false],
  [{ LANG: 'C' }, true],
  [{ LC_ALL: 'POSIX', LANG: 'de_DE.UTF-8' }, true],
  [{ LC_CTYPE: 'de_DE.ISO-8859-1' }, true],
  [{ LC_ALL: '', LANG: 'C.UTF-8' }, false],
])('writes ASCII in the locale %j: %s', (env, ascii) => expect(styleFor(none, env, true).ascii).toBe(ascii));

it('takes the width of the terminal, 80 where it is unknown, and what SIGNALBOX_FORCE_TTY says', () => {
  expect([
    widthFor({}, 132),
    widthFor({}, undefined),
    widthFor({ SIGNALBOX_FORCE_TTY: '60' }, 132),
    widthFor({}, 3),
  ]).toEqual([132, 80, 60, 80]);
});

it('keeps the words when the colour goes', () => {
  const of = line(span('✓', 'pass'), ' pass  ');
  expect(paint(of, { color: false, ascii: false })).toBe('✓ pass');
  expect(paint(of, { color: false, ascii: true })).toBe('+ pass');
  expect(paint(of, { color: true, ascii: true })).toContain('+');
});
