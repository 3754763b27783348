/** A seeded source of numbers (mulberry32): the same seed gives the same repository on every machine. */
export interface Random {
  /** From 0, below the limit. */
  readonly below: (limit: number) => number;
  readonly chance: (share: number) => boolean;
  readonly pick: <T>(list: readonly [T, ...T[]]) => T;
  readonly word: () => string;
}

const SYLLABLES = [
  'ba',
  'ro',
  'ti',
  'ke',
  'lu',
  'mon',
  'sar',
  'vel',
  'dex',
  'pin',
  'gor',
  'nal',
  'fum',
  'wis',
] as const;

export function seeded(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const below = (limit: number): number => Math.floor(next() * limit);
  return {
    below,
    chance: (share) => next() < share,
    pick: (list) => list[below(list.length)] ?? list[0],
    word: () => Array.from({ length: 2 + below(2) }, () => SYLLABLES[below(SYLLABLES.length)]).join(''),
  };
}
