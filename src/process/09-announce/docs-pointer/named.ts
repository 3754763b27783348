import type { Line } from '../../../domain/version.ts';
import type { Found } from './read.ts';

/** A text is read so far: a redirect is short, and a menu of versions is no book. */
const MOST = 1024 * 1024;
const NUMBERS = String.raw`v?(\d+(?:\.\d+)+)`;
/** A version that is a name of its own in a path: `/2.8/`, `"2.8/index.html"`; not the 1.0 of `initial-scale=1.0` and of a doctype. */
const IN_PATH = new RegExp(`(?:/${NUMBERS}(?=[/"'\\s;?#>]|$)|["'=]${NUMBERS}(?=/))`, 'gu');

/** The versions that the pointer names, each once: one where it is as it has to be. */
export function namedBy(pointer: Found): readonly string[] {
  switch (pointer.is) {
    case 'none':
    case 'other':
      return [];
    case 'link':
      return once(pointer.to.slice(0, MOST).split('/').flatMap(versionOf));
    case 'text': {
      const text = pointer.text.slice(0, MOST);
      const whole = versionOf(text.trim());
      return whole.length > 0
        ? whole
        : once([...text.matchAll(IN_PATH)].flatMap(([, inner, first]) => inner ?? first ?? []));
    }
  }
}

function versionOf(part: string): readonly string[] {
  const found = new RegExp(`^${NUMBERS}$`, 'u').exec(part.trim())?.[1];
  return found === undefined ? [] : [found];
}

function once(names: readonly string[]): readonly string[] {
  return [...new Set(names)];
}

/** Whether a text names the line by itself: 2.1 is in neither 2.10, 2.1.0 nor 12.1, and `v2.1` is 2.1. */
export function namesLine(text: string, line: Line): boolean {
  const exact = new RegExp(
    `(?<![\\p{L}\\p{N}_.])v?${line.replace('.', String.raw`\.`)}(?![\\p{L}\\p{N}_]|\\.\\d)`,
    'u',
  );
  return exact.test(text.slice(0, MOST));
}
