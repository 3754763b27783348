import { z } from 'zod';
import { QuietHours, TimeOfDay, TimeZone, Weekday } from '../local-time.ts';
import { NoticeChannel, NoticeKind, NoticeWhen } from '../notice.ts';

/** When everything that is not told at once is told. */
export const DigestTime = z.strictObject({
  at: TimeOfDay.prefault('09:00').describe('Time of day.'),
  days: z.array(Weekday).min(1).default(['mon', 'tue', 'wed', 'thu', 'fri']).describe('Days of the week.'),
});
export type DigestTime = z.infer<typeof DigestTime>;

/** How one kind of notice is told; what is left out is as for all kinds. */
export const KindRule = z.strictObject({
  by: NoticeChannel.optional().describe('Channel.'),
  when: NoticeWhen.optional().describe('At once, or in the digest.'),
});
export type KindRule = z.infer<typeof KindRule>;

export const RoomName = z.string().regex(/^[a-z][a-z0-9-]{0,39}$/, {
  error: 'not a name of a room: lower-case letters, digits, dash',
});

/** Whom to tell what, unless they choose otherwise. */
export const Notices = z.strictObject({
  by: NoticeChannel.default('none').describe('Channel of who chose none: nobody is told before somebody wished it.'),
  kinds: z.partialRecord(NoticeKind, KindRule).default({}).describe('Otherwise for some kinds.'),
  zone: TimeZone.prefault('UTC').describe('Time zone of who chose none.'),
  quiet: QuietHours.nullable()
    .prefault({ from: '21:00', to: '08:00' })
    .describe('Hours in which nobody is disturbed, on their own clock; null for none.'),
  digest: DigestTime.prefault({}).describe('When the digest comes.'),
  slack: z
    .record(
      RoomName,
      z.strictObject({
        tells: z.array(NoticeKind).default([]).describe('Kinds that are told to the whole room.'),
      }),
    )
    .default({})
    .describe('Rooms of Slack, or of what takes its webhooks; the address comes from SIGNALBOX_SLACK_NAME_URL.'),
});
export type Notices = z.infer<typeof Notices>;
