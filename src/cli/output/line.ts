import { columnsOf, cutMiddle, neutral } from './text.ts';

/** Colours by meaning (ux.md 2.4); a colour never stands alone, a word or a shape says the same. */
export type Tone = 'text' | 'strong' | 'pass' | 'fail' | 'run' | 'attn' | 'mute';

/** A piece of a line. Its text is neutral: `span` is the only maker. */
export interface Span {
  readonly text: string;
  readonly tone: Tone;
}

/** One line of an answer, without colour yet. Renderers are pure functions from view data to lines. */
export type Line = readonly Span[];

export function span(text: string, tone: Tone = 'text'): Span {
  return { text: neutral(text), tone };
}

/** A line of one or more pieces; bare strings are plain text. */
export function line(...parts: readonly (string | Span)[]): Line {
  return parts.map((part) => (typeof part === 'string' ? span(part) : part));
}

export const BLANK: Line = [];

export function lineColumns(of: Line): number {
  return of.reduce((sum, part) => sum + columnsOf(part.text), 0);
}

export function lineText(of: Line): string {
  return of.map((part) => part.text).join('');
}

/** The line in exactly so many columns or more: blanks added at the end. */
export function padLine(of: Line, columns: number): Line {
  const missing = columns - lineColumns(of);
  return missing > 0 ? [...of, span(' '.repeat(missing))] : of;
}

/** The line in at most so many columns: the longest piece gives way, in its middle unless told otherwise. */
export function fitLine(of: Line, columns: number, cut = cutMiddle): Line {
  const over = lineColumns(of) - columns;
  if (over <= 0 || of.length === 0) return of;
  const widths = of.map((part) => columnsOf(part.text));
  const longest = widths.indexOf(Math.max(...widths));
  const room = Math.max(0, (widths[longest] ?? 0) - over);
  return of.map((part, index) => (index === longest ? { ...part, text: cut(part.text, room) } : part));
}

/** Left text and right-aligned text on one line; on two where they do not fit beside each other. */
export function spread(left: Line, right: Line, columns: number): readonly Line[] {
  const gap = columns - lineColumns(left) - lineColumns(right);
  if (gap >= 2) return [[...left, span(' '.repeat(gap)), ...right]];
  const indent = Math.max(0, columns - lineColumns(right));
  return [fitLine(left, columns), [span(' '.repeat(indent)), ...fitLine(right, columns)]];
}

/** Every piece indented by so many blanks. */
export function indent(of: Line, columns: number): Line {
  return [span(' '.repeat(columns)), ...of];
}
