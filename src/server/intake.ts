import { serve, type ServerType } from '@hono/node-server';
import { WEBHOOK_PATH } from '../app/bot/hooks.ts';
import {
  deliveryInbox,
  reconcileDeliveries,
  type DeliveryInbox,
  type HandleDelivery,
  type IntakePorts,
} from '../app/deliveries.ts';
import { instantOf, epochMillis, type Instant } from '../domain/instant.ts';
import { every } from './every.ts';
import { webhookRoutes } from './webhook-route.ts';

export interface IntakeOptions extends IntakePorts {
  /** What the webhook is signed with; while it is being changed, the new one and the old one. There is no default. */
  readonly secrets: readonly string[];
  /** Acts on one delivery; must look before it acts, since a kill can make it happen twice. */
  readonly handle: HandleDelivery;
  /** 0: a free one. */
  readonly port: number;
  /** 127.0.0.1 unless told: a proxy that speaks TLS stands before it. */
  readonly host?: string;
  readonly maxBytes?: number;
  readonly maxAtOnce?: number;
  /** Milliseconds between two looks for lost deliveries; ten minutes unless told. */
  readonly reconcileEvery?: number;
  readonly log?: (event: string, facts: Readonly<Record<string, unknown>>) => void;
}

export interface Intake {
  /** The address that the forge is given, as it is seen from this machine. */
  readonly url: string;
  readonly inbox: DeliveryInbox;
  /** Looks for lost deliveries now. */
  reconcile(since: Instant): Promise<void>;
  /** Takes nothing more in, finishes what is being acted on, and lets go of the port. */
  stop(): Promise<void>;
}

/** The intake cannot start, and what to do about it. */
export class IntakeError extends Error {
  readonly code: 'no-secret' | 'weak-secret' | 'port';
  constructor(code: IntakeError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'IntakeError';
    this.code = code;
  }
}

const LEAST_SECRET = 16;
const MEBIBYTE = 1024 * 1024;
const TEN_MINUTES = 600_000;
/** GitHub sends nothing again that is older than three days; the rest is for clocks that differ and for people. */
const REMEMBERED_MS = 30 * 24 * 3_600_000;

function checkSecrets(secrets: readonly string[]): void {
  if (secrets.length === 0 || secrets.some((secret) => secret.trim() === '')) {
    throw new IntakeError(
      'no-secret',
      'There is no webhook secret, and without one anybody could give commands. Set one at the forge and here, then start again.',
    );
  }
  if (secrets.some((secret) => secret.length < LEAST_SECRET)) {
    const next = 'Make one with: openssl rand -hex 32';
    throw new IntakeError('weak-secret', `The webhook secret is shorter than ${LEAST_SECRET} characters. ${next}`);
  }
}

interface Listening {
  readonly port: number;
  close(): Promise<void>;
}

/** Takes no more connections, and waits for those under way. */
function closed(server: ServerType): Promise<void> {
  return new Promise((done) => {
    server.close(() => done());
    if ('closeIdleConnections' in server) server.closeIdleConnections();
  });
}

function listen(
  fetch: (request: Request) => Response | Promise<Response>,
  at: { host: string; port: number },
): Promise<Listening> {
  return new Promise((resolve, reject) => {
    const server = serve({ fetch, hostname: at.host, port: at.port }, ({ port }) => {
      resolve({ port, close: () => closed(server) });
    });
    // Nobody may hold a connection for long: the forge sends at once, or not at all.
    if ('requestTimeout' in server) {
      server.requestTimeout = 20_000;
      server.headersTimeout = 10_000;
    }
    server.once('error', (error: Error) => {
      const next = 'Choose another port, or stop what uses it.';
      reject(
        new IntakeError('port', `Cannot listen on ${at.host}:${at.port} (${error.message}). ${next}`, { cause: error }),
      );
    });
  });
}

/**
 * Takes webhooks in: each is checked, stored, answered, and acted on afterwards by whichever process gets to it. Throws `IntakeError` when
 * there is no secret, or the port cannot be had.
 */
export async function startIntake(options: IntakeOptions): Promise<Intake> {
  checkSecrets(options.secrets);
  const { clock, hook, host = '127.0.0.1', log = () => undefined } = options;
  const inbox = deliveryInbox(options.jobs);
  const now = (): Instant => clock.now();
  const limits = { maxBytes: options.maxBytes ?? 5 * MEBIBYTE, maxAtOnce: options.maxAtOnce ?? 200 };
  const routes = webhookRoutes({ inbox, secrets: options.secrets, now, log, ...limits });
  const worker = await inbox.process(options.handle);
  const server = await listen(routes.fetch, { host, port: options.port }).catch(async (error: unknown) => {
    await worker.stop();
    throw error;
  });
  const ago = (millis: number): Instant => instantOf(epochMillis(now()) - millis);
  const reconcile = async (since: Instant): Promise<void> => {
    if (hook === null) return;
    for (const place of hook.places) {
      const found = await reconcileDeliveries({ inbox, webhooks: hook.webhooks, place }, { since, now: now() });
      if (found.recovered > 0 || found.lost.length > 0) log('deliveries-reconciled', { ...place, ...found });
    }
  };
  const everyTime = async (): Promise<void> => {
    await reconcile(ago(REMEMBERED_MS));
    await inbox.forget(ago(REMEMBERED_MS));
  };
  const failed = (error: unknown): void =>
    log('reconciliation-failed', { reason: error instanceof Error ? error.message : String(error) });
  const endReconciling = every(options.reconcileEvery ?? TEN_MINUTES, everyTime, failed);
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${server.port}${WEBHOOK_PATH}`,
    inbox,
    reconcile,
    stop: async () => {
      await server.close();
      await endReconciling();
      await worker.stop();
    },
  };
}
