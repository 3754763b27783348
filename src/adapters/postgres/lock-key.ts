import { createHash } from 'node:crypto';

/** The number of an advisory lock, from what it locks: 64 bits of a hash, signed, as text. */
export function lockKey(...names: readonly string[]): string {
  return createHash('sha256')
    .update(JSON.stringify(['signalbox', ...names]))
    .digest()
    .readBigInt64BE(0)
    .toString();
}
