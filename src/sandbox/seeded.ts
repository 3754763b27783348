import { createHash } from 'node:crypto';

/** A repeatable stream of choices: the same seed makes the same choices in the same order. */
export interface Choices {
  /** A whole number from 0 up to, not including, `limit`. */
  below(limit: number): number;
  pick<T>(items: readonly [T, ...T[]]): T;
}

export function makeChoices(seed: string): Choices {
  let state = createHash('sha256').update(seed).digest().readUInt32LE(0);
  const next = () => {
    // mulberry32: small, good enough for believable worlds.
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const below = (limit: number) => Math.floor(next() * limit);
  return { below, pick: (items) => items[below(items.length)] ?? items[0] };
}
