import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { z } from 'zod';
import { WEBHOOK_PATH } from '../app/bot/hooks.ts';
import { readPayload, type ReadPayload } from '../app/delivery-payload.ts';
import type { DeliveryInbox } from '../app/deliveries.ts';
import type { Instant } from '../domain/instant.ts';
import { boundedBody, say, type Front, type Said } from './front.ts';
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

const DeliveryId = z.string().regex(/^[A-Za-z0-9-]{8,100}$/);
const EventName = z.string().regex(/^[a-z][a-z0-9_]{1,59}$/);
const UTF8 = new TextDecoder('utf-8', { fatal: true });

function jsonOf(body: Uint8Array): { readonly ok: true; readonly value: unknown } | { readonly ok: false } {
  try {
    const value: unknown = JSON.parse(UTF8.decode(body));
    return { ok: true, value };
  } catch {
    return { ok: false };
  }
}

type Taken = Extract<ReadPayload, { kind: 'taken' }>;

function headerOf(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name];
  return typeof value === 'string' ? value : undefined;
}

/** Takes a body that is known to come from the forge. */
async function take(
  headers: IncomingHttpHeaders,
  route: WebhookRoute,
  body: Uint8Array,
  store: (delivery: Taken) => Promise<void>,
): Promise<Said> {
  const id = DeliveryId.safeParse(headerOf(headers, 'x-github-delivery'));
  const event = EventName.safeParse(headerOf(headers, 'x-github-event'));
  if (!id.success || !event.success)
    return { status: 400, body: { error: 'X-GitHub-Delivery and X-GitHub-Event are needed' } };
  if (headers['content-type']?.startsWith('application/json') !== true)
    return { status: 415, body: { error: 'set the content type of the webhook to application/json' } };
  const json = jsonOf(body);
  if (!json.ok) return { status: 400, body: { error: 'the body is not JSON' } };
  const read = readPayload({ id: id.data, event: event.data, payload: json.value, at: route.now() });
  if (read.kind === 'ignored') return { status: 202, body: { taken: false, why: read.why } };
  if (read.kind === 'invalid') {
    route.log('webhook-not-as-documented', { delivery: id.data, event: event.data, why: read.why });
    return { status: 422, body: { error: read.why } };
  }
  try {
    await store(read);
    return { status: 202, body: { taken: true } };
  } catch (error) {
    // The forge marks the delivery as failed, and the next reconciliation finds it.
    route.log('webhook-not-stored', {
      delivery: id.data,
      reason: error instanceof Error ? error.message : String(error),
    });
    return { status: 503, body: { error: 'it cannot be stored now' }, retryAfter: 30 };
  }
}

/** Where the forge tells of what happened. Nothing is parsed, stored or told before the signature holds. */
export function webhookFront(route: WebhookRoute): Front {
  const store = groupCommit((deliveries: readonly Taken[]) => route.inbox.take(deliveries));
  let reading = 0;
  const read = async (request: IncomingMessage): Promise<Buffer | null> => {
    reading += 1;
    try {
      return await boundedBody(request, route.maxBytes);
    } finally {
      reading -= 1;
    }
  };
  const answer = async (request: IncomingMessage): Promise<Said> => {
    if (reading >= route.maxAtOnce) return { status: 503, body: { error: 'too much at once' }, retryAfter: 5 };
    const body = await read(request);
    if (body === null) return { status: 413, body: { error: `the body is over ${route.maxBytes} bytes` } };
    const given = headerOf(request.headers, 'x-hub-signature-256');
    const signed = route.secrets.map((secret) => isSigned(secret, body, given)).includes(true);
    if (!signed) return { status: 401, body: { error: 'the signature does not hold' } };
    return take(request.headers, route, body, store);
  };
  const failed = (error: unknown): Said => {
    route.log('webhook-failed', { reason: error instanceof Error ? error.message : String(error) });
    return { status: 500, body: { error: 'this failed; the log says more' } };
  };
  return {
    path: WEBHOOK_PATH,
    handle: async (request, response) => say(request, response, await answer(request).catch(failed)),
  };
}
