import { z } from 'zod';
import { Instant } from './instant.ts';
import { QuietHours, TimeZone, UTC } from './local-time.ts';
import { NOTICE_KINDS, NoticeChannel, NoticeKind, type NoticeWhen } from './notice.ts';
import { SecretHash } from './secret-hash.ts';
import { DigestTime, KindRule, Notices, RoomName } from './train/notices.ts';
import { personOf } from './train/people.ts';
import type { Train } from './train/train.ts';

/** One address, as it stands in a message: nothing in it may begin another header or another recipient. */
export const MailAddress = z
  .string()
  .max(254)
  .regex(
    /^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)+$/,
    {
      error: 'not a mail address: write it as name@example.org',
    },
  );

/** What a person wishes, of what may be wished; what is null or left out is as the train file has it. */
export const NoticeChoice = z.strictObject({
  /** Not in the ledger and not in the train file: those are read by others. */
  mail: MailAddress.nullable(),
  /** An address that somebody typed, and that nobody has shown to read: nothing is sent there but the code that shows it. */
  unproven: z
    .strictObject({ mail: MailAddress, code: SecretHash, askedAt: Instant, until: Instant })
    .nullable()
    .default(null),
  zone: TimeZone.nullable(),
  /** `none`: told at any hour. */
  quiet: z.union([QuietHours, z.literal('none')]).nullable(),
  digest: DigestTime.nullable(),
  /** The room that is meant where the channel is Slack. */
  room: RoomName.nullable(),
  /** The channel of kinds that have none of their own. */
  by: NoticeChannel.nullable(),
  kinds: z.partialRecord(NoticeKind, KindRule),
});
export type NoticeChoice = z.infer<typeof NoticeChoice>;

export const NO_CHOICE: NoticeChoice = {
  mail: null,
  unproven: null,
  zone: null,
  quiet: null,
  digest: null,
  room: null,
  by: null,
  kinds: {},
};

const UNSAID: Notices = Notices.parse({});

/** What the train file says of notices; where it says nothing, nobody is told who did not choose to be. */
export function noticesOf({ notices }: Pick<Train, 'notices'>): Notices {
  return notices ?? UNSAID;
}

/** When somebody may be told, on their own clock. */
export interface NoticeHours {
  readonly zone: TimeZone;
  readonly quiet: QuietHours | null;
  readonly digest: DigestTime;
}

/** A person's hours, by their choice or by the train file. */
export function hoursOf(train: Pick<Train, 'notices' | 'people'>, login: string, choice: NoticeChoice): NoticeHours {
  const usual = noticesOf(train);
  const person = personOf(train, login);
  return {
    zone: choice.zone ?? person?.zone ?? usual.zone ?? UTC,
    quiet: choice.quiet === 'none' ? null : (choice.quiet ?? usual.quiet),
    digest: choice.digest ?? usual.digest,
  };
}

/** How a person is told of a kind: their own word on the kind, else on all kinds, else the train file's on either. */
export interface NoticeRule {
  readonly by: NoticeChannel;
  readonly when: NoticeWhen;
  /** Whether the person chose the channel: an own `none` is a wish, the train file's is nobody's. */
  readonly isChosen: boolean;
}

export function ruleOf(train: Pick<Train, 'notices'>, choice: NoticeChoice, kind: NoticeKind): NoticeRule {
  const usual = noticesOf(train);
  const own = choice.kinds[kind]?.by ?? choice.by ?? null;
  return {
    by: own ?? usual.kinds[kind]?.by ?? usual.by,
    when: choice.kinds[kind]?.when ?? usual.kinds[kind]?.when ?? NOTICE_KINDS[kind].when,
    isChosen: own !== null,
  };
}
