import { LinkError, type LinkLooker } from '../../ports/link-looker.ts';
import { HttpFailure } from '../http/exchange.ts';
import { isPublicAddress, literalAddress, publicLookup } from '../http/public-address.ts';
import { send, type SendAnswer } from '../http/send.ts';
import { systemTimers, type Timers } from '../http/timers.ts';

/** A page need not be read to know that it is there; a server that says nothing for so long is not there for readers either. */
const LIMITS = { idle: 15_000, bytes: 2 * 1024 * 1024 };
const HOPS = 5;
/** What servers answer that do not know HEAD, or take it for a machine's. */
const HEAD_REFUSED: ReadonlySet<number> = new Set([400, 403, 404, 405, 501]);

/** Looks at links over HTTP. A name is looked up once: what was looked at is what is called. */
export function httpLinks({ timers = systemTimers }: { readonly timers?: Timers } = {}): LinkLooker {
  return {
    async look(address, own) {
      let url = new URL(address);
      for (let hop = 0; hop <= HOPS; hop += 1) {
        const answer = await lookOnce(url, own, timers);
        const to = locationOf(url, answer);
        if (to === null) return { status: answer.status };
        url = to;
      }
      throw new LinkError('circles', `it redirects in circles, or more than ${HOPS} times`);
    },
  };
}

async function lookOnce(url: URL, own: ReadonlySet<string>, timers: Timers): Promise<SendAnswer> {
  const head = await ask('HEAD', url, { own, timers });
  return HEAD_REFUSED.has(head.status) ? ask('GET', url, { own, timers }) : head;
}

async function ask(
  method: 'HEAD' | 'GET',
  url: URL,
  { own, timers }: { readonly own: ReadonlySet<string>; readonly timers: Timers },
): Promise<SendAnswer> {
  if (!['http:', 'https:'].includes(url.protocol) || url.username !== '' || url.password !== '')
    throw new LinkError('not-public', `${url.protocol}//${url.host} is no address that readers are sent to`);
  const isOwn = own.has(url.host);
  const literal = literalAddress(url);
  if (!isOwn && literal !== null && !isPublicAddress(literal))
    throw new LinkError('not-public', `${url.host} is no public address, and no host of the train`);
  const headers = { 'user-agent': 'signalbox', accept: '*/*' };
  const request = { method, url, headers, length: 0, body: [], ...(isOwn ? {} : { lookup: publicLookup() }) };
  try {
    return await send(request, timers, LIMITS);
  } catch (error) {
    if (!(error instanceof HttpFailure)) throw error;
    // More than is read came: the page is there.
    if (error.code === 'too-large')
      return { status: error.status ?? 200, reason: '', headers: {}, body: new Uint8Array() };
    throw new LinkError('unreachable', error.message, { cause: error });
  }
}

function locationOf(from: URL, { status, headers }: SendAnswer): URL | null {
  const location = [301, 302, 303, 307, 308].includes(status) ? headers['location'] : undefined;
  if (location === undefined) return null;
  if (!URL.canParse(location, from.href)) throw new LinkError('unreachable', `${from.host} redirects to no address`);
  return new URL(location, from.href);
}
