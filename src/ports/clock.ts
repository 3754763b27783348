import type { Instant } from '../domain/instant.ts';

/** The only way to ask what time it is. */
export interface Clock {
  /** The present moment, UTC. May jump, also backwards: nothing may rest on its order; the ledger's order is its sequence. */
  now(): Instant;
}
