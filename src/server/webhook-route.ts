import { IncomingMessage } from 'node:http';
import { Hono, type Context } from 'hono';
import { z } from 'zod';
import { WEBHOOK_PATH } from '../app/bot/hooks.ts';
import { readPayload, type ReadPayload } from '../app/delivery-payload.ts';
import type { DeliveryInbox } from '../app/deliveries.ts';
import type { Instant } from '../domain/instant.ts';
import { groupCommit } from './group-commit.ts';
import { isSigned } from './signature.ts';

export interface WebhookRoute {
  readonly inbox: DeliveryInbox;
  /** The secret of the moment, and the one before it while the forge is being told of a new one. */
  readonly secrets: readonly string[];
  readonly now: () => Instant;
  /** Bytes of a payload; GitHub sends 25 MB at most, and hardly ever more than a hundred kilobytes. */
  readonly maxBytes: number;
  /** Requests whose bodies are being read at the same time. */
  readonly maxAtOnce: number;
  readonly log: (event: string, facts: Readonly<Record<string, unknown>>) => void;
}

/** The request on its connection; null where it is answered without one. */
function incomingOf(context: Context): IncomingMessage | null {
  const env: unknown = context.env;
  if (typeof env !== 'object' || env === null || !('incoming' in env)) return null;
  return env.incoming instanceof IncomingMessage ? env.incoming : null;
}

const DeliveryId = z.string().regex(/^[A-Za-z0-9-]{8,100}$/);
const EventName = z.string().regex(/^[a-z][a-z0-9_]{1,59}$/);

/** The bytes of a body, or null when there are more than allowed: then the rest is not read. */
async function boundedBody(context: Context, limit: number): Promise<Uint8Array | null> {
  if (Number(context.req.header('content-length') ?? 0) > limit) return null;
  // From the connection itself where there is one: by way of a stream of the web it takes three times as long.
  const stream: AsyncIterable<Uint8Array> | null = incomingOf(context) ?? context.req.raw.body;
  if (stream === null) return new Uint8Array();
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of stream) {
    size += chunk.length;
    if (size > limit) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function jsonOf(body: Uint8Array): { readonly ok: true; readonly value: unknown } | { readonly ok: false } {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
    return { ok: true, value };
  } catch {
    return { ok: false };
  }
}

type Taken = Extract<ReadPayload, { kind: 'taken' }>;

/** Takes a body that is known to come from the forge. */
async function take(
  context: Context,
  route: WebhookRoute,
  body: Uint8Array,
  store: (delivery: Taken) => Promise<boolean>,
): Promise<Response> {
  const id = DeliveryId.safeParse(context.req.header('x-github-delivery'));
  const event = EventName.safeParse(context.req.header('x-github-event'));
  if (!id.success || !event.success)
    return context.json({ error: 'X-GitHub-Delivery and X-GitHub-Event are needed' }, 400);
  if (context.req.header('content-type')?.startsWith('application/json') !== true) {
    return context.json({ error: 'set the content type of the webhook to application/json' }, 415);
  }
  const json = jsonOf(body);
  if (!json.ok) return context.json({ error: 'the body is not JSON' }, 400);
  const read = readPayload({ id: id.data, event: event.data, payload: json.value, at: route.now() });
  if (read.kind === 'ignored') return context.json({ taken: false, why: read.why }, 202);
  if (read.kind === 'invalid') {
    route.log('webhook-not-as-documented', { delivery: id.data, event: event.data, why: read.why });
    return context.json({ error: read.why }, 422);
  }
  try {
    const isNew = await store(read);
    return context.json({ taken: isNew, ...(isNew ? {} : { why: 'known already' }) }, 202);
  } catch (error) {
    // The forge marks the delivery as failed, and the next reconciliation finds it.
    route.log('webhook-not-stored', {
      delivery: id.data,
      reason: error instanceof Error ? error.message : String(error),
    });
    return context.json({ error: 'it cannot be stored now' }, 503, { 'retry-after': '30' });
  }
}

/** The routes by which the forge tells of what happened. Nothing is parsed, stored or told before the signature holds. */
export function webhookRoutes(route: WebhookRoute): Hono {
  const store = groupCommit((deliveries: readonly Taken[]) => route.inbox.store(deliveries));
  let reading = 0;
  const read = async (context: Context): Promise<Uint8Array | null> => {
    reading += 1;
    try {
      return await boundedBody(context, route.maxBytes);
    } finally {
      reading -= 1;
    }
  };
  const app = new Hono();
  app.post(WEBHOOK_PATH, async (context) => {
    if (reading >= route.maxAtOnce) return context.json({ error: 'too much at once' }, 503, { 'retry-after': '5' });
    const body = await read(context);
    if (body === null) return context.json({ error: `the body is over ${route.maxBytes} bytes` }, 413);
    const given = context.req.header('x-hub-signature-256');
    const signed = route.secrets.map((secret) => isSigned(secret, body, given)).includes(true);
    if (!signed) return context.json({ error: 'the signature does not hold' }, 401);
    return take(context, route, body, store);
  });
  app.onError((error, context) => {
    route.log('webhook-failed', { reason: error.message });
    return context.json({ error: 'this failed; the log says more' }, 500);
  });
  return app;
}
