/** A seeded source of numbers below a limit. */
export type Dice = (below: number) => number;

/** The same seed gives the same numbers (mulberry32). */
export function diceOf(seed: number): Dice {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % Math.max(1, below);
  };
}

const NUMBERS = [0, 1, 2, 8, 0x7f, 0x80, 0xff, 0x7fff, 0xffff, 0x10000, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff];

/** Places where a zip has a structure: most mutations should hit one, since most bytes are content. */
function structures(bytes: Buffer): readonly number[] {
  const found: number[] = [];
  for (let at = bytes.indexOf('PK'); at !== -1; at = bytes.indexOf('PK', at + 2)) found.push(at);
  return found;
}

function place(bytes: Buffer, dice: Dice): number {
  const known = structures(bytes);
  const near = known[dice(known.length)];
  return near === undefined || dice(4) === 0 ? dice(bytes.length) : Math.min(bytes.length - 1, near + dice(50));
}

function setNumber(bytes: Buffer, dice: Dice): Buffer {
  const value = dice(3) === 0 ? dice(bytes.length * 2) : (NUMBERS[dice(NUMBERS.length)] ?? 0);
  const at = place(bytes, dice);
  const changed = Buffer.from(bytes);
  if (dice(2) === 0) changed.writeUInt16LE(value & 0xffff, Math.min(at, bytes.length - 2));
  else changed.writeUInt32LE(value >>> 0, Math.min(at, bytes.length - 4));
  return changed;
}

function mutateOnce(bytes: Buffer, other: Buffer, dice: Dice): Buffer {
  if (bytes.length < 8) return other;
  const at = place(bytes, dice);
  const length = 1 + dice(Math.min(64, bytes.length - at));
  switch (dice(9)) {
    case 0:
    case 1:
    case 2:
      return setNumber(bytes, dice);
    case 3: {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ (1 << dice(8));
      return changed;
    }
    case 4:
      return bytes.subarray(0, at);
    case 5:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + length)]);
    case 6:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at, at + length), bytes.subarray(at)]);
    case 7: {
      const from = place(other, dice);
      return Buffer.concat([
        bytes.subarray(0, at),
        other.subarray(from, from + length),
        bytes.subarray(at + dice(2) * length),
      ]);
    }
    default:
      return Buffer.concat([bytes.subarray(0, at), other.subarray(place(other, dice))]);
  }
}

/** One of these files, changed in one place or a few. */
export function mutate(corpus: readonly Uint8Array[], dice: Dice): Buffer {
  const pick = (): Buffer => Buffer.from(corpus[dice(corpus.length)] ?? []);
  let bytes = pick();
  for (let count = 1 + dice(3); count > 0; count -= 1) bytes = mutateOnce(bytes, pick(), dice);
  return bytes;
}
