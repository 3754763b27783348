import type { Verdict } from '../../domain/gate.ts';
import { span, type Span, type Tone } from './line.ts';

/** The nine states of ux.md 2.4: shape, the word that always goes with it, tone. In ASCII `✓` is `+` and `✗` is `x`. */
export const STATES = {
  pass: { shape: '✓', ascii: '+', word: 'pass', tone: 'pass', means: 'evidence fresh and good' },
  failing: { shape: '✗', ascii: 'x', word: 'failing', tone: 'fail', means: 'evidence fresh and bad' },
  running: { shape: '*', ascii: '*', word: 'running', tone: 'run', means: 'moving by itself' },
  queued: { shape: 'o', ascii: 'o', word: 'queued', tone: 'mute', means: 'waits for a machine' },
  'needs-you': { shape: '!', ascii: '!', word: 'needs you', tone: 'attn', means: 'waits for a named person' },
  waived: { shape: '~', ascii: '~', word: 'waived', tone: 'attn', means: 'passed by a person, expires' },
  skipped: { shape: '-', ascii: '-', word: 'skipped', tone: 'mute', means: 'not applicable, by policy' },
  'no-data': { shape: '?', ascii: '?', word: 'no data', tone: 'mute', means: 'stale or unknown: never counts as pass' },
  permanent: { shape: '#', ascii: '#', word: 'permanent', tone: 'strong', means: 'published, cannot be undone' },
} as const satisfies Record<
  Verdict | 'permanent',
  { readonly shape: string; readonly ascii: string; readonly word: string; readonly tone: Tone; readonly means: string }
>;
export type State = keyof typeof STATES;

export function shape(state: State): Span {
  return span(STATES[state].shape, STATES[state].tone);
}

export function stateWord(state: State): Span {
  return span(STATES[state].word, STATES[state].tone);
}
