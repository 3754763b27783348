/** What both forms of a page say alike: words of states, times, and inline text without markup. */
import { dateOf, elapsedMillis, type Instant } from '../domain/instant.ts';
import { neutral } from '../domain/plain-text.ts';
import { clockTime, dayText, shortSpan } from '../domain/time-text.ts';
import type { Inline, PageRoom, Rich, State } from './doc.ts';

/** The word that goes with a shape, its sign in plain text, and what it means. */
export const STATE_WORDS: Readonly<
  Record<State, { readonly word: string; readonly sign: string; readonly means: string }>
> = {
  pass: { word: 'pass', sign: '✓', means: 'evidence fresh and good' },
  failing: { word: 'failing', sign: '✗', means: 'evidence fresh and bad' },
  running: { word: 'running', sign: '*', means: 'moving by itself' },
  queued: { word: 'queued', sign: 'o', means: 'waits for a machine' },
  'needs-you': { word: 'needs you', sign: '!', means: 'waits for a named person' },
  waived: { word: 'waived', sign: '~', means: 'passed by a person, expires' },
  skipped: { word: 'skipped', sign: '-', means: 'not applicable, by policy' },
  'no-data': { word: 'no data', sign: '?', means: 'stale or unknown: never counts as pass' },
  permanent: { word: 'permanent', sign: '#', means: 'published, cannot be undone' },
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
      return `${STATE_WORDS[part.state].sign} ${neutral(part.word ?? STATE_WORDS[part.state].word)}`;
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
