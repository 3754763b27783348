import { ForgeError } from '../../ports/forge.ts';

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host);
}

/** An address of GitHub that may be called with a secret: encrypted, or on this machine. `what` names it for people. */
export function checkedAddress(text: string, what: string): URL {
  const bad = (why: string): ForgeError => {
    const next = 'Write it as https://HOST, without a user name or a query.';
    return new ForgeError('invalid', `GitHub: the ${what} ${why}. ${next}`);
  };
  if (!URL.canParse(text)) throw bad('is none');
  const url = new URL(text);
  if (url.username !== '' || url.password !== '') throw bad('holds a user name or password');
  if (url.search !== '' || url.hash !== '') throw bad('has a query');
  if (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname))) return url;
  throw bad(`"${url.protocol}//${url.host}" is not encrypted`);
}
