/** A running BLAKE2b (RFC 7693) of any length up to 64 bytes: Node's own has 64 bytes only, and package indexes use 32. */
export interface Blake2b {
  update(bytes: Uint8Array): Blake2b;
  /** In hexadecimal; ends it. */
  digest(): string;
}

const BLOCK = 128;
/** The start, as low and high halves of eight words. */
const START = new Uint32Array([
  0xf3bcc908, 0x6a09e667, 0x84caa73b, 0xbb67ae85, 0xfe94f82b, 0x3c6ef372, 0x5f1d36f1, 0xa54ff53a, 0xade682d1,
  0x510e527f, 0x2b3e6c1f, 0x9b05688c, 0xfb41bd6b, 0x1f83d9ab, 0x137e2179, 0x5be0cd19,
]);
/** Which word of the block each round mixes in where. */
const ORDER = [
  [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
  [14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3],
  [11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4],
  [7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8],
  [9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13],
  [2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9],
  [12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11],
  [13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10],
  [6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5],
  [10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0],
] as const;
const ROUNDS = 12;
/** Which four words each step of a round mixes: columns, then diagonals. */
const STEPS = [
  [0, 4, 8, 12],
  [1, 5, 9, 13],
  [2, 6, 10, 14],
  [3, 7, 11, 15],
  [0, 5, 10, 15],
  [1, 6, 11, 12],
  [2, 7, 8, 13],
  [3, 4, 9, 14],
] as const;

export function blake2b(length: number): Blake2b {
  const state = Uint32Array.from(START);
  state[0] = (state[0] ?? 0) ^ 0x01010000 ^ length;
  const block = new Uint8Array(BLOCK);
  let [filled, total] = [0, 0];
  const made: Blake2b = {
    update(bytes) {
      for (let at = 0; at < bytes.length;) {
        // The last block is marked, so that a full one waits for what comes.
        if (filled === BLOCK) {
          total += BLOCK;
          compress(state, block, total, false);
          filled = 0;
        }
        const count = Math.min(BLOCK - filled, bytes.length - at);
        block.set(bytes.subarray(at, at + count), filled);
        [filled, at] = [filled + count, at + count];
      }
      return made;
    },
    digest() {
      block.fill(0, filled);
      compress(state, block, total + filled, true);
      return Buffer.from(state.buffer).subarray(0, length).toString('hex');
    },
  };
  return made;
}

const words = new Uint32Array(32);
const message = new Uint32Array(32);

/* oxlint-disable no-param-reassign -- the state is worked on in place, as everywhere this is done */
function compress(state: Uint32Array, block: Uint8Array, total: number, isLast: boolean): void {
  words.set(state);
  words.set(START, 16);
  words[24] = (words[24] ?? 0) ^ total;
  words[25] = (words[25] ?? 0) ^ Math.floor(total / 2 ** 32);
  if (isLast) {
    words[28] = ~(words[28] ?? 0);
    words[29] = ~(words[29] ?? 0);
  }
  const view = new DataView(block.buffer);
  for (let at = 0; at < 32; at += 1) message[at] = view.getUint32(at * 4, true);
  for (let round = 0; round < ROUNDS; round += 1) {
    const order = ORDER[round % ORDER.length] ?? ORDER[0];
    STEPS.forEach(([a, b, c, d], step) => {
      add(a, b, order[step * 2] ?? 0);
      turn(d, a, 32);
      add(c, d, null);
      turn(b, c, 24);
      add(a, b, order[step * 2 + 1] ?? 0);
      turn(d, a, 16);
      add(c, d, null);
      turn(b, c, 63);
    });
  }
  for (let at = 0; at < 16; at += 1) state[at] = (state[at] ?? 0) ^ (words[at] ?? 0) ^ (words[at + 16] ?? 0);
}

/* oxlint-enable no-param-reassign */

/** Adds a word, and one of the message, to another: 64 bits in two halves. */
function add(to: number, from: number, of: number | null): void {
  const low = (words[to * 2] ?? 0) + (words[from * 2] ?? 0) + (of === null ? 0 : (message[of * 2] ?? 0));
  const high = (words[to * 2 + 1] ?? 0) + (words[from * 2 + 1] ?? 0) + (of === null ? 0 : (message[of * 2 + 1] ?? 0));
  words[to * 2] = low;
  words[to * 2 + 1] = high + Math.floor(low / 2 ** 32);
}

/** Mixes a word into another and turns it to the right by so many bits. */
function turn(to: number, from: number, bits: 16 | 24 | 32 | 63): void {
  const low = (words[to * 2] ?? 0) ^ (words[from * 2] ?? 0);
  const high = (words[to * 2 + 1] ?? 0) ^ (words[from * 2 + 1] ?? 0);
  // 63 to the right is one to the left.
  const [right, swapped] = bits === 63 ? [31, true] : [bits % 32, bits === 32];
  const [first, second] = swapped ? [high, low] : [low, high];
  words[to * 2] = right === 0 ? first : (first >>> right) | (second << (32 - right));
  words[to * 2 + 1] = right === 0 ? second : (second >>> right) | (first << (32 - right));
}
