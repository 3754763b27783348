import type { Instant } from '../domain/instant.ts';
import type { LedgerEntry } from '../domain/ledger-event.ts';
import type { DayStepId } from '../domain/train/day-step.ts';
import type { ReleaseVersion } from '../domain/version.ts';

interface Tick {
  readonly by: string;
  readonly at: Instant;
  readonly evidence: string | null;
  readonly note: string;
}

/** The steps of a release day that people said are done, and did not take back; said twice, the first counts. */
export function foldDayTicks(entries: readonly LedgerEntry[], release: ReleaseVersion): ReadonlyMap<DayStepId, Tick> {
  const ticks = new Map<DayStepId, Tick>();
  for (const { event, actor, at } of entries) {
    if (event.type === 'day-step-done' && event.release === release && !ticks.has(event.step))
      ticks.set(event.step, { by: actor, at, evidence: event.evidence, note: event.note });
    if (event.type === 'day-step-reopened' && event.release === release) ticks.delete(event.step);
  }
  return ticks;
}
