import type { Mirror } from './mirror.ts';
import { secretsOf } from './environment.ts';

/**
 * Lists refs over HTTP without starting git: one request of git's protocol version 2, on a connection that is kept. Git itself needs two
 * requests and two processes, and asks for all branches where this asks for the names wanted: for a forge with 100,000 refs that is the
 * difference between kilobytes and megabytes. It is a short cut only: null means that git is to be asked, whose word counts on every
 * failure, redirect, proxy, certificate or server that does not know the protocol.
 */
export async function listOverHttp(mirror: Mirror, prefixes: readonly string[]): Promise<string | null> {
  const address = mirror.address.text;
  if (!/^https?:\/\/[^?#]+$/i.test(address) || !(await mirror.house.environments.reachesPlainly(address))) return null;
  const { listMillis, outputBytes } = mirror.house.limits;
  try {
    const response = await fetch(`${address.replace(/\/+$/, '')}/git-upload-pack`, {
      method: 'POST',
      redirect: 'manual',
      signal: AbortSignal.timeout(listMillis),
      headers: {
        'content-type': 'application/x-git-upload-pack-request',
        accept: 'application/x-git-upload-pack-result',
        'git-protocol': 'version=2',
        'user-agent': AGENT,
        ...authorization(mirror),
      },
      body: requestOf(prefixes),
    });
    const type = response.headers.get('content-type');
    if (response.status !== 200 || type !== 'application/x-git-upload-pack-result' || response.body === null) {
      await response.body?.cancel();
      return null;
    }
    const bytes = await bodyOf(response.body.getReader(), outputBytes);
    return bytes === null ? null : linesOf(bytes);
  } catch (error) {
    // A connection that broke, a name unknown, a certificate not trusted, the time over: git finds out again, and says it in its words.
    if (error instanceof TypeError || error instanceof DOMException) return null;
    throw error;
  }
}

/** The whole body; null when it is longer than allowed, and then the rest is not read. */
async function bodyOf(reader: ReadableStreamDefaultReader<Uint8Array>, maxBytes: number): Promise<Buffer | null> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return Buffer.concat(pieces);
    bytes += value.length;
    if (bytes > maxBytes) {
      await reader.cancel();
      return null;
    }
    pieces.push(value);
  }
}

// Forges refuse clients of git's protocol that do not look like one.
const AGENT = 'git/2.39.0 (signalbox)';

function authorization(mirror: Mirror): Readonly<Record<string, string>> {
  const [, encoded] = secretsOf(mirror.token);
  return encoded === undefined ? {} : { authorization: `Basic ${encoded}` };
}

function requestOf(prefixes: readonly string[]): string {
  const head = packet('command=ls-refs\n') + packet('agent=git/2.39.0-signalbox\n') + packet('object-format=sha1\n');
  return `${head}0001${packet('peel\n')}${prefixes.map((prefix) => packet(`ref-prefix ${prefix}\n`)).join('')}0000`;
}

function packet(text: string): string {
  return `${(Buffer.byteLength(text) + 4).toString(16).padStart(4, '0')}${text}`;
}

/** The answer in the form of `git ls-remote`; null for one that is broken off or is none. */
function linesOf(bytes: Buffer): string | null {
  const lines: string[] = [];
  for (let at = 0; at + 4 <= bytes.length;) {
    const head = bytes.toString('latin1', at, at + 4);
    if (head === '0000') return at + 4 === bytes.length ? lines.join('\n') : null;
    const length = /^[0-9a-f]{4}$/.test(head) ? Number.parseInt(head, 16) : 0;
    if (length <= 4 || at + length > bytes.length) return null;
    const [id = '', ref = '', ...attributes] = bytes
      .toString('utf8', at + 4, at + length)
      .trimEnd()
      .split(' ');
    if (!/^[0-9a-f]{40}$/.test(id)) return null;
    const peeled = attributes.find((attribute) => attribute.startsWith('peeled:'));
    lines.push(`${id}\t${ref}`, ...(peeled === undefined ? [] : [`${peeled.slice('peeled:'.length)}\t${ref}^{}`]));
    at += length;
  }
  return null;
}
