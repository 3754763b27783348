import { isOpen, type Gate } from '../../domain/gate.ts';
import type { Instant } from '../../domain/instant.ts';
import { exitCode, type ExitCode } from '../exit-codes.ts';
import type { Answer } from '../output/answer.ts';
import { renderBlockers, renderGates } from '../output/render-gates.ts';
import { oldestOf } from '../../domain/gate-text.ts';

export interface GatesShown {
  readonly schema: string;
  readonly subject: string;
  readonly gates: readonly Gate[];
  /** Closed gates that do not block the subject, but something after it. */
  readonly later?: readonly Gate[];
  readonly at: Instant;
  readonly who: string;
  /** `list` shows every gate in a table, `blockers` the closed ones at length. */
  readonly form: 'list' | 'blockers';
}

/** Gates as an answer; 3 when one of them is closed. */
export function gatesAnswer({ schema, subject, gates, later = [], at, who, form }: GatesShown): Answer {
  const asOf = oldestOf(gates, at);
  const shown = form === 'blockers' ? gates.filter((gate) => !isOpen(gate)) : gates;
  return {
    schema,
    asOf,
    stale: gates.some((gate) => gate.verdict === 'no-data'),
    exit: exitOf(gates),
    data: shown,
    records: shown.map((gate) => [
      gate.id,
      gate.verdict,
      gate.owners.join(','),
      gate.since ?? '',
      gate.summary,
      gate.fix ?? '',
    ]),
    lines: (room) => (form === 'list' ? renderGates : renderBlockers)({ subject, gates, later, asOf, who }, room),
  };
}

export function exitOf(gates: readonly Gate[]): ExitCode {
  return exitCode(gates.every(isOpen) ? 'done' : 'blocked');
}
