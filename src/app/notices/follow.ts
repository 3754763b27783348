import { addSeconds, elapsedMillis, type Instant } from '../../domain/instant.ts';
import type { NoticeRoom } from '../../domain/notice-timing.ts';
import type { AddressedNotice } from '../../domain/notice.ts';
import { lineOf, type ReleaseVersion } from '../../domain/version.ts';
import { cadenceDates } from '../../process/01-plan/index.ts';
import type { App } from '../app.ts';
import { lastEntry } from '../log.ts';
import { entriesOf } from '../record.ts';
import { withTeams } from '../teams.ts';
import { audienceOf } from './audience.ts';
import { noticesOfEntries } from './from-ledger.ts';
import { NOTICES } from './send.ts';
import { lookAtDuties, type DutiesSeen } from './standing.ts';
import { decideStep, FollowState } from './step.ts';

/** The world is looked at for what waits so often, and sooner after something was decided. */
const LOOK_MILLIS = 5 * 60_000;
const LOOK_SOON_MILLIS = 60_000;
/** What was told is kept for a quarter of a year. */
const KEPT_SECONDS = 90 * 24 * 3_600;

/** What a step came to. */
export interface Followed {
  /** Notices that were decided. */
  readonly notices: number;
  readonly unread: DutiesSeen['unread'];
}

/**
 * One step of following the ledger, and what waits for people: whatever is new becomes notices. Null where nothing was due, or another process was first. What was
 * decided is kept together with how far the ledger was followed, so that a process that dies in between loses nothing and repeats nothing.
 */
export async function followOnce(app: App): Promise<Followed | null> {
  const box = await app.notices();
  const seq = (await lastEntry(app)) ?? 0;
  const kept = await box.followed();
  // Of what was before the first step nobody is told; of what waits since then everybody is.
  const before = kept === null ? { seq, lookedAt: null, duties: {}, days: {} } : FollowState.parse(kept.state);
  const now = app.clock.now();
  const isNew = seq > before.seq;
  const lookAll = isLookDue(before.lookedAt, now, isNew);
  if (!isNew && !lookAll) return null;
  const withPeople = await withTeams(app);
  const audience = audienceOf(withPeople.loaded.train);
  const seen = await lookAtDuties(withPeople, lookAll ? 'all' : 'plans');
  const facts = {
    seq,
    news: isNew ? await newsOf(app, { after: before.seq, seq, audience }) : [],
    seen,
    lookedAtAll: lookAll,
    days: daysOf(app, seen.live),
    audience,
  };
  const step = decideStep(before, facts, await roomOf(withPeople, now));
  const isFirst = await box.advance(kept?.version ?? null, { ...step, at: now });
  if (!isFirst) return null;
  if (lookAll) await forgetOld(app, addSeconds(now, -KEPT_SECONDS));
  return { notices: step.notices.length, unread: seen.unread };
}

interface NewEntries {
  readonly after: number;
  readonly seq: number;
  readonly audience: readonly string[];
}

/** What the entries after one, up to another, tell; verdicts that were seen to turn are among them, and only among them. */
async function newsOf(app: App, { after, seq, audience }: NewEntries): Promise<readonly AddressedNotice[]> {
  const ledger = await app.ledger();
  const fresh = await ledger.read({ train: app.loaded.train.train, after, before: seq + 1 });
  return noticesOfEntries({ entries: await entriesOf(app), fresh, audience });
}

async function forgetOld(app: App, before: Instant): Promise<void> {
  await (await app.notices()).forget(before);
  await (await app.jobs()).forgetKeys(NOTICES, before);
}

function isLookDue(lookedAt: Instant | null, now: Instant, isNew: boolean): boolean {
  if (lookedAt === null) return true;
  const since = elapsedMillis(lookedAt, now);
  // A clock that was set back is no reason to wait.
  return since < 0 || since >= (isNew ? LOOK_SOON_MILLIS : LOOK_MILLIS);
}

/** What decides about channels: the train file, what people wish, and what is set up here. */
export async function roomOf(app: App, now: Instant): Promise<NoticeRoom> {
  const box = await app.notices();
  return { train: app.loaded.train, choices: await box.choices.all(), now, open: openChannels(app) };
}

/** The channels by which somebody can be told from here. */
export function openChannels({ telling, forge }: App): NoticeRoom['open'] {
  return { mail: telling.mail, mention: forge !== null || telling.mention, rooms: telling.rooms };
}

function daysOf({ loaded: { train } }: App, live: readonly ReleaseVersion[]): ReadonlyMap<ReleaseVersion, string> {
  return new Map(
    live.flatMap((release) => {
      const dates = cadenceDates(train.calendar, lineOf(release));
      const day = dates.find((one) => one.what !== 'cut' && one.release === release)?.date.on;
      return day === undefined ? [] : [[release, day] as const];
    }),
  );
}
