import { createHash } from 'node:crypto';
import { z } from 'zod';

/** What is kept of a secret that was made here: its SHA-256. The secrets are random and long, so that nothing slower is needed. */
export const SecretHash = z
  .string()
  .regex(/^[0-9a-f]{64}$/)
  .brand<'SecretHash'>();
export type SecretHash = z.infer<typeof SecretHash>;

export function hashOfSecret(secret: string): SecretHash {
  return SecretHash.parse(createHash('sha256').update(secret, 'utf8').digest('hex'));
}
