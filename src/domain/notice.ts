import { z } from 'zod';
import { Instant } from './instant.ts';
import { ReleaseVersion } from './version.ts';

/** What people are told of; a closed list, and each kind may be wished for in another way. */
export const NoticeKind = z.enum([
  'needs-you',
  'approval',
  'pick-decided',
  'plan-stopped',
  'candidate',
  'gate-changed',
  'date-moved',
  'train',
  'released',
]);
export type NoticeKind = z.infer<typeof NoticeKind>;

/** How one learns of something: as soon as it happens, or with everything else once a day. */
export const NoticeWhen = z.enum(['at-once', 'digest']);
export type NoticeWhen = z.infer<typeof NoticeWhen>;

interface KindFacts {
  /** What it tells of. */
  readonly tells: string;
  /** Whom it concerns. */
  readonly whom: string;
  readonly when: NoticeWhen;
  /** Somebody has to act: whoever cannot be told as wished is told in another way. */
  readonly mustAct: boolean;
}

export const NOTICE_KINDS: Readonly<Record<NoticeKind, KindFacts>> = {
  'needs-you': {
    tells: 'a gate, a pick, a revert or a plan waits for you',
    whom: 'who must act',
    when: 'at-once',
    mustAct: true,
  },
  approval: { tells: 'a plan waits for your approval', whom: 'who may approve', when: 'at-once', mustAct: true },
  'pick-decided': {
    tells: 'a pick you asked for was decided',
    whom: 'who asked for it',
    when: 'at-once',
    mustAct: false,
  },
  'plan-stopped': {
    tells: 'a plan stopped or failed half-way',
    whom: 'its author and who carried it out',
    when: 'at-once',
    mustAct: true,
  },
  candidate: { tells: 'the files of a candidate are complete', whom: 'who has a role', when: 'digest', mustAct: false },
  'gate-changed': {
    tells: 'a gate turned to another verdict',
    whom: 'who has a role',
    when: 'digest',
    mustAct: false,
  },
  'date-moved': { tells: 'the day of a release moved', whom: 'who has a role', when: 'at-once', mustAct: false },
  train: {
    tells: 'the train was frozen or thawed, or a release abandoned',
    whom: 'who has a role',
    when: 'at-once',
    mustAct: false,
  },
  released: { tells: 'a release is out', whom: 'who has a role', when: 'at-once', mustAct: false },
};

/** One thing to tell. Plain text in all of it: each channel escapes it for where it goes. */
export const Notice = z.strictObject({
  /** Of the ledger entry, or of what waits since when: the same thing is never told under two ids. */
  id: z.string().min(1).max(300),
  kind: NoticeKind,
  release: ReleaseVersion.nullable(),
  /** One line that says all that is needed on a lock screen. */
  headline: z.string().min(1),
  /** More of it, a line each. */
  lines: z.array(z.string()).readonly(),
  /** Path of the page that shows it. */
  path: z.string().startsWith('/'),
  at: Instant,
  /** What waits, where something does: looked for again just before it is told. */
  duty: z.string().nullable(),
});
export type Notice = z.infer<typeof Notice>;

/** A notice with the logins it concerns. */
export interface AddressedNotice {
  readonly notice: Notice;
  readonly to: readonly string[];
  /** Also told in the rooms that wish for its kind; not what only one person has to do. */
  readonly isNews: boolean;
}

/** Where a message goes. */
export const NoticeAddress = z.discriminatedUnion('channel', [
  z.strictObject({ channel: z.literal('mail'), address: z.string() }),
  /** A room by its name in the train file; its address is a secret. */
  z.strictObject({ channel: z.literal('slack'), room: z.string() }),
  /** On the tracker of the release; null: of the newest one. */
  z.strictObject({ channel: z.literal('mention'), release: ReleaseVersion.nullable() }),
]);
export type NoticeAddress = z.infer<typeof NoticeAddress>;

/** A person's own channels. */
export const NoticeChannel = z.enum(['mail', 'slack', 'mention', 'none']);
export type NoticeChannel = z.infer<typeof NoticeChannel>;
