/** What both forms of a page say alike: words of states, times, and inline text without markup. */
import { dateOf, elapsedMillis, type Instant } from '../domain/instant.ts';
import { neutral } from '../domain/plain-text.ts';
import { STATE_WORDS } from '../domain/state.ts';
import { clockTime, dayText, shortSpan } from '../domain/time-text.ts';
import type { Inline, PageRoom, Rich, State } from './doc.ts';

/** Signs of the states in plain text, the same as on a terminal. */
export const STATE_SIGNS: Readonly<Record<State, string>> = {
  pass: '✓',
  failing: '✗',
  running: '*',
  queued: 'o',
  'needs-you': '!',
  waived: '~',
  skipped: '-',
  'no-data': '?',
  permanent: '#',
};

export type Time = Extract<Inline, { readonly kind: 'time' }>;

export function partsOf(rich: Rich): readonly Inline[] {
  return typeof rich === 'string' || 'kind' in rich ? [rich] : rich;
}

function untilText(at: Instant, now: Instant): string {
  const millis = elapsedMillis(now, at);
  return millis >= 0 ? `in ${shortSpan(millis)}` : `${shortSpan(millis)} late`;
}

function agoText(at: Instant, now: Instant): string {
  const millis = elapsedMillis(at, now);
  return millis < 1000 ? 'now' : `${shortSpan(millis)} ago`;
}

/** `14 Jul`, `14:02 UTC`, `5 h ago`, `in 2 d`. */
export function timeText({ at, form }: Time, now: Instant): string {
  switch (form) {
    case 'date':
      return dayText(dateOf(at), now);
    case 'minute':
      return clockTime(at, now);
    case 'ago':
      return agoText(at, now);
    case 'until':
      return untilText(at, now);
  }
}

/** `you` to the person themselves, else `@login`. */
export function personText(login: string, room: PageRoom): string {
  return room.viewer?.login === login ? 'you' : `@${neutral(login)}`;
}

/** Several lines made neutral one by one: in code, line ends and tabs mean something. */
export function neutralLines(text: string): string {
  return text
    .split(/\r\n|\n/u)
    .map((line) => neutral(line.replaceAll('\t', '    ')))
    .join('\n');
}

function inlineText(part: Inline, room: PageRoom): string {
  if (typeof part === 'string') return neutral(part);
  switch (part.kind) {
    case 'state':
      return `${STATE_SIGNS[part.state]} ${neutral(part.word ?? STATE_WORDS[part.state].word)}`;
    case 'link':
    case 'code':
    case 'strong':
      return neutral(part.text);
    case 'person':
      return personText(part.login, room);
    case 'time':
      return timeText(part, room.now);
  }
}

/** The text without any markup, on one line. */
export function plainText(rich: Rich, room: PageRoom): string {
  return partsOf(rich)
    .map((part) => inlineText(part, room))
    .join('');
}
