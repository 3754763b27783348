/** How text from anywhere becomes text to show, on a terminal and on a page: neutralised, measured in columns, cut, wrapped. */

// Wide blocks of East Asian Width (W and F), as ranges of code points; emoji are told by their Unicode property.
const WIDE: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x2e80, 0x303e],
  [0x3041, 0x33ff],
  [0x3400, 0x4dbf],
  [0x4e00, 0x9fff],
  [0xa000, 0xa4cf],
  [0xa960, 0xa97f],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe30, 0xfe6f],
  [0xff00, 0xff60],
  [0xffe0, 0xffe6],
  [0x20000, 0x3fffd],
];
const PLAIN = /^[\x20-\x7e]*$/u;
const BLANKS = /[\t\n\v\f\r\u0085\u2028\u2029]+/gu;
// Controls, C1 controls, and marks that turn the direction of what follows: shown as a sign that something was there.
const ACTIVE = /[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;
// Characters that take no room and say nothing: they only make two names look alike.
const INVISIBLE = /[\u00ad\u200b\u2060-\u2064\ufeff\u{e0000}-\u{e007f}\u{fff9}-\u{fffb}]/gu;
const MARKS_IN_HEAPS = /(\p{M}{3})\p{M}+/gu;

/**
 * Makes a text from outside safe to print on one line: line ends become blanks; control characters, escape sequences and marks of
 * direction become U+FFFD, so that nobody's branch name moves the cursor; invisible characters vanish.
 */
export function neutral(text: string): string {
  if (PLAIN.test(text)) return text;
  return text
    .toWellFormed()
    .replace(BLANKS, ' ')
    .replace(ACTIVE, '\ufffd')
    .replace(INVISIBLE, '')
    .replace(MARKS_IN_HEAPS, '$1');
}

let segmenter: Intl.Segmenter | undefined;

/** What people count as one sign each. */
export function signsOf(text: string): readonly string[] {
  segmenter ??= new Intl.Segmenter('en', { granularity: 'grapheme' });
  return Array.from(segmenter.segment(text), (part) => part.segment);
}

/** Columns of one sign. */
export function signWidth(sign: string): number {
  const point = sign.codePointAt(0) ?? 0;
  if (point >= 0x20 && point < 0x7f) return 1;
  if (/^[\p{M}\u200c\u200d]+$/u.test(sign)) return 0;
  if (/\p{Emoji_Presentation}|\ufe0f/u.test(sign)) return 2;
  return WIDE.some(([from, to]) => point >= from && point <= to) ? 2 : 1;
}

/** Columns that a neutral text takes. */
export function columnsOf(text: string): number {
  if (PLAIN.test(text)) return text.length;
  let columns = 0;
  for (const sign of signsOf(text)) columns += signWidth(sign);
  return columns;
}

function take(parts: readonly string[], columns: number): readonly string[] {
  let used = 0;
  const end = parts.findIndex((part) => (used += signWidth(part)) > columns);
  return end === -1 ? parts : parts.slice(0, end);
}

/** The text in at most so many columns: the middle gives way to `...`, since names differ at their ends. */
export function cutMiddle(text: string, columns: number): string {
  if (columnsOf(text) <= columns) return text;
  const parts = signsOf(text);
  if (columns <= 3) return take(parts, Math.max(0, columns)).join('');
  const tail = take(parts.toReversed(), Math.floor((columns - 3) / 2));
  const head = take(parts, columns - 3 - Math.floor((columns - 3) / 2));
  return [...head, '...', ...tail.toReversed()].join('');
}

/** The text in at most so many columns: its end gives way to `...`, since a sentence says what counts first. */
export function cutEnd(text: string, columns: number): string {
  if (columnsOf(text) <= columns) return text;
  const dots = columns > 3 ? '...' : '';
  return [...take(signsOf(text), Math.max(0, columns - dots.length)), dots].join('');
}

/** Filled with blanks on the right up to so many columns. */
export function padEnd(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - columnsOf(text)));
}

/** The text broken at blanks into lines of at most so many columns; a word longer than a line is cut into pieces, never lost. */
export function wrapText(text: string, columns: number): readonly string[] {
  const room = Math.max(8, columns);
  const lines: string[] = [];
  let line = '';
  for (const word of text
    .split(' ')
    .filter((each) => each !== '')
    .flatMap((each) => pieces(each, room))) {
    if (line !== '' && columnsOf(line) + 1 + columnsOf(word) > room) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return line === '' && lines.length > 0 ? lines : [...lines, line];
}

function pieces(word: string, room: number): readonly string[] {
  if (columnsOf(word) <= room) return [word];
  const found: string[] = [];
  let rest = signsOf(word);
  while (rest.length > 0) {
    const piece = take(rest, room);
    found.push(piece.join(''));
    rest = rest.slice(Math.max(1, piece.length));
  }
  return found;
}
