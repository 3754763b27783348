import type { Due } from './due.ts';
import type { Instant } from './instant.ts';
import type { Ask, AskName } from './train/asks.ts';

/** How an ask was sent: an issue that is there, or what a person recorded. */
export interface AskSent {
  readonly how: 'issue' | 'recorded';
  readonly at: Instant;
  readonly by: string;
  readonly link: string | null;
  /** `#12`, or what the person noted. */
  readonly text: string;
}

/** One thing that shows whether the ask is done, as it is now. */
export interface AskEvidence {
  readonly state: 'holds' | 'open' | 'unknown';
  readonly text: string;
  readonly link: string | null;
  readonly source: string;
  readonly at: Instant;
}

/**
 * `not-yet`: it may not be asked before something happened. `to-send`: it may, and was not. `sent`: the addressee's turn. `done`: everything that shows it is
 * there. `unknown`: what shows it, or whether it was sent, could not be read.
 */
export type AskState = 'not-yet' | 'to-send' | 'sent' | 'done' | 'unknown';

/** What is sent, filled in; or what is not known yet that belongs into it. */
export type AskText =
  | { readonly filled: true; readonly title: string; readonly body: string }
  | { readonly filled: false; readonly title: string; readonly missing: readonly string[] };

/** An ask as the world and the ledger show it. Nothing of it is remembered: done is observed each time. */
export interface AskStanding {
  readonly name: AskName;
  readonly ask: Ask;
  readonly state: AskState;
  readonly due: Due;
  /** Whether its day is over and it is not done. */
  readonly late: boolean;
  readonly owners: readonly string[];
  readonly text: AskText;
  readonly sent: AskSent | null;
  readonly evidence: readonly AskEvidence[];
  /** Where the links of its text lead; null where nobody looked. */
  readonly links: readonly AskEvidence[] | null;
  /** Why it may not be asked yet, or why the state is unknown. */
  readonly why: string | null;
}

/** What people call the states, with what they look like on a gate. */
export const ASK_WORDS: Record<AskState, string> = {
  'not-yet': 'not yet',
  'to-send': 'to be sent',
  sent: 'sent',
  done: 'done',
  unknown: 'no data',
};
