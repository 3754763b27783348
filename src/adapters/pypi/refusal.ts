import type { SendAnswer } from '../http/send.ts';

const LONGEST = 400;
/** What stands beside a status by itself, and says nothing more. */
const PLAIN = new Set([
  '',
  'bad request',
  'forbidden',
  'unauthorized',
  'payload too large',
  'content too large',
  'conflict',
  'not found',
]);

/** Why the index said no, in its own words: from beside the status, where the legacy API puts it, or from the page. Shortened, secrets taken out. */
export function refusalText({ status, reason, body }: SendAnswer, secrets: readonly string[]): string {
  const beside = PLAIN.has(reason.trim().toLowerCase()) ? '' : reason;
  const text = beside === '' ? pageText(body) : beside;
  const said = shortened(withoutSecrets(text, secrets));
  return `the index answers ${status}${said === '' ? '' : `: ${said}`}`;
}

/** The text of a page without its tags; what is no text stays out. */
function pageText(body: Uint8Array): string {
  const html = new TextDecoder().decode(body);
  return html
    .replaceAll(/<(?:head|style|script)\b[\s\S]*?<\/(?:head|style|script)>/gi, ' ')
    .replaceAll(/<[^>]{0,500}>/g, ' ')
    .replaceAll('&#39;', "'")
    .replaceAll('&quot;', '"')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}

/** On one line, and no longer than people read. */
export function shortened(text: string): string {
  const flat = text.replaceAll(/[\p{Cc}\u{FFFD}\s]+/gu, ' ').trim();
  return flat.length > LONGEST ? `${flat.slice(0, LONGEST)}…` : flat;
}

/** A server may send back what it was sent. */
export function withoutSecrets(text: string, secrets: readonly string[]): string {
  return secrets.reduce((left, secret) => (secret === '' ? left : left.replaceAll(secret, '***')), text);
}
