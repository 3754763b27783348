import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { ByteSourceError } from '../domain/byte-source.ts';
import { StoreKey } from '../domain/store-key.ts';
import type { ReadableStore, StoredObject } from '../ports/artifact-store.ts';

/** A channel served over HTTP on this machine. */
export interface ChannelServer {
  /** With a slash at its end. */
  readonly url: string;
  /** `GET /torch/`, as they came. */
  readonly seen: readonly string[];
  /** Answers these paths with a status of its own. */
  readonly broken: Map<string, number>;
  close(): Promise<void>;
}

/** How a folder is answered: as a host of files does, or by what the client accepts. */
type Negotiation = 'static' | 'negotiated';

/** Serves a store as a host of static files: HEAD, one range, content types as stored, the HTML page for a folder. */
export async function serveChannel(store: ReadableStore, negotiation: Negotiation = 'static'): Promise<ChannelServer> {
  const seen: string[] = [];
  const broken = new Map<string, number>();
  const server = createServer((request, response) => {
    const path = request.url ?? '/';
    seen.push(`${request.method} ${path}`);
    const status = broken.get(path);
    const work = status === undefined ? answer(store, request, { response, negotiation }) : bare(response, status);
    work.catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return {
    url: `http://127.0.0.1:${address.port}/`,
    seen,
    broken,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}

async function bare(response: ServerResponse, status: number): Promise<void> {
  response.writeHead(status).end();
}

function keyOf(path: string, wantsJson: boolean): StoreKey | null {
  const plain = decodeURIComponent(path.replace(/[?#].*$/s, '').slice(1));
  const key = plain === '' || plain.endsWith('/') ? `${plain}index.${wantsJson ? 'json' : 'html'}` : plain;
  const parsed = StoreKey.safeParse(key);
  return parsed.success ? parsed.data : null;
}

async function answer(
  store: ReadableStore,
  request: IncomingMessage,
  { response, negotiation }: { readonly response: ServerResponse; readonly negotiation: Negotiation },
): Promise<void> {
  const wantsJson = negotiation === 'negotiated' && /simple\.v1\+json(?!\s*;\s*q=0)/.test(request.headers.accept ?? '');
  const key = keyOf(request.url ?? '/', wantsJson);
  const object = key === null ? null : await store.look(key);
  if (object === null) return bare(response, 404);
  const range = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '');
  const [from, to] = [Number(range?.[1] ?? 0), Math.min(Number(range?.[2] ?? object.size), object.size - 1)];
  if (range !== null && from >= object.size) return bare(response, 416);
  response.writeHead(range === null ? 200 : 206, {
    'content-type': object.contentType ?? 'application/octet-stream',
    'content-length': String(range === null ? object.size : to - from + 1),
    etag: `"${object.etag}"`,
    'last-modified': new Date(object.modified).toUTCString(),
    'accept-ranges': 'bytes',
    ...(range === null ? {} : { 'content-range': `bytes ${from}-${to}/${object.size}` }),
  });
  response.end(request.method === 'HEAD' ? undefined : await bytesOf(store, object, [from, to]));
}

async function bytesOf(
  store: ReadableStore,
  { key, etag, size }: StoredObject,
  [from, to]: readonly [number, number],
): Promise<Uint8Array> {
  if (size === 0) return new Uint8Array();
  try {
    return await store.source(key, etag).read(from, Math.min(to, size - 1) - from + 1);
  } catch (error) {
    if (error instanceof ByteSourceError) return new Uint8Array();
    throw error;
  }
}
