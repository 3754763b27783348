/** Even numbers from 0 up to `below`, not included. */
export type Draw = (below: number) => number;

/**
 * Numbers that look like chance and are the same each time for one seed: xoshiro128** (Blackman and Vigna), its state filled by splitmix32. A verdict
 * must not change because somebody looked again.
 */
export function drawsOf(seed: number): Draw {
  const next = splitmix(seed);
  let [a, b, c, d] = [next(), next(), next(), next()];
  return (below) => {
    const scrambled = Math.imul(rotate(Math.imul(b, 5), 7), 9) >>> 0;
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = rotate(d, 11);
    return Math.floor((scrambled / 0x1_0000_0000) * below);
  };
}

function rotate(value: number, by: number): number {
  return (value << by) | (value >>> (32 - by));
}

function splitmix(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return (mixed ^ (mixed >>> 15)) >>> 0;
  };
}

/** A seed out of a text (FNV-1a). */
export function seedOf(text: string): number {
  let hash = 0x811c9dc5;
  for (const char of text) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193);
  return hash >>> 0;
}
