import { z } from 'zod';
import { elapsedMillis, Instant } from '../../domain/instant.ts';
import { decideNotices, type NoticeRoom, type Outgoing } from '../../domain/notice-timing.ts';
import type { AddressedNotice } from '../../domain/notice.ts';
import { ReleaseVersion } from '../../domain/version.ts';
import { Family, type DutiesSeen, type StandingDuty } from './standing.ts';

const DutyKnown = z.strictObject({
  family: Family,
  release: ReleaseVersion,
  since: Instant,
  /** Somebody was or will be told; false while there is no way to tell them. */
  told: z.boolean(),
  /** Since when it waits no longer; kept for a while, so that what comes and goes is told once. */
  goneAt: Instant.nullable(),
});
type DutyKnown = z.infer<typeof DutyKnown>;

/** What the follower of the ledger knows from one step to the next. */
export const FollowState = z.strictObject({
  /** Of the last entry that was told of. */
  seq: z.int().min(0),
  /** When the world was last looked at for what waits. */
  lookedAt: Instant.nullable(),
  /** By person and name. */
  duties: z.record(z.string(), DutyKnown),
  /** The day of each release as it was last said. */
  days: z.record(z.string(), z.string()),
});
export type FollowState = z.infer<typeof FollowState>;

/** What one step rests on. */
export interface StepFacts {
  /** Of the newest entry. */
  readonly seq: number;
  /** What the newer entries tell. */
  readonly news: readonly AddressedNotice[];
  readonly seen: DutiesSeen;
  /** Whether the world was looked at, besides the ledger. */
  readonly lookedAtAll: boolean;
  /** The planned day of each live release. */
  readonly days: ReadonlyMap<ReleaseVersion, string>;
  readonly audience: readonly string[];
}

/** What waits no longer is taken for the same for so long: a check that is started anew and fails again is told once. */
const SAME_MILLIS = 30 * 60_000;

/** One step of following: what is known afterwards, and what is told. Pure. */
export function decideStep(
  before: FollowState,
  facts: StepFacts,
  room: NoticeRoom,
): { readonly state: FollowState; readonly notices: readonly Outgoing[] } {
  const known = knownDuties(before, facts.seen, room.now);
  const waiting = dutyNotices(facts.seen.duties, known, room.now);
  const duties = waiting.flatMap(({ notice, keys }) => decideNotices([notice], room).map((one) => ({ one, keys })));
  const told = new Set(
    duties.flatMap(({ one, keys }) =>
      one.address === null ? [] : keys.filter((key) => key.startsWith(`${one.who?.toLowerCase()} `)),
    ),
  );
  return {
    state: {
      seq: Math.max(before.seq, facts.seq),
      lookedAt: facts.lookedAtAll ? room.now : before.lookedAt,
      duties: Object.fromEntries(
        [...known].map(([key, duty]) => [key, told.has(key) ? { ...duty, told: true } : duty] as const),
      ),
      days: { ...before.days, ...Object.fromEntries(facts.days) },
    },
    notices: [
      ...decideNotices(facts.news, room),
      ...decideNotices(movedDays(before, facts, room.now), room),
      ...duties.map(({ one }) => one),
    ],
  };
}

function keyOf({ who, name }: StandingDuty): string {
  return `${who.toLowerCase()} ${name}`;
}

/** What waits now, and what did a moment ago. */
function knownDuties(before: FollowState, seen: DutiesSeen, now: Instant): ReadonlyMap<string, DutyKnown> {
  const known = new Map<string, DutyKnown>();
  for (const [key, duty] of Object.entries(before.duties)) {
    if (!seen.live.includes(duty.release)) continue;
    const isJudged = seen.judged.some(({ release, family }) => release === duty.release && family === duty.family);
    const goneAt = isJudged ? (duty.goneAt ?? now) : duty.goneAt;
    if (goneAt === null || elapsedMillis(goneAt, now) < SAME_MILLIS) known.set(key, { ...duty, goneAt });
  }
  for (const duty of seen.duties) {
    const { family, release, isSure, isHandedOver } = duty;
    const key = keyOf(duty);
    const old = known.get(key);
    if (old !== undefined) known.set(key, { ...old, goneAt: null });
    else if (isSure && !isHandedOver) known.set(key, { family, release, since: now, told: false, goneAt: null });
  }
  return known;
}

interface DutyNotice {
  readonly notice: AddressedNotice;
  readonly keys: readonly string[];
}

/** What waits and was not told yet; one notice for all whom the same waits for since the same moment. */
function dutyNotices(
  duties: readonly StandingDuty[],
  known: ReadonlyMap<string, DutyKnown>,
  now: Instant,
): readonly DutyNotice[] {
  const groups = new Map<string, { readonly since: Instant; readonly duties: StandingDuty[] }>();
  for (const duty of duties.filter(({ isSure, isHandedOver }) => isSure && !isHandedOver)) {
    const own = known.get(keyOf(duty));
    if (own === undefined || own.told) continue;
    const id = `${duty.name}${duty.standsInFor === null ? '' : ` for ${duty.standsInFor}`} since ${own.since}`;
    const group = groups.get(id) ?? { since: own.since, duties: [] };
    group.duties.push(duty);
    groups.set(id, group);
  }
  return [...groups].flatMap(([id, group]) => {
    const [first] = group.duties;
    if (first === undefined) return [];
    const { name, isApproval, headline, lines, path, release } = first;
    const kind = isApproval ? ('approval' as const) : ('needs-you' as const);
    const notice = { id: id.slice(0, 300), kind, release, headline, lines: [...lines], path, at: now, duty: name };
    return [
      {
        notice: { notice, to: group.duties.map(({ who }) => who), isNews: false },
        keys: group.duties.map((duty) => keyOf(duty)),
      },
    ];
  });
}

/** Days of releases that are others than when they were last said; the first time nobody is told. */
function movedDays(before: FollowState, { days, audience, seq }: StepFacts, now: Instant): readonly AddressedNotice[] {
  return [...days].flatMap(([release, day]) => {
    const was = before.days[release];
    if (was === undefined || was === day) return [];
    const notice = {
      id: `day of ${release} ${was} to ${day} after ${seq}`,
      kind: 'date-moved' as const,
      release,
      headline: `${release}: the day moved from ${was} to ${day}`,
      lines: [],
      path: '/calendar',
      at: now,
      duty: null,
    };
    return [{ notice, to: audience, isNews: true }];
  });
}
