import { neutral } from '../domain/plain-text.ts';

/** Blanks, controls and backslashes: browsers drop or turn them, and `/\host` or `/<tab>/host` would lead elsewhere. */
const TRICKS = /[\s\\\p{Cc}]/u;

/** An https address without a login in it, as the browser will read it. */
function isHttps(href: string): boolean {
  if (!/^https:\/\/[^/?#]/u.test(href) || !URL.canParse(href)) return false;
  const { username, password } = new URL(href);
  return username === '' && password === '';
}

/** Whether a link of data may be followed: a path of ours, a query or a place on the same page, or an https address. */
export function mayBeFollowed(href: string): boolean {
  if (TRICKS.test(href) || neutral(href) !== href) return false;
  return /^(?:\/(?!\/)|[?#])/u.test(href) || isHttps(href);
}

/** Whether a form may be posted there: a path of ours only. */
export function mayBePostedTo(href: string): boolean {
  return mayBeFollowed(href) && href.startsWith('/');
}

/** Whether a link leaves the server. */
export function leaves(href: string): boolean {
  return href.startsWith('https:');
}

/** The query of this page with some members changed (null: without it), as a link that stays on the page. */
export function queryWith(
  query: Readonly<Record<string, string>>,
  change: Readonly<Record<string, string | null>>,
): string {
  const members = Object.entries({ ...query, ...change }).filter(
    (member): member is [string, string] => member[1] !== null,
  );
  return `?${members.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join('&')}`;
}
