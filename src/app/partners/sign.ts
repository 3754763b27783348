import { createHmac } from 'node:crypto';

/** What is signed, as Standard Webhooks has it: id, seconds and the exact bytes of the body. */
export interface Signed {
  readonly id: string;
  readonly timestamp: number;
  readonly body: string;
}

/** `v1,BASE64` of one secret, which is `whsec_` and its bytes in base64. */
export function signatureOf({ id, timestamp, body }: Signed, secret: string): string {
  const key = Buffer.from(secret.replace(/^whsec_/u, ''), 'base64');
  return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`;
}
