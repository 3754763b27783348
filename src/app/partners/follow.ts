import { dateOf } from '../../domain/instant.ts';
import type { LedgerEntry } from '../../domain/ledger-event.ts';
import type { PartnerWebhook } from '../../domain/train/partner-webhooks.ts';
import type { JobDraft } from '../../ports/jobs.ts';
import type { App } from '../app.ts';
import { lastEntry } from '../log.ts';
import { PARTNERS, type PartnerOrder } from './deliver.ts';
import { partnerEvent, TOLD } from './payload.ts';

/** So many are taken into the queue at once. */
const BATCH = 200;

/**
 * Takes what partners are to be told into the queue, from the entries after `after`; returns the number of the last entry that was looked at. The queue knows each
 * message by partner and entry and takes none twice, so whoever looks, from wherever, nothing is lost and nothing told twice.
 */
export async function queuePartnerEvents(app: App, after: number): Promise<number> {
  const partners = Object.entries(app.loaded.train.webhooks);
  if (partners.length === 0) return after;
  const head = (await lastEntry(app)) ?? 0;
  if (head <= after) return after;
  const ledger = await app.ledger();
  const entries = await ledger.read({ train: app.loaded.train.train, after, before: head + 1, types: TOLD });
  const drafts = entries.flatMap((entry) =>
    partners.filter(([, hook]) => isTold(hook, entry)).map(([name]) => draftOf({ partner: name, seq: entry.seq })),
  );
  const jobs = await app.jobs();
  for (let at = 0; at < drafts.length; at += BATCH) await jobs.add(PARTNERS, drafts.slice(at, at + BATCH));
  return head;
}

function isTold({ events, since, until }: PartnerWebhook, entry: LedgerEntry): boolean {
  const day = dateOf(entry.at);
  if (day < since || (until !== undefined && day > until)) return false;
  const type = partnerEvent(entry)?.type;
  return events.some((each) => each === type);
}

function draftOf(order: PartnerOrder): JobDraft {
  return { keys: [`${order.partner}:${order.seq}`], data: order };
}
