import { eventText } from '../../domain/event-text.ts';
import type { Gate, Verdict } from '../../domain/gate.ts';
import type { Instant } from '../../domain/instant.ts';
import type { LedgerEntry, LedgerEvent } from '../../domain/ledger-event.ts';
import { STATE_WORDS } from '../../domain/state.ts';
import type { ReleaseVersion } from '../../domain/version.ts';
import type { App } from '../app.ts';
import { entriesOf } from '../record.ts';
import { lastSeen, verdictsOf, type SeenVerdict } from './fold.ts';
import { sightingsOf } from './record.ts';

/** Something the ledger holds about a gate: a decision, evidence that people recorded, or a verdict that was seen to turn. */
export interface GateEvent {
  readonly seq: number;
  readonly at: Instant;
  readonly actor: string;
  readonly what: 'waived' | 'waiver-ended' | 'signed' | 'sign-off-revoked' | 'proved' | 'refused' | 'turned';
  /** One sentence without its subject. */
  readonly text: string;
  /** What a verdict turned to; null for decisions. */
  readonly verdict: Verdict | null;
}

/** What was decided and recorded about a gate of a release, and the verdicts it was seen to have, newest first. */
export async function gateHistory(app: App, release: ReleaseVersion, gate: string): Promise<readonly GateEvent[]> {
  const [entries, sightings] = [await entriesOf(app, release), await sightingsOf(app, release)];
  const decided = entries.flatMap((entry): readonly GateEvent[] => {
    const what = aboutGate(entry.event, gate);
    return what === null ? [] : [eventOf(entry, what)];
  });
  const turned = verdictsOf(sightings, gate).map(turnOf);
  return [...decided, ...turned].toSorted((one, other) => other.seq - one.seq);
}

/** The gates with the moment since which they were seen to be as they are, where their evidence does not tell it. */
export async function withSince<Known extends Gate>(
  app: App,
  release: ReleaseVersion,
  gates: readonly Known[],
): Promise<readonly Known[]> {
  if (gates.every(({ since }) => since !== null)) return gates;
  const { verdicts } = lastSeen(await sightingsOf(app, release));
  return gates.map((gate) => {
    const seen = verdicts.get(gate.id);
    return gate.since === null && seen?.verdict === gate.verdict ? { ...gate, since: seen.since } : gate;
  });
}

function turnOf({ seq, at, actor, from, to, why, blocking }: SeenVerdict): GateEvent {
  const turn = from === null ? `was first seen as ${STATE_WORDS[to].word}` : `turned from ${STATE_WORDS[from].word}`;
  const text = `${turn}${blocking ? ', blocking' : ''}${why === '' ? '' : `: ${why}`}`;
  return { seq, at, actor, what: 'turned', text, verdict: to };
}

function eventOf({ seq, at, actor, event }: LedgerEntry, what: GateEvent['what']): GateEvent {
  return { seq, at, actor, what, text: eventText(event), verdict: null };
}

function aboutGate(event: LedgerEvent, gate: string): GateEvent['what'] | null {
  if (event.type === 'refused')
    return [`gate waive ${gate}`, `gate sign ${gate}`].includes(event.what) ? 'refused' : null;
  if (!('gate' in event) || event.gate !== gate) return null;
  switch (event.type) {
    case 'gate-waived':
      return 'waived';
    case 'gate-waiver-ended':
      return 'waiver-ended';
    case 'gate-signed':
      return 'signed';
    case 'gate-sign-off-revoked':
      return 'sign-off-revoked';
    case 'evidence-recorded':
      return 'proved';
  }
}
