import type { Instant } from '../domain/instant.ts';

/** What a page showed from a moment on. */
export interface KeptView {
  /** When it was read. */
  readonly at: Instant;
  /** When the oldest of what it rests on was read. */
  readonly asOf: Instant;
  readonly stale: boolean;
  readonly version: string;
  /** Plain JSON. */
  readonly data: unknown;
}

/**
 * What pages showed, by moment: for looking back, and never for deciding. The world of a past moment cannot be observed again; what was shown of
 * it can. All of it may be deleted at any time.
 */
export interface ViewHistory {
  /** Keeps a view, unless the newest of its page has the same version. */
  keep(train: string, page: string, view: KeptView): Promise<void>;
  /** The newest view of a page at a moment; null when none had been kept by then. */
  at(train: string, page: string, moment: Instant): Promise<KeptView | null>;
  /** Forgets views that were followed by another before this moment; returns how many. */
  forget(train: string, before: Instant): Promise<number>;
}
