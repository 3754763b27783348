import { isOpen, type Gate, type GateId } from '../../domain/gate.ts';
import { elapsedMillis, type Instant } from '../../domain/instant.ts';
import type { VerdictChange } from '../../domain/ledger-event.ts';
import type { ReleaseVersion } from '../../domain/version.ts';
import type { Counts, Judged, LastSeen } from './fold.ts';

/** A release as it was judged at a moment. */
export interface Look {
  readonly release: ReleaseVersion;
  readonly at: Instant;
  readonly gates: readonly Pick<Gate, 'id' | 'verdict' | 'summary'>[];
  /** What keeps the next step from being done: gates, and decisions that are shown as such. */
  readonly blocking: readonly Pick<Gate, 'id' | 'verdict'>[];
  readonly picks: Counts['picks'];
  /** Whether every repository said where it stands: without that nobody knows which gates bear on the next step. */
  readonly readable: boolean;
}

const LOOK = 'look' as const;
/** A gate that could not be judged; `LOOK` where nobody knows where the repositories stand. */
type Doubtful = GateId | typeof LOOK;

/** Since when something could not be read. */
export type Doubts = ReadonlyMap<Doubtful, Instant>;

export interface Decided {
  /** What is to be recorded; null where nothing differs. */
  readonly event: Judged | null;
  readonly doubts: Doubts;
}

/** A reading that fails for a moment is no news: what is unknown is recorded when it still is after so long. */
export const SETTLED_MILLIS = 4 * 60_000;
/** Room in the ledger for the one line of a verdict. */
const LONGEST_WHY = 300;

/** What of a look differs from what was last recorded, and is worth to be. */
export function decideChanges(look: Look, last: LastSeen, doubts: Doubts): Decided {
  const unread = [
    ...look.gates.flatMap(({ id, verdict }) => (verdict === 'no-data' ? [id] : [])),
    ...(look.readable ? [] : [LOOK]),
  ];
  const doubted: Doubts = new Map(unread.map((what) => [what, doubts.get(what) ?? look.at]));
  const waits = (what: Doubtful): boolean => {
    const since = doubted.get(what);
    return since !== undefined && elapsedMillis(since, look.at) < SETTLED_MILLIS;
  };
  if (waits(LOOK)) return { event: null, doubts: doubted };
  const isBlocking = new Set(look.blocking.map(({ id }) => id));
  const changes = look.gates.flatMap(({ id, verdict, summary }): readonly VerdictChange[] => {
    const from = last.verdicts.get(id)?.verdict ?? null;
    if (from === verdict || waits(id)) return [];
    const why = summary.slice(0, LONGEST_WHY).toWellFormed();
    return [{ gate: id, from, to: verdict, why, blocking: isBlocking.has(id) }];
  });
  // A gate that was open and could not be read just now is counted as what it last was.
  const wasOpen = ({ id }: Pick<Gate, 'id'>): boolean => {
    const known = last.verdicts.get(id);
    return known !== undefined && isOpen(known);
  };
  const blockers = look.blocking.filter((gate) => !(waits(gate.id) && wasOpen(gate))).length;
  const counts = { blockers, picks: look.picks };
  if (changes.length === 0 && isSame(counts, last.counts)) return { event: null, doubts: doubted };
  return { event: { type: 'gates-judged', release: look.release, changes, ...counts }, doubts: doubted };
}

/** Picks that could not be read are no others than before. */
function isSame({ blockers, picks }: Counts, last: Counts | null): boolean {
  if (last === null || blockers !== last.blockers) return false;
  return picks === null || (picks.open === last.picks?.open && picks.waiting === last.picks.waiting);
}
