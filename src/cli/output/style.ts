import { styleText } from 'node:util';
import type { Line, Tone } from './line.ts';
import { foldToAscii } from './text.ts';

/** How lines go out: with or without colour, in all of Unicode or in ASCII. */
export interface Style {
  readonly color: boolean;
  readonly ascii: boolean;
}

export type Environment = Readonly<Record<string, string | undefined>>;

export interface StyleWish {
  readonly color: string | null;
  readonly ascii: boolean;
}

/** NO_COLOR, CLICOLOR, CLICOLOR_FORCE, TERM=dumb, and the flags, which win. A stream that is no terminal gets no colour. */
export function styleFor(wish: StyleWish, env: Environment, tty: boolean): Style {
  return { color: colorFor(wish.color, env, tty), ascii: wish.ascii || speaksAscii(env) };
}

function colorFor(flag: string | null, env: Environment, tty: boolean): boolean {
  if (flag === 'always') return true;
  if (flag === 'never') return false;
  if (isSet(env['NO_COLOR']) || env['TERM'] === 'dumb') return false;
  if (isSet(env['CLICOLOR_FORCE']) && env['CLICOLOR_FORCE'] !== '0') return true;
  return tty && env['CLICOLOR'] !== '0';
}

function isSet(value: string | undefined): value is string {
  return value !== undefined && value !== '';
}

/** The locale as POSIX finds it. Unset is taken for UTF-8: containers and CI set none, and their logs are UTF-8. */
function speaksAscii(env: Environment): boolean {
  const locale = [env['LC_ALL'], env['LC_CTYPE'], env['LANG']].find(isSet);
  return locale !== undefined && !/utf-?8/iu.test(locale);
}

/** Columns of the stream: of the terminal, as SIGNALBOX_FORCE_TTY says, or 80. */
export function widthFor(env: Environment, columns: number | undefined): number {
  const forced = Number(env['SIGNALBOX_FORCE_TTY']);
  if (Number.isInteger(forced) && forced >= 20) return Math.min(forced, 500);
  return columns !== undefined && columns >= 20 ? Math.min(columns, 500) : 80;
}

const FORMATS = {
  strong: 'bold',
  pass: 'green',
  fail: 'red',
  run: 'blue',
  attn: 'yellow',
  mute: 'gray',
} as const satisfies Record<Exclude<Tone, 'text'>, string>;

/** The line as it is written, without its line end; blanks at the end are left out. */
export function paint(line: Line, style: Style): string {
  const painted = line.map((part) => {
    const text = style.ascii ? foldToAscii(part.text) : part.text;
    if (!style.color || part.tone === 'text' || text.trim() === '') return text;
    return styleText(FORMATS[part.tone], text, { validateStream: false });
  });
  return painted.join('').trimEnd();
}
