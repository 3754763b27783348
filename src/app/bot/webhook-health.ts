import { epochMillis, instantOf, type Instant } from '../../domain/instant.ts';
import { observe, type Observed } from '../../domain/observation.ts';
import type { ForgeWebhooks, HookPlace } from '../../ports/forge.ts';
import type { App } from '../app.ts';
import { HEEDED_EVENTS, readPayload } from '../delivery-payload.ts';
import { deliveryInbox, KEPT_MS, type DeliveryInbox } from '../deliveries.ts';
import { hookPlaces, placeName } from './hooks.ts';

/** What the forge remembers of one webhook, compared with what is stored here. */
export interface HookRecord {
  /** Deliveries that something is done about. */
  readonly sent: number;
  /** Sent more than once, whoever asked for it: each was acted on once. */
  readonly replayed: number;
  /** Never answered with success, and taken in all the same: found by looking. */
  readonly recovered: number;
  /** Neither arrived nor taken in since, oldest first. */
  readonly lost: readonly { readonly guid: string; readonly event: string; readonly at: Instant }[];
  readonly newest: Instant | null;
}

export interface HookHealth {
  readonly place: string;
  readonly record: Observed<HookRecord>;
}

export interface WebhookHealth {
  readonly since: Instant;
  readonly hooks: readonly HookHealth[];
  /** Repositories whose webhooks may not be read. */
  readonly unreadable: readonly string[];
}

/** Which deliveries were lost and which came twice, in the three days that the forge remembers; null without a forge. Reads only. */
export async function webhookHealth(app: App): Promise<WebhookHealth | null> {
  const found = await hookPlaces(app);
  if (found === null) return null;
  const inbox = deliveryInbox(await app.jobs());
  const now = app.clock.now();
  const since = instantOf(epochMillis(now) - KEPT_MS);
  const hooks = await Promise.all(
    found.places.map(async (place) => ({
      place: placeName(place),
      record: await observe(`deliveries of ${placeName(place)}`, now, () =>
        recordOf({ inbox, webhooks: found.webhooks, place }, since),
      ),
    })),
  );
  return { since, hooks, unreadable: found.unreadable };
}

async function recordOf(
  { inbox, webhooks, place }: { inbox: DeliveryInbox; webhooks: ForgeWebhooks; place: HookPlace },
  since: Instant,
): Promise<HookRecord> {
  const attempts = (await webhooks.attempts(place, since)).filter(({ event }) => HEEDED_EVENTS.includes(event));
  const byGuid = Map.groupBy(attempts, ({ guid }) => guid);
  const failed = [...byGuid].filter(([, tries]) => !tries.some(({ arrived }) => arrived));
  const known = await inbox.known(failed.map(([guid]) => guid));
  const lost: { guid: string; event: string; at: Instant }[] = [];
  for (const [guid, tries] of failed.toReversed()) {
    const first = tries.at(-1);
    if (first === undefined || known.has(guid)) continue;
    const payload = await webhooks.payload(place, first.id);
    // One about which nothing is done, such as an edited comment, is no loss.
    if (readPayload({ id: guid, event: first.event, payload, at: first.at }).kind === 'ignored') continue;
    lost.push({ guid, event: first.event, at: first.at });
  }
  return {
    sent: byGuid.size,
    replayed: [...byGuid.values()].filter((tries) => tries.length > 1).length,
    recovered: known.size,
    lost,
    newest: attempts[0]?.at ?? null,
  };
}
