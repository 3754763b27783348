import { pickWaits } from '../../domain/pick-state.ts';
import { observe } from '../../domain/observation.ts';
import type { LedgerEntry } from '../../domain/ledger-event.ts';
import type { ReleaseVersion } from '../../domain/version.ts';
import type { App } from '../app.ts';
import { standingPicks } from '../picks/standing.ts';
import { isDecision, releaseStatus } from '../status.ts';
import { decideChanges, type Doubts, type Look } from './decide.ts';
import { lastSeen, NOTHING_SEEN, type LastSeen } from './fold.ts';

/** What a process that looks again and again keeps of a release between two looks; without it, it is read again. */
export interface Kept {
  readonly last: LastSeen;
  readonly doubts: Doubts;
}

export const NOTHING_KEPT: Kept = { last: NOTHING_SEEN, doubts: new Map() };

/** Others may record at the same time; each time one of them was faster, what is left is decided anew. */
const MOST_TRIES = 5;

/** What was seen of a release's gates, oldest first. `after`: only later entries. */
export async function sightingsOf(app: App, release: ReleaseVersion, after = 0): Promise<readonly LedgerEntry[]> {
  const ledger = await app.ledger();
  return ledger.read({ train: app.loaded.train.train, release, types: ['gates-judged'], after });
}

/** Judges the gates of a release, and writes down what differs from what was last written down. */
export async function recordVerdicts(
  app: App,
  release: ReleaseVersion,
  kept: Kept,
): Promise<Kept & { readonly recorded: LedgerEntry | null }> {
  const look = await lookAt(app, release);
  const [ledger, actor] = [await app.ledger(), await app.who()];
  let { last } = kept;
  for (let times = 0; times < MOST_TRIES; times += 1) {
    last = lastSeen(await sightingsOf(app, release, last.seq ?? 0), last);
    const { event, doubts } = decideChanges(look, last, kept.doubts);
    if (event === null) return { last, doubts, recorded: null };
    const [recorded] = await ledger.append(app.loaded.train.train, [{ at: look.at, actor, event }], {
      release,
      type: event.type,
      newest: last.seq,
    });
    if (recorded !== undefined) return { last: lastSeen([recorded], last), doubts, recorded };
  }
  return { last, doubts: kept.doubts, recorded: null };
}

async function lookAt(app: App, release: ReleaseVersion): Promise<Look> {
  const [status, picks] = await Promise.all([
    releaseStatus(app, release),
    observe('picks', app.clock.now(), () => standingPicks(app, release)),
  ]);
  const open = picks.known ? picks.value.filter(({ state }) => pickWaits(state)) : [];
  return {
    release,
    at: status.at,
    gates: status.judged.filter((gate) => !isDecision(gate)),
    blocking: status.blocking,
    picks: picks.known
      ? { open: open.length, waiting: open.filter(({ state }) => waitsForPerson(state)).length }
      : null,
    readable: status.repos.every(({ refs }) => refs.known),
  };
}

/** Nothing goes on with the pick by itself: its change waits for no merge, and its jobs do not run. */
function waitsForPerson(state: Parameters<typeof pickWaits>[0]): boolean {
  return state !== 'waits-for-merge' && state !== 'in-ci';
}
