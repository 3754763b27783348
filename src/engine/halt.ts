import { elapsedMillis, type Instant } from '../domain/instant.ts';
import type { LedgerEntry } from '../domain/ledger-event.ts';
import { takesBack, type Plan, type PlanId } from '../domain/plan/plan.ts';
import type { Clock } from '../ports/clock.ts';
import type { Ledger } from '../ports/ledger.ts';
import { freezeOf, type Decision } from './fold-decisions.ts';

/** Somebody wants that nothing more is started: by asking this plan to stop, or by freezing the train. */
export interface Halt extends Decision {
  readonly what: 'stop' | 'freeze';
}

/** Between two steps the ledger is read at most so often. */
const LOOK_EVERY_MILLIS = 1000;

/** Asks whether to go on; `always` reads the ledger however short the last look is ago. */
export type HaltWatch = (look: 'always' | 'now and then') => Promise<Halt | null>;

export interface Watching {
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly plan: Plan;
  /** Place in the ledger after which it counts: what was asked before this carrying-out began was for an earlier one. */
  readonly seenTo: number;
}

/** Watches the ledger for what other processes write into it while a plan is carried out. A halt that was seen stays. */
export function watchForHalt({ ledger, clock, plan, seenTo }: Watching): HaltWatch {
  let looked: Instant | null = null;
  let found: Halt | null = null;
  let looking: Promise<Halt | null> | null = null;
  const look = async (): Promise<Halt | null> => {
    const { train } = plan.body;
    const entries = await ledger.read({
      train,
      after: seenTo,
      types: ['apply-stop-asked', 'train-frozen', 'train-thawed'],
    });
    return haltOf(entries, plan);
  };
  return async (wish) => {
    if (found !== null) return found;
    const now = clock.now();
    // A clock that jumped back does not keep us from looking.
    const ago = looked === null ? null : elapsedMillis(looked, now);
    const isRecent = ago !== null && ago >= 0 && ago < LOOK_EVERY_MILLIS;
    if (isRecent && wish === 'now and then') return looking;
    looked = now;
    looking = look();
    found = await looking;
    return found;
  };
}

/** The first stop that was asked of the plan, or else the freeze that holds. What is taken back goes on in a frozen train. */
function haltOf(entries: readonly LedgerEntry[], plan: Plan): Halt | null {
  const stop = stopAsked(entries, plan.id);
  if (stop !== null) return { what: 'stop', ...stop };
  const freeze = takesBack(plan) ? null : freezeOf(entries);
  return freeze === null ? null : { what: 'freeze', ...freeze };
}

function stopAsked(entries: readonly LedgerEntry[], plan: PlanId): Decision | null {
  for (const { event, actor, at } of entries) {
    if (event.type === 'apply-stop-asked' && event.plan === plan) return { by: actor, at, reason: event.reason };
  }
  return null;
}

/** A halt in words, as the record of the carrying-out keeps it. */
export function haltText({ what, by, reason }: Halt): string {
  return what === 'stop' ? `@${by} asked to stop it: ${reason}` : `@${by} froze the train: ${reason}`;
}
