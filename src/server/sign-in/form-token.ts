import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/** What the forms of a session carry: made from a key that only its browser holds, and the same while the session's secret changes. */
export function formTokenOf(formKey: string): string {
  return createHmac('sha256', formKey).update('signalbox form').digest('base64url');
}

const digest = (text: string): Buffer => createHash('sha256').update(text, 'utf8').digest();

/** Whether two secrets are the same; takes the same time wherever they differ. */
export function isSame(left: string, right: string): boolean {
  return timingSafeEqual(digest(left), digest(right));
}
