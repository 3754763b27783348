import type { Instant } from '../domain/instant.ts';
import type { NoticeChoice } from '../domain/notice-choice.ts';
import type { Outgoing } from '../domain/notice-timing.ts';

/** `waiting`: to be sent. `dropped`: what waited was done before it was told. `nowhere`: it cannot be told; `why` says it. */
export type NoticeState = 'waiting' | 'sent' | 'dropped' | 'nowhere';

/** A notice as it is kept: what was told to whom, or is to be. */
export interface KeptNotice extends Outgoing {
  readonly state: NoticeState;
  readonly decidedAt: Instant;
  /** When a process last began to send it; null for never, or when that try is over. */
  readonly begunAt: Instant | null;
  /** When it was sent or dropped. */
  readonly settledAt: Instant | null;
}

/** How far the ledger was followed, and what was known then: the follower's own words. */
export interface Followed {
  /** Counts up with each step. */
  readonly version: number;
  readonly state: unknown;
}

/** What people wish, by login; logins do not differ by case. Nothing of it is in the ledger. */
export interface NoticeChoices {
  get(login: string): Promise<NoticeChoice | null>;
  all(): Promise<ReadonlyMap<string, NoticeChoice>>;
  set(login: string, choice: NoticeChoice, at: Instant): Promise<void>;
}

/** Notices on their way, of one train. Failures of the database throw `LedgerError`. */
export interface NoticeBox {
  readonly choices: NoticeChoices;
  /** Null before the first step. */
  followed(): Promise<Followed | null>;
  /**
   * One step: the new state, and the notices that came of it, all or none. `from` is the version it rests on, null for none; false, and nothing is kept, when
   * another process was first. A notice that is there already is left as it is, but for one that could not be told and now can be.
   */
  advance(from: number | null, step: NoticeStep): Promise<boolean>;
  /** What waits and may be told now, oldest first. */
  due(now: Instant): Promise<readonly KeptNotice[]>;
  /** Marks as begun those that wait and that nobody began since `staleBefore`; answers them as they were before. */
  begin(ids: readonly string[], now: Instant, staleBefore: Instant): Promise<readonly KeptNotice[]>;
  /** Ends a try. `waiting` gives it back, with why. */
  settle(ids: readonly string[], end: NoticeEnd): Promise<void>;
  /** Newest first, of one person or of all. */
  list(only: {
    readonly who?: string;
    readonly state?: NoticeState;
    readonly last: number;
  }): Promise<readonly KeptNotice[]>;
  /** Forgets what was settled before this moment; returns how many. */
  forget(before: Instant): Promise<number>;
}

export interface NoticeStep {
  readonly state: unknown;
  readonly notices: readonly Outgoing[];
  readonly at: Instant;
}

export interface NoticeEnd {
  readonly state: 'waiting' | 'sent' | 'dropped';
  readonly why: string | null;
  readonly at: Instant;
}
