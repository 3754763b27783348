import { createHmac, timingSafeEqual } from 'node:crypto';

/** What the forge signs a body with, as it stands in the header. */
export function signatureOf(secret: string, body: Uint8Array): string {
  return `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
}

/**
 * Whether the header is the signature of exactly these bytes. Takes the same time whatever is wrong, so that nobody finds a signature by
 * measuring.
 */
export function isSigned(secret: string, body: Uint8Array, header: string | undefined): boolean {
  const expected = Buffer.from(signatureOf(secret, body));
  const given = Buffer.from(header ?? '');
  // Of another length it cannot be one; what is compared then is of no interest, but takes its time.
  const sameLength = given.length === expected.length;
  return timingSafeEqual(expected, sameLength ? given : Buffer.alloc(expected.length)) && sameLength;
}
