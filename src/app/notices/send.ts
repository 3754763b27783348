import { z } from 'zod';
import { addSeconds } from '../../domain/instant.ts';
import type { ReleaseVersion } from '../../domain/version.ts';
import { many } from '../../domain/words.ts';
import type { KeptNotice } from '../../ports/notice-box.ts';
import { NotifierError, type Notifier } from '../../ports/notifier.ts';
import type { App } from '../app.ts';
import { coreTracker } from '../picks/tracker.ts';
import { listReleases } from '../releases.ts';
import { withTeams } from '../teams.ts';
import { mentionNotifier } from './mention.ts';
import { groupNotices, messageId, messageOf } from './message.ts';
import { lookAtDuties, type Family } from './standing.ts';

/** The queue of messages that are to be sent. */
export const NOTICES = 'notices';

/** A message is known by the notices in it. */
const MessageOrder = z.strictObject({ ids: z.array(z.string()).min(1) });

/** A message in the queue, in words. */
export function orderText(order: unknown): string {
  const { ids = [] } = MessageOrder.safeParse(order).data ?? {};
  return `a message of ${many(ids.length, 'notice')}`;
}

/** After so long without an end a try is over, and the message is sent again: longer than any channel waits. */
const STALE_SECONDS = 120;
/** What was decided less than this ago is not looked for again. */
const FRESH_SECONDS = 60;

/**
 * Puts what may be told now into the queue; answers how many messages are new there. Each notice is in one message, whoever does it and however often: where another
 * process was first with some of a message, the rest of it is found the next time.
 */
export async function queueDue(app: App): Promise<number> {
  const box = await app.notices();
  const due = await box.due(app.clock.now());
  if (due.length === 0) return 0;
  const jobs = await app.jobs();
  const all = due.map(({ id }) => id);
  const known = await jobs.known(NOTICES, all);
  const drafts = groupNotices(due.filter(({ id }) => !known.has(id))).flatMap(({ notices }) => {
    const [first, ...rest] = notices.map(({ id }) => id);
    return first === undefined ? [] : [{ keys: [first, ...rest] as const, data: { ids: [first, ...rest] } }];
  });
  const taken = await jobs.add(NOTICES, drafts);
  return taken.filter(Boolean).length;
}

export interface SendInput {
  /** What the queue holds. */
  readonly order: unknown;
  /** No try comes after this one. */
  readonly isLast: boolean;
  /** Where the pages are; null where it is not known. */
  readonly site: string | null;
}

/**
 * Sends one message. What was done meanwhile is left out, and nothing is sent where nothing is left. A failure is written beside the notice and thrown, so that the
 * queue tries again later, and keeps it among the dead in the end.
 */
export async function sendAsked(app: App, { order, isLast, site }: SendInput): Promise<void> {
  const { ids } = MessageOrder.parse(order);
  const box = await app.notices();
  const now = app.clock.now();
  const begun = await box.begin(ids, now, addSeconds(now, -STALE_SECONDS));
  if (begun.length === 0) {
    const waiting = (await box.due(now)).some(({ id }) => ids.includes(id));
    // Another process is at it, or was until it died: found out by the next try.
    if (waiting && !isLast) throw new Error('another process is sending this message');
    return;
  }
  try {
    const left = await stillTrue(app, begun);
    const done = begun.filter((one) => !left.includes(one)).map(({ id }) => id);
    if (done.length > 0) await box.settle(done, { state: 'dropped', why: 'it was done before it was told', at: now });
    const again = begun.some(({ begunAt }) => begunAt !== null);
    // What one message was made of has one place and one moment.
    const [group] = groupNotices(left);
    if (group === undefined) return;
    const about = { id: messageId(ids), again, title: app.loaded.train.title, site };
    await notifierOf(app).send(messageOf(group, about));
    await box.settle(
      group.notices.map(({ id }) => id),
      { state: 'sent', why: null, at: app.clock.now() },
    );
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const all = begun.map(({ id }) => id);
    await box.settle(all, { state: 'waiting', why: why.slice(0, 1000), at: app.clock.now() });
    throw error;
  }
}

/** Without what was done since it was decided. What cannot be looked for is told: rather once too often than not at all. */
async function stillTrue(app: App, notices: readonly KeptNotice[]): Promise<readonly KeptNotice[]> {
  const fresh = addSeconds(app.clock.now(), -FRESH_SECONDS);
  const old = notices.filter(({ notice, decidedAt }) => notice.duty !== null && decidedAt < fresh);
  if (old.length === 0) return notices;
  const releases = new Set(old.flatMap(({ notice }) => notice.release ?? []));
  const isOnlyPlans = old.every(({ notice }) => notice.kind === 'approval');
  const seen = await lookAtDuties(await withTeams(app), isOnlyPlans ? 'plans' : 'all', releases);
  const waits = new Set(
    seen.duties.filter(({ isHandedOver }) => !isHandedOver).map(({ who, name }) => `${who.toLowerCase()} ${name}`),
  );
  const isKnown = ({ notice }: KeptNotice): boolean => {
    if (notice.release === null || !seen.live.includes(notice.release)) return true;
    return seen.judged.some(({ release, family }) => release === notice.release && family === familyOf(notice.duty));
  };
  return notices.filter(
    (one) => !old.includes(one) || !isKnown(one) || waits.has(`${one.who?.toLowerCase()} ${one.notice.duty}`),
  );
}

/** The family of a duty by its name, `2.8.0 gate ci-green`. */
function familyOf(duty: string | null): Family {
  const kind = duty?.split(' ', 2)[1];
  if (kind === 'gate') return 'gates';
  return kind === 'pick' || kind === 'revert' ? 'picks' : 'plans';
}

/** The channels of this app; people are called on the tracker by the forge's own port. */
export function notifierOf(app: App): Notifier {
  const { telling, forge } = app;
  return {
    send: async (message) => {
      if (message.to.channel !== 'mention' || telling.mention) return telling.notifier.send(message);
      if (forge === null) throw new NotifierError('not-set-up', 'the train file names no forge to call people on');
      const placeOf = async (release: ReleaseVersion | null) => {
        const newest = (await listReleases(app)).findLast(({ closed }) => closed === null)?.release;
        const wanted = release ?? newest;
        return wanted === undefined ? null : coreTracker(app, wanted);
      };
      return mentionNotifier({ forge, who: app.who, placeOf }).send(message);
    },
  };
}
