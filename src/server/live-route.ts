import type { Context } from 'hono';
import { streamSSE } from 'hono/streaming';
import type { pageFinder } from './address.ts';
import { admitToPage } from './admission.ts';
import { notAdmitted } from './answer.ts';
import type { Guard } from './guard.ts';
import { LiveSession, type LiveEvent, type LiveParts } from './live.ts';

/** How often a page is told that the stream lives (ux.md 2.5). */
const BEAT_MILLIS = 5_000;
/** A person's rights are looked at again so often while a page is open. */
const LOOK_AGAIN_BEATS = 6;
const MOST = 1_000;

export interface LiveRoute extends LiveParts {
  readonly guard: Guard;
  readonly find: ReturnType<typeof pageFinder>;
}

/** One open stream, as far as all of them are treated alike. */
interface OpenStream {
  readonly beat: () => void;
  readonly end: () => void;
}

/** Beats for all streams at once, a timer each would be thousands; and their end. */
export class Streams {
  readonly #open = new Set<OpenStream>();
  #timer: ReturnType<typeof setInterval> | null = null;

  get size(): number {
    return this.#open.size;
  }

  add(stream: OpenStream): () => void {
    this.#open.add(stream);
    this.#timer ??= setInterval(() => this.beat(), BEAT_MILLIS);
    return () => {
      this.#open.delete(stream);
      if (this.#open.size > 0 || this.#timer === null) return;
      clearInterval(this.#timer);
      this.#timer = null;
    };
  }

  beat(): void {
    for (const { beat } of this.#open) beat();
  }

  /** The server stops: pages find another process, or wait for this one. */
  end(): void {
    for (const { end } of this.#open) end();
  }
}

const encoder = new TextEncoder();
const encoded = new WeakMap<LiveEvent, Uint8Array>();

/** An event as it goes over the wire; of one that goes to many there is one copy, also while slow readers have it before them. JSON has no line ends. */
function bytesOf(event: LiveEvent): Uint8Array {
  const known = encoded.get(event);
  if (known !== undefined) return known;
  const id = event.id === null ? '' : `id: ${event.id}\n`;
  const bytes = encoder.encode(`event: ${event.event}\ndata: ${JSON.stringify(event.data)}\n${id}\n`);
  encoded.set(event, bytes);
  return bytes;
}

/** `/live?page=PATH&has=VERSION`: what changes on that page, for as long as it is open. */
export async function liveRoute(context: Context, route: LiveRoute, streams: Streams): Promise<Response> {
  const { guard, find } = route;
  const request = context.req.raw;
  const admitted = await admitToPage(guard, request);
  if (admitted.kind !== 'let-in') return notAdmitted(context, admitted);
  const { identity } = admitted;
  const wanted = new URL(context.req.query('page') ?? '', 'http://page.invalid');
  const address = wanted.host === 'page.invalid' ? find(wanted.pathname, wanted.searchParams) : null;
  if (address === null) return context.json({ code: 'no-such-page', text: 'There is no such page.' }, 404);
  if (streams.size >= MOST)
    return context.json({ code: 'too-many', text: 'Too many pages are open.' }, 503, { 'retry-after': '10' });
  const has = context.req.header('last-event-id') ?? context.req.query('has') ?? null;
  context.header('x-accel-buffering', 'no');
  return streamSSE(context, async (stream) => {
    const ended = Promise.withResolvers<void>();
    stream.onAbort(() => ended.resolve());
    // In order, and never more than the connection takes: a reader that hangs is ended by the server's own limits.
    let last: Promise<unknown> = Promise.resolve();
    const send = (event: LiveEvent): void => {
      last = last.then(() => stream.write(bytesOf(event))).catch(() => ended.resolve());
    };
    const page = new LiveSession(route, { address, has, identity, send });
    let beats = 0;
    const lookAgain = async (): Promise<void> => {
      // Another request of the same browser: of the first one it is known already who made it.
      const now = await guard.identify(new Request(request.url, { headers: request.headers }));
      if (guard.mayRead(now) && now?.login === identity?.login) return;
      send({ event: 'gone', id: null, data: {} });
      await last;
      ended.resolve();
    };
    const beat = (): void => {
      page.beat();
      beats += 1;
      if (beats % LOOK_AGAIN_BEATS === 0) lookAgain().catch(() => ended.resolve());
    };
    const leave = streams.add({ beat, end: () => ended.resolve() });
    try {
      await page.open();
      await ended.promise;
      await last;
    } finally {
      leave();
      page.close();
    }
  });
}
