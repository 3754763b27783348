import { Delivery } from '../domain/delivery.ts';
import { epochMillis, instantOf, type Instant } from '../domain/instant.ts';
import type { Clock } from '../ports/clock.ts';
import type { ForgeWebhooks, HookPlace, WebhookAttempt } from '../ports/forge.ts';
import type { DeadJob, JobCounts, JobDraft, Jobs, JobWorker } from '../ports/jobs.ts';
import { HEEDED_EVENTS, readPayload, type ReadPayload } from './delivery-payload.ts';

/** The queue in which deliveries wait to be acted on. */
export const DELIVERIES = 'deliveries';

type Taken = Extract<ReadPayload, { kind: 'taken' }>;

/** What the intake works through. */
export interface IntakePorts {
  readonly jobs: Jobs;
  readonly clock: Clock;
  /** Where lost deliveries are looked for; null where the forge's record cannot be read. */
  readonly hook: { readonly webhooks: ForgeWebhooks; readonly places: readonly HookPlace[] } | null;
}

/** Acts on one delivery. `isLast`: when this try fails, nothing is done about it any more unless a person says so. */
export type HandleDelivery = (delivery: Delivery, isLast: boolean) => Promise<void>;

/** The deliveries that came in: stored first, acted on afterwards. */
export interface DeliveryInbox {
  /** Stores them, all or none, as cheaply as can be: which of them are new is found when they are acted on, once each. */
  take(deliveries: readonly Taken[]): Promise<void>;
  /** Stores them, all or none; answers for each whether it was new. */
  store(deliveries: readonly Taken[]): Promise<readonly boolean[]>;
  /** Acts on them until stopped; what fails is tried again, and in the end listed among the dead. */
  process(handle: HandleDelivery): Promise<JobWorker>;
  dead(): Promise<readonly DeadJob[]>;
  revive(id: string): Promise<boolean>;
  counts(): Promise<JobCounts>;
  known(ids: readonly string[]): Promise<ReadonlySet<string>>;
  /** Forgets delivery ids older than this. GitHub sends nothing again after three days. */
  forget(before: Instant): Promise<number>;
}

function draftsOf(deliveries: readonly Taken[]): readonly JobDraft[] {
  return deliveries.map(({ delivery, keys }) => ({ keys, data: delivery }));
}

export function deliveryInbox(jobs: Jobs): DeliveryInbox {
  return {
    take: (deliveries) => jobs.post(DELIVERIES, draftsOf(deliveries)),
    store: (deliveries) => jobs.add(DELIVERIES, draftsOf(deliveries)),
    process: (handle) => jobs.work(DELIVERIES, (job) => handle(Delivery.parse(job.data), job.isLast)),
    dead: () => jobs.dead(DELIVERIES),
    revive: (id) => jobs.revive(DELIVERIES, id),
    counts: () => jobs.counts(DELIVERIES),
    known: async (ids) => {
      const keys = await jobs.known(
        DELIVERIES,
        ids.map((id) => `delivery ${id}`),
      );
      return new Set(ids.filter((id) => keys.has(`delivery ${id}`)));
    },
    forget: (before) => jobs.forgetKeys(DELIVERIES, before),
  };
}

export interface Reconciled {
  /** Deliveries of the time looked at that never arrived. */
  readonly failed: number;
  /** Of those, the ones that were not stored here by another way, and are now. */
  readonly recovered: number;
  /** Lost and no longer to be had, or not as documented: their ids. */
  readonly lost: readonly string[];
}

/** GitHub keeps its record of deliveries for three days. */
export const KEPT_MS = 3 * 24 * 3_600_000;

/**
 * Finds the deliveries that the forge sent and that are not here (the server was down, the network was), and takes them in as if they had
 * come. Reads the forge's own record; asking twice takes in nothing twice.
 */
export async function reconcileDeliveries(
  ports: { readonly inbox: DeliveryInbox; readonly webhooks: ForgeWebhooks; readonly place: HookPlace },
  range: { readonly since: Instant; readonly now: Instant },
): Promise<Reconciled> {
  const { inbox, webhooks, place } = ports;
  const since = instantOf(Math.max(epochMillis(range.since), epochMillis(range.now) - KEPT_MS));
  const attempts = (await webhooks.attempts(place, since)).filter(({ event }) => HEEDED_EVENTS.includes(event));
  // What was answered with success was stored before: only what never arrived can be missing.
  const arrived = new Set(attempts.flatMap((attempt) => (attempt.arrived ? [attempt.guid] : [])));
  const newest = new Map<string, WebhookAttempt>();
  for (const attempt of attempts.toReversed()) if (!arrived.has(attempt.guid)) newest.set(attempt.guid, attempt);
  const known = await inbox.known([...newest.keys()]);
  const lost: string[] = [];
  let recovered = 0;
  // Oldest first, so that what follows from one another comes in its order.
  for (const { guid, id, event, at } of newest.values()) {
    if (known.has(guid)) continue;
    const payload = await webhooks.payload(place, id);
    const read = readPayload({ id: guid, event, payload, at });
    if (read.kind === 'invalid') lost.push(guid);
    if (read.kind !== 'taken') continue;
    const [isNew] = await inbox.store([read]);
    if (isNew === true) recovered += 1;
  }
  return { failed: newest.size, recovered, lost };
}
