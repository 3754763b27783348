/** How many pages a second, and of how many bytes they are. */
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { z } from 'zod';
import { beside } from '../quiet.ts';
import { percent, tell, tellTimed } from '../report.ts';
import type { Child } from './child.ts';
import { withConnections, type Answered, type Connection } from './connection.ts';
import { closedLoop, type Ask } from './load.ts';

const CONNECTIONS = 20;
const MILLIS = 5_000;
const LEAST = 200;
const MOST_BYTES = 60_000;
export const PAGE_NAMES = ['train', 'release', 'picks', 'artifacts', 'calendar', 'support'] as const;

export const Said = z.object({ url: z.string(), cookies: z.array(z.string()) });

/** A page as a browser asks for it. */
export function pageRequest(
  url: string,
  { cookie, encodings }: { readonly cookie: string; readonly encodings: string },
): string {
  const { pathname, search, host } = new URL(url);
  return [
    `GET ${pathname}${search} HTTP/1.1`,
    `Host: ${host}`,
    'Accept: text/html,application/xhtml+xml',
    ...(encodings === '' ? [] : [`Accept-Encoding: ${encodings}`]),
    `Cookie: ${cookie}`,
    '\r\n',
  ].join('\r\n');
}

/** The HTML of an answer; throws when it is none: a refusal is quick, too. */
export function pageOf({ status, body, head }: Answered): string {
  const raw = unchunked(body, head);
  const html = /content-encoding: br/iu.test(head)
    ? brotliDecompressSync(raw).toString()
    : /content-encoding: gzip/iu.test(head)
      ? gunzipSync(raw).toString()
      : raw.toString();
  if (status !== 200 || !html.includes('</html>')) throw new Error(`no page came: ${status} ${html.slice(0, 200)}`);
  return html;
}

function unchunked(body: Buffer, head: string): Buffer {
  if (!/transfer-encoding: chunked/iu.test(head)) return body;
  const pieces: Buffer[] = [];
  for (let at = 0; ;) {
    const end = body.indexOf('\r\n', at);
    const size = Number.parseInt(body.toString('latin1', at, end), 16);
    if (!(size > 0)) return Buffer.concat(pieces);
    pieces.push(body.subarray(end + 2, end + 2 + size));
    at = end + 2 + size + 2;
  }
}

interface Site {
  readonly url: string;
  readonly cookies: readonly string[];
}

function asking({ url, cookies }: Site, encodings: string, path: (number: number) => string): Ask {
  const people = new Map<Connection, string>();
  return async (connection, number) => {
    const cookie = people.get(connection) ?? cookies[people.size % cookies.length] ?? '';
    people.set(connection, cookie);
    const answer = await connection.ask(pageRequest(`${url}${path(number)}`, { cookie, encodings }));
    if (answer.status !== 200) throw new Error(`a page was answered with ${answer.status}`);
  };
}

export async function measurePages(child: Child, site: Site, helpers: readonly number[]): Promise<void> {
  const measure = (encodings: string, path: (number: number) => string, millis = MILLIS) =>
    beside(
      () => withConnections(site.url, CONNECTIONS, (all) => closedLoop(all, millis, asking(site, encodings, path))),
      [child.pid, ...helpers],
    );
  await measure('gzip, br', () => '/', 2_000);
  for (const [name, encodings] of [
    ['as a browser asks (gzip, br)', 'gzip, br'],
    ['uncompressed', ''],
  ] as const) {
    const { value, outside } = await measure(encodings, () => '/');
    const text = `${value.perSecond.toFixed(0)} a second, p99 ${value.p99.toFixed(0)} ms, limit ${LEAST}`;
    tellTimed(`large page, signed in, ${name}`, text, { holds: value.perSecond >= LEAST, outside });
  }
  // What differs in the query is shown anew: nothing that was rendered helps.
  const { value, outside } = await measure('gzip, br', (number) => `/?n=${number}`);
  const anew = `${value.perSecond.toFixed(1)} a second (others took ${percent(outside)})`;
  tell('the same, rendered for each request', anew, null);
}

/** What a browser loads for each page, besides the style and the script, which it keeps. */
export async function measureBytes(site: Site): Promise<void> {
  const [cookie = ''] = site.cookies;
  await withConnections(site.url, 1, async ([connection]) => {
    if (connection === undefined) return;
    for (const name of ['', ...PAGE_NAMES]) {
      const sizes: number[] = [];
      for (const encodings of ['gzip', 'gzip, br', '']) {
        const request = pageRequest(`${site.url}/${name}`, { cookie, encodings });
        const answer = await connection.ask(request);
        pageOf(answer);
        sizes.push(answer.bytes);
      }
      const [gzip = Number.NaN, brotli = Number.NaN, plain = Number.NaN] = sizes;
      const most = Math.max(gzip, brotli);
      const text = `${gzip} bytes with gzip, ${brotli} with brotli, ${plain} plain, limit ${MOST_BYTES}`;
      tell(`page ${name === '' ? 'large' : name}`, text, most < MOST_BYTES);
    }
  });
}
