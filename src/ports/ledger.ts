import type { Instant } from '../domain/instant.ts';
import type { LedgerDraft, LedgerEntry, LedgerEvent } from '../domain/ledger-event.ts';
import type { LedgerFault } from '../domain/ledger-chain.ts';
import type { Digest } from '../domain/canonical-json.ts';

/** Which entries to read; all conditions must hold. */
export interface LedgerQuery {
  readonly train: string;
  /** Only entries after this sequence number. */
  readonly after?: number;
  /** Only entries before this sequence number. */
  readonly before?: number;
  /** Only entries about this release, and those about the whole train, which bear on every release. */
  readonly release?: string;
  readonly types?: readonly LedgerEvent['type'][];
  /** At most so many, the newest ones, still oldest first. */
  readonly last?: number;
}

/** What must be so for an append to be made: the newest entry of this type about this release is the one with this number (null: there is none). */
export interface LedgerExpectation {
  readonly release: string;
  readonly type: LedgerEvent['type'];
  readonly newest: number | null;
}

export interface LedgerCheck {
  readonly entries: number;
  readonly head: Digest | null;
  readonly faults: readonly LedgerFault[];
}

/** The append-only record of a train. Nothing in it is ever changed or removed. */
export interface Ledger {
  /**
   * Appends in order, all or none; returns only when it is safely stored. Writers of one train are serialised. Where somebody else was faster than what is
   * expected, nothing is stored and none is given back.
   */
  append(train: string, drafts: readonly LedgerDraft[], expected?: LedgerExpectation): Promise<readonly LedgerEntry[]>;
  /** Oldest first. */
  read(query: LedgerQuery): Promise<readonly LedgerEntry[]>;
  /** Reads every entry again, as stored, and checks hashes, links and sequence. */
  verify(train: string): Promise<LedgerCheck>;
  /** Puts exported entries into a train that has none, hashes kept; refuses entries that do not verify. */
  restore(train: string, entries: readonly LedgerEntry[]): Promise<void>;
  /** Trains that have entries. */
  trains(): Promise<readonly string[]>;
}

/** Who holds a lock, so that the other can be told. */
export interface LeaseHolder {
  readonly holder: string;
  readonly since: Instant;
}

export type LeaseAnswer =
  | { readonly taken: true; readonly lease: Lease }
  | { readonly taken: false; readonly by: LeaseHolder };

/** A lock that ends by itself when its process does. */
export interface Lease {
  /** Whether it is still held: false once another person broke it or the database went away. */
  isHeld(): Promise<boolean>;
  release(): Promise<void>;
}

/** One lease per (train, key), visible and breakable. */
export interface Leases {
  take(train: string, key: string, holder: LeaseHolder): Promise<LeaseAnswer>;
  holders(train: string): Promise<readonly { readonly key: string; readonly by: LeaseHolder }[]>;
  /** Takes the lock away from its holder, who finds out before its next step. The reason goes to the ledger by the caller. */
  breakLease(train: string, key: string): Promise<boolean>;
}

/**
 * The ledger failed or said no; the message says what to do.
 * `unavailable`: the database cannot be reached, or went away. `full`: no room on its disk. `not-allowed`: it lets us not in, or not do this.
 * `invalid`: what was given is not fit for the ledger. `refused`: fit, but not here (a train that has entries already).
 * `damaged`: what is stored is not what was written. `unsupported`: a platform, server or schema version that this release does not know.
 * `failed`: anything else.
 */
export class LedgerError extends Error {
  readonly code: 'unavailable' | 'full' | 'not-allowed' | 'invalid' | 'refused' | 'damaged' | 'unsupported' | 'failed';
  /** Whether what was to be appended may be stored all the same: the connection was lost before the answer. Read before trying again. */
  readonly maybeStored: boolean;
  constructor(code: LedgerError['code'], message: string, options?: ErrorOptions & { readonly maybeStored?: boolean }) {
    super(message, options);
    this.name = 'LedgerError';
    this.code = code;
    this.maybeStored = options?.maybeStored ?? false;
  }
}
