import { Hono } from 'hono';
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
import type { Front } from './front.ts';
import { IntakeError, listen, urlOf } from './listen.ts';
import { webhookFront } from './webhook-route.ts';

export interface IntakeRules extends IntakePorts {
  /** What the webhook is signed with; while it is being changed, the new one and the old one. There is no default. */
  readonly secrets: readonly string[];
  /** Acts on one delivery; must look before it acts, since a kill can make it happen twice. Null: other processes act. */
  readonly handle: HandleDelivery | null;
  readonly maxBytes?: number;
  readonly maxAtOnce?: number;
  /** Milliseconds between two looks for lost deliveries; ten minutes unless told. */
  readonly reconcileEvery?: number;
  readonly log?: (event: string, facts: Readonly<Record<string, unknown>>) => void;
}

export interface IntakeOptions extends IntakeRules {
  /** 0: a free one. */
  readonly port: number;
  /** 127.0.0.1 unless told: a proxy that speaks TLS stands before it. */
  readonly host?: string;
}

/** What takes webhooks in, as a part of a server that listens already. */
export interface OpenIntake {
  /** Where the forge sends. */
  readonly front: Front;
  readonly inbox: DeliveryInbox;
  /** Looks for lost deliveries now. */
  reconcile(since: Instant): Promise<void>;
  /** Finishes what is being acted on; to be called once nothing more comes in. */
  stop(): Promise<void>;
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

/** Checks, stores, answers, and acts on webhooks; whoever calls puts the front before what else is served. Throws `IntakeError` when there is no secret. */
export async function openIntake(options: IntakeRules): Promise<OpenIntake> {
  checkSecrets(options.secrets);
  const { clock, hook, log = () => undefined } = options;
  const inbox = deliveryInbox(options.jobs);
  const now = (): Instant => clock.now();
  const limits = { maxBytes: options.maxBytes ?? 5 * MEBIBYTE, maxAtOnce: options.maxAtOnce ?? 200 };
  const front = webhookFront({ inbox, secrets: options.secrets, now, log, ...limits });
  const worker = options.handle === null ? null : await inbox.process(options.handle);
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
    front,
    inbox,
    reconcile,
    stop: async () => {
      await endReconciling();
      await worker?.stop();
    },
  };
}

/**
 * Takes webhooks in at a port of its own: each is checked, stored, answered, and acted on afterwards by whichever process gets to it. Throws
 * `IntakeError` when there is no secret, or the port cannot be had.
 */
export async function startIntake(options: IntakeOptions): Promise<Intake> {
  const { host = '127.0.0.1' } = options;
  const intake = await openIntake(options);
  const routes = new Hono()
    .get('/healthz', (context) => context.json({ ok: true }))
    .notFound((context) => context.json({ error: 'nothing is here' }, 404));
  const server = await listen(routes.fetch, { host, port: options.port, front: intake.front }).catch(
    async (error: unknown) => {
      await intake.stop();
      throw error;
    },
  );
  return {
    url: `${urlOf(host, server.port)}${WEBHOOK_PATH}`,
    inbox: intake.inbox,
    reconcile: (since) => intake.reconcile(since),
    stop: async () => {
      await server.close();
      await intake.stop();
    },
  };
}
