import { z } from 'zod';
import { CalendarDate } from '../instant.ts';
import { LOOPBACK_HOSTS } from '../loopback.ts';

/** Partners by the names that the train file gives them. */
export const PartnerName = z.string().regex(/^[a-z][a-z0-9-]{0,39}$/);

/** What partners can be told of; names are for ever. */
export const PartnerEventType = z.enum(['candidate.published', 'candidate.final', 'gate.changed', 'release.published']);
export type PartnerEventType = z.infer<typeof PartnerEventType>;

/** Whether a message may go there: over TLS, or to this machine where private addresses are allowed. */
function isSafe(address: string, isPrivate: boolean): boolean {
  const { protocol, hostname, username, password } = new URL(address);
  if (username !== '' || password !== '') return false;
  return protocol === 'https:' || (isPrivate && LOOPBACK_HOSTS.has(hostname));
}

/** Where a partner is told of events. */
export const PartnerWebhook = z
  .strictObject({
    url: z
      .url({ protocol: /^https?$/ })
      .max(1000)
      .describe('Address that events are posted to; https, without a password.'),
    events: z.array(PartnerEventType).min(1).describe('What is told.'),
    since: CalendarDate.describe('The first day (UTC) whose events are told; what was before is not.'),
    until: CalendarDate.optional().describe('The last day whose events are told.'),
    private: z
      .boolean()
      .default(false)
      .describe('Whether it is in a network of its own: without this only public addresses are called.'),
  })
  .refine(({ url, private: isPrivate }) => isSafe(url, isPrivate), {
    error: 'must be https without a name or password in it; plain http only to this machine, with private: true',
    path: ['url'],
  })
  .describe('A partner that is told of events, as Standard Webhooks has it.');
export type PartnerWebhook = z.infer<typeof PartnerWebhook>;
