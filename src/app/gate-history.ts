import { eventText } from '../domain/event-text.ts';
import type { Instant } from '../domain/instant.ts';
import type { LedgerEntry, LedgerEvent } from '../domain/ledger-event.ts';
import type { ReleaseVersion } from '../domain/version.ts';
import type { App } from './app.ts';
import { entriesOf } from './record.ts';

/** Something the ledger holds about a gate: a decision, or evidence that people recorded. Verdicts are judged afresh and never kept there. */
export interface GateEvent {
  readonly seq: number;
  readonly at: Instant;
  readonly actor: string;
  readonly what: 'waived' | 'waiver-ended' | 'signed' | 'proved' | 'refused';
  /** One sentence without its subject. */
  readonly text: string;
}

/** What was decided and recorded about a gate of a release, newest first. */
export async function gateHistory(app: App, release: ReleaseVersion, gate: string): Promise<readonly GateEvent[]> {
  const entries = await entriesOf(app, release);
  return entries
    .flatMap((entry): readonly GateEvent[] => {
      const what = aboutGate(entry.event, gate);
      return what === null ? [] : [eventOf(entry, what)];
    })
    .toReversed();
}

function eventOf({ seq, at, actor, event }: LedgerEntry, what: GateEvent['what']): GateEvent {
  return { seq, at, actor, what, text: eventText(event) };
}

function aboutGate(event: LedgerEvent, gate: string): GateEvent['what'] | null {
  if (event.type === 'refused') return event.what === `gate waive ${gate}` ? 'refused' : null;
  if (!('gate' in event) || event.gate !== gate) return null;
  switch (event.type) {
    case 'gate-waived':
      return 'waived';
    case 'gate-waiver-ended':
      return 'waiver-ended';
    case 'gate-signed':
      return 'signed';
    case 'evidence-recorded':
      return 'proved';
  }
}
