import { randomBytes } from 'node:crypto';

/** A secret of 256 bits, in letters that need no quoting anywhere. */
export function newSecret(): string {
  return randomBytes(32).toString('base64url');
}

/** A short name for something that has a secret; no secret itself. */
export function newName(): string {
  return randomBytes(6).toString('hex');
}
