import { isOpen, type Gate } from './gate.ts';
import { elapsedMillis, type Instant } from './instant.ts';
import { STATE_WORDS } from './state.ts';
import { shortSpan } from './time-text.ts';

/** `failing 2 d`. */
export function stateAge({ verdict, since }: Pick<Gate, 'verdict' | 'since'>, now: Instant): string {
  const { word } = STATE_WORDS[verdict];
  return since === null ? word : `${word} ${shortSpan(elapsedMillis(since, now))}`;
}

/** `1 failing, 1 needs you, 1 no data`. */
export function countClosed(gates: readonly Pick<Gate, 'verdict'>[]): string {
  return countStates(gates.filter((gate) => !isOpen(gate)));
}

/** The same for open ones too: `12 pass, 2 failing`. */
export function countStates(gates: readonly Pick<Gate, 'verdict'>[]): string {
  const verdicts = [...new Set(gates.map((gate) => gate.verdict))];
  return verdicts
    .map((verdict) => `${gates.filter((gate) => gate.verdict === verdict).length} ${STATE_WORDS[verdict].word}`)
    .join(', ');
}

/** When the oldest evidence of the gates was read; the moment of judging where there is none. */
export function oldestOf(gates: readonly Pick<Gate, 'evidence'>[], judged: Instant): Instant {
  return gates
    .flatMap((gate) => gate.evidence.map((evidence) => evidence.at))
    .reduce((first, next) => (next < first ? next : first), judged);
}
