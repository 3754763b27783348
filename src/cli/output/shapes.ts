import { STATE_WORDS, type State } from '../../domain/state.ts';
import { span, type Span, type Tone } from './line.ts';

export type { State };

/** The nine states of ux.md 2.4: shape, the word that always goes with it, tone. In ASCII `✓` is `+` and `✗` is `x`. */
export const STATES = {
  pass: { ...STATE_WORDS.pass, shape: '✓', ascii: '+', tone: 'pass' },
  failing: { ...STATE_WORDS.failing, shape: '✗', ascii: 'x', tone: 'fail' },
  running: { ...STATE_WORDS.running, shape: '*', ascii: '*', tone: 'run' },
  queued: { ...STATE_WORDS.queued, shape: 'o', ascii: 'o', tone: 'mute' },
  'needs-you': { ...STATE_WORDS['needs-you'], shape: '!', ascii: '!', tone: 'attn' },
  waived: { ...STATE_WORDS.waived, shape: '~', ascii: '~', tone: 'attn' },
  skipped: { ...STATE_WORDS.skipped, shape: '-', ascii: '-', tone: 'mute' },
  'no-data': { ...STATE_WORDS['no-data'], shape: '?', ascii: '?', tone: 'mute' },
  permanent: { ...STATE_WORDS.permanent, shape: '#', ascii: '#', tone: 'strong' },
} as const satisfies Record<State, { readonly shape: string; readonly ascii: string; readonly tone: Tone }>;

export function shape(state: State): Span {
  return span(STATES[state].shape, STATES[state].tone);
}

export function stateWord(state: State): Span {
  return span(STATES[state].word, STATES[state].tone);
}
