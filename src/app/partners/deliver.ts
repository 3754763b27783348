import { z } from 'zod';
import { epochMillis } from '../../domain/instant.ts';
import { PartnerName, type PartnerWebhook } from '../../domain/train/partner-webhooks.ts';
import { variableWord } from '../../domain/variable-word.ts';
import { PartnerError } from '../../ports/partner-hooks.ts';
import type { App } from '../app.ts';
import { readEntry } from '../log.ts';
import { partnerEvent, type PartnerEvent } from './payload.ts';
import { signatureOf } from './sign.ts';

/** The queue of messages to partners. */
export const PARTNERS = 'partners';

/** Which entry of the ledger is told to whom. What is sent is made from the entry when it is sent: the queue holds no copy of it. */
export const PartnerOrder = z.strictObject({ partner: PartnerName, seq: z.int().min(1) });
export type PartnerOrder = z.infer<typeof PartnerOrder>;

/** Sends one message that was asked for. A partner that the train file does not name any more, or that wants no more, is left alone. */
export async function deliverAsked(app: App, order: unknown): Promise<void> {
  const { partner, seq } = PartnerOrder.parse(order);
  const hook = app.loaded.train.webhooks[partner];
  if (hook === undefined) return;
  const entry = await readEntry(app, seq);
  const event = entry === null ? null : partnerEvent(entry);
  if (event === null) throw new Error(`entry ${seq} of the ledger is nothing that ${partner} is told of`);
  try {
    await sendTo(app, { partner, hook, event });
  } catch (error) {
    if (error instanceof PartnerError && error.code === 'gone') return;
    throw error;
  }
}

export interface Sending {
  readonly partner: string;
  readonly hook: PartnerWebhook;
  readonly event: PartnerEvent;
}

/** Signs with every secret of the partner, and sends once. Throws `PartnerError`. */
export async function sendTo(app: App, { partner, hook, event }: Sending): Promise<{ readonly status: number }> {
  const secrets = app.partners.secretsOf(partner);
  if (secrets.length === 0) throw new PartnerError('refused', `no secret: set ${secretVariable(partner)}`);
  const body = JSON.stringify(event.payload);
  const timestamp = Math.floor(epochMillis(app.clock.now()) / 1000);
  const signed = { id: event.id, timestamp, body };
  return app.partners.hooks.post({
    ...signed,
    url: hook.url,
    isPrivate: hook.private,
    signatures: secrets.map((secret) => signatureOf(signed, secret.reveal())),
  });
}

/** Where the secret of a partner is looked for. */
export function secretVariable(partner: string): string {
  return `SIGNALBOX_HOOK_${variableWord(partner)}_SECRET`;
}
