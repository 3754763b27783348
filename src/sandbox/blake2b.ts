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

/** Words at work: 64 bits each, as low and high halves. */
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
    const order = ORDER[round % 10] ?? ORDER[0];
    // Columns, then diagonals.
    for (let step = 0; step < 8; step += 1) {
      const shift = step < 4 ? 0 : 1;
      const column = step & 3;
      const b = 4 + ((column + shift) & 3);
      const c = 8 + ((column + shift * 2) & 3);
      const d = 12 + ((column + shift * 3) & 3);
      half(column * 2, b * 2, c * 2, d * 2, (order[step * 2] ?? 0) * 2, true);
      half(column * 2, b * 2, c * 2, d * 2, (order[step * 2 + 1] ?? 0) * 2, false);
    }
  }
  for (let at = 0; at < 16; at += 1) state[at] = (state[at] ?? 0) ^ (words[at] ?? 0) ^ (words[at + 16] ?? 0);
}
/* oxlint-enable no-param-reassign */

/** Half of a mixing of four words with one of the message; places are those of the low halves. */
// oxlint-disable-next-line max-params -- called hundreds of times for each block: no object is made for it
function half(a: number, b: number, c: number, d: number, of: number, isFirst: boolean): void {
  let bLow = words[b] ?? 0;
  let bHigh = words[b + 1] ?? 0;
  let sum = (words[a] ?? 0) + bLow + (message[of] ?? 0);
  const aLow = sum >>> 0;
  const aHigh = ((words[a + 1] ?? 0) + bHigh + (message[of + 1] ?? 0) + ((sum / 0x1_0000_0000) | 0)) >>> 0;
  const low = (words[d] ?? 0) ^ aLow;
  const high = (words[d + 1] ?? 0) ^ aHigh;
  // To the right by 32 bits, or by 16.
  const dLow = isFirst ? high : (low >>> 16) | (high << 16);
  const dHigh = isFirst ? low : (high >>> 16) | (low << 16);
  sum = (words[c] ?? 0) + (dLow >>> 0);
  const cLow = sum >>> 0;
  const cHigh = ((words[c + 1] ?? 0) + (dHigh >>> 0) + (sum > 0xffff_ffff ? 1 : 0)) >>> 0;
  bLow ^= cLow;
  bHigh ^= cHigh;
  // To the right by 24 bits, or by 63, which is to the left by one.
  words[b] = isFirst ? (bLow >>> 24) | (bHigh << 8) : (bLow << 1) | (bHigh >>> 31);
  words[b + 1] = isFirst ? (bHigh >>> 24) | (bLow << 8) : (bHigh << 1) | (bLow >>> 31);
  words[a] = aLow;
  words[a + 1] = aHigh;
  words[c] = cLow;
  words[c + 1] = cHigh;
  words[d] = dLow;
  words[d + 1] = dHigh;
}
