import { ByteSourceError, type ByteSource } from '../../domain/byte-source.ts';
import { Digest } from '../../domain/canonical-json.ts';
import { instantOf } from '../../domain/instant.ts';
import type { StoreKey } from '../../domain/store-key.ts';
import {
  ArtifactStoreError,
  type ListedPage,
  type ReadableStore,
  type StoredObject,
} from '../../ports/artifact-store.ts';
import { httpSource } from '../http/byte-source.ts';
import { HttpRefusal, judgeRead, systemDocumentTools, type DocumentTools } from '../http/document.ts';
import { exchange, type HttpAnswer } from '../http/exchange.ts';
import { reading } from '../http/read-failure.ts';
import { withRetries } from '../http/retry.ts';
import { listing, type WebPlace } from './listing.ts';

export interface HttpStoreOptions {
  /** Below which its objects lie; its pages list them by links. */
  readonly address: string;
  readonly tools?: DocumentTools;
}

/** A store as everybody sees it: its objects by HTTP, its listing by the pages of its index. */
export function httpStore({ address, tools = systemDocumentTools }: HttpStoreOptions): ReadableStore {
  const root = new URL(address.endsWith('/') ? address : `${address}/`);
  const place: WebPlace = { root, tools };
  const urlOf = (key: StoreKey): URL => new URL(key.split('/').map(encodeURIComponent).join('/'), root);
  const look = (key: StoreKey): Promise<StoredObject | null> => read(() => lookAt(place, key, urlOf(key)));
  return {
    name: root.href,
    list: (prefix, after) => pages(place, prefix, after ?? ''),
    look,
    source: (key, etag) => {
      const source = httpSource(urlOf(key), { http: tools.http, now: tools.now });
      return etag === undefined ? source : heldTo(source, async () => (await look(key))?.etag === etag);
    },
  };
}

async function* pages(place: WebPlace, prefix: string, after: string): AsyncGenerator<ListedPage> {
  const all = listing(place, prefix, after);
  for (;;) {
    const next = await read(() => all.next());
    if (next.done === true) return;
    yield next.value;
  }
}

function read<Answer>(work: () => Promise<Answer>): Promise<Answer> {
  return reading(work, (code, why, cause) => new ArtifactStoreError(code, `cannot read the store: ${why}`, cause));
}

async function lookAt({ tools }: WebPlace, key: StoreKey, url: URL): Promise<StoredObject | null> {
  const request = { method: 'HEAD', url, headers: { 'accept-encoding': 'identity' }, body: null };
  const answer = await withRetries(
    () => exchange(request, tools.http),
    (outcome) => judgeRead(outcome, tools.now()),
    tools.http.timers,
  );
  if (answer.status === 404 || answer.status === 410) return null;
  if (answer.status !== 200) throw new HttpRefusal(url, answer.status);
  return objectIn(answer, key, url);
}

/** Headers under which stores show the digest that was recorded with an object. */
const RECORDED = ['x-amz-meta-checksum-sha256', 'x-amz-meta-x-amz-meta-checksum-sha256'];

function objectIn({ headers }: HttpAnswer, key: StoreKey, url: URL): StoredObject {
  const size = Number(headers.get('content-length') ?? Number.NaN);
  const modified = Date.parse(headers.get('last-modified') ?? '');
  if (!Number.isSafeInteger(size) || size < 0 || Number.isNaN(modified)) {
    throw new ArtifactStoreError('unexpected-answer', `${url.href} is told without its size or its date`);
  }
  const hex = RECORDED.map((name) => headers.get(name)).find((value) => value !== null) ?? '';
  const sha256 = Digest.safeParse(`sha256:${hex.toLowerCase()}`);
  return {
    key,
    size,
    etag: headers.get('etag')?.replaceAll('"', '') ?? `${size}-${modified}`,
    sha256: sha256.success ? sha256.data : null,
    modified: instantOf(modified),
    contentType: headers.get('content-type'),
    cacheControl: headers.get('cache-control'),
  };
}

/**
 * A source holds itself to the state of its first read; that this is the wanted state is looked at right after it, so that a change in between is
 * taken for one, never overlooked.
 */
function heldTo(source: ByteSource, isWanted: () => Promise<boolean>): ByteSource {
  let checked: Promise<boolean> | null = null;
  const check = async (): Promise<void> => {
    checked ??= isWanted();
    if (!(await checked)) {
      throw new ByteSourceError('changed', `${source.name} was written again since it was looked at`);
    }
  };
  return {
    name: source.name,
    tail: async (length) => {
      const tail = await source.tail(length);
      await check();
      return tail;
    },
    read: async (offset, length) => {
      const bytes = await source.read(offset, length);
      await check();
      return bytes;
    },
    stream: async function* stream(offset, length) {
      for await (const piece of source.stream(offset, length)) {
        await check();
        yield piece;
      }
    },
  };
}
