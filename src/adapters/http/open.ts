/** A request, whole. */
export interface HttpRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

/** Headers of an answer, by name in any case: those of `fetch`, or any other list of them. */
export interface HttpHeaders extends Iterable<[name: string, value: string]> {
  get(name: string): string | null;
}

/** An answer of which the headers have come. */
export interface OpenedAnswer {
  readonly status: number;
  readonly headers: HttpHeaders;
  /** Null where none can come. Whoever stops reading it before its end ends the download. */
  readonly body: AsyncIterable<Uint8Array> | null;
}

/** Asks once, and gives the answer as soon as its headers are there; redirects are not followed. Throws whatever the network throws. */
export type OpenRequest = (request: HttpRequest, signal: AbortSignal) => Promise<OpenedAnswer>;

/** By `fetch`, which asks for packed answers and unpacks them. */
export function openBy(fetch: typeof globalThis.fetch): OpenRequest {
  return ({ method, url, headers, body }, signal) =>
    fetch(url, { method, headers: { ...headers }, body, redirect: 'manual', signal });
}

/**
 * By Node's own client: half of what `fetch` takes for each answer, and a tenth of it for the first. For answers that are to come as they lie on the
 * server, since nothing is unpacked. Proxies and certificates are those that Node was told of, as with `fetch`.
 */
export const openPlain: OpenRequest = async ({ method, url, headers, body }, signal) => {
  // The one for http is not imported: that reads all which it exports, and its WebSocket brings the whole of `fetch`, 40 milliseconds of it.
  const { request } = url.protocol === 'https:' ? await import('node:https') : process.getBuiltinModule('node:http');
  const asked = { accept: '*/*', 'accept-encoding': 'identity', 'user-agent': 'node', ...headers };
  return new Promise((resolve, reject) => {
    const asking = request(url, { method, headers: asked, signal }, (answer) => {
      const { headersDistinct, statusCode = 0 } = answer;
      const get = (name: string): string | null => headersDistinct[name.toLowerCase()]?.join(', ') ?? null;
      const all = Object.keys(headersDistinct).map((name): [string, string] => [name, get(name) ?? '']);
      resolve({
        status: statusCode,
        headers: { get, [Symbol.iterator]: () => all.values() },
        body: method === 'HEAD' ? null : answer,
      });
    });
    // Stays for good: what breaks after the headers is told by the body.
    asking.on('error', reject);
    asking.end(body ?? undefined);
  });
};
