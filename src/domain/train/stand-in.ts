import { z } from 'zod';
import { CalendarDate, type Instant } from '../instant.ts';
import { dayText } from '../time-text.ts';
import { awayUntil, personOf, type Person } from './people.ts';

/** Of something that waits for somebody who is away. */
export const StandIn = z.discriminatedUnion('is', [
  /** In the list of who acts: for whom, and until which day, that day included. */
  z.strictObject({ is: z.literal('for'), who: z.string(), until: CalendarDate }).readonly(),
  /** In the list of who is away: who acts. */
  z.strictObject({ is: z.literal('by'), who: z.string(), until: CalendarDate }).readonly(),
  /** In the list of who is away: nobody acts. `circle`: the deputies are away and each other's. */
  z
    .strictObject({ is: z.literal('nobody'), why: z.enum(['no-deputy', 'all-away', 'circle']), until: CalendarDate })
    .readonly(),
]);
export type StandIn = z.infer<typeof StandIn>;

/** Who acts where several are named, the first being asked first. */
export type Acting =
  | { readonly is: 'there'; readonly who: string }
  /** Until the first of those who come before `who` is back. */
  | { readonly is: 'stands-in'; readonly who: string; readonly for: string; readonly until: CalendarDate }
  | {
      readonly is: 'nobody';
      readonly for: string;
      readonly why: 'no-deputy' | 'all-away' | 'circle';
      readonly until: CalendarDate;
    };

interface HasPeople {
  readonly people: Readonly<Record<string, Person>>;
}

interface Walk {
  readonly train: HasPeople;
  readonly now: Instant;
  /** Whether the person could do it at all: a deputy is not given a right. */
  readonly may: (login: string) => boolean;
  /** Logins in lower case, with the last day of their absence. */
  readonly away: Map<string, CalendarDate>;
  /** Who is, over deputies, their own deputy. */
  readonly circles: Set<string>;
}

/**
 * Who acts: the first that is named, or, while they are away, the first of their deputies who is there, then the next that is named. Null where nobody is named. Each
 * person is asked once, so that circles end.
 */
export function whoActs(
  train: HasPeople,
  named: readonly string[],
  now: Instant,
  may: (login: string) => boolean = () => true,
): Acting | null {
  const [first] = named;
  if (first === undefined) return null;
  const walk: Walk = { train, now, may, away: new Map(), circles: new Set() };
  const who = walkTo(walk, named);
  const until = [...walk.away.values()].toSorted()[0];
  if (who !== null && (until === undefined || who.toLowerCase() === first.toLowerCase())) return { is: 'there', who };
  if (until === undefined) return { is: 'there', who: first };
  if (who !== null) return { is: 'stands-in', who, for: first, until };
  const why = walk.circles.size > 0 ? 'circle' : walk.away.size === 1 ? 'no-deputy' : 'all-away';
  return { is: 'nobody', for: first, why, until };
}

/** `path`: whose deputies these are, and theirs before them. */
function walkTo(walk: Walk, logins: readonly string[], path: readonly string[] = []): string | null {
  for (const login of logins) {
    const key = login.toLowerCase();
    if (path.includes(key)) walk.circles.add(key);
    if (walk.away.has(key)) continue;
    const until = awayUntil(walk.train, login, walk.now);
    if (until === null && walk.may(login)) return login;
    if (until === null) continue;
    walk.away.set(key, until);
    const deputy = walkTo(walk, personOf(walk.train, login)?.deputies ?? [], [...path, key]);
    if (deputy !== null) return deputy;
  }
  return null;
}

/** Something that waits, in somebody's list. */
export interface Given {
  readonly who: string;
  /** Null: it waits for them themselves, and they are there. */
  readonly standIn: StandIn | null;
}

/** In whose lists something is that waits for one of several: of who acts, and of the first, who is away. */
export function givenToFirst(
  train: HasPeople,
  named: readonly string[],
  now: Instant,
  may?: (login: string) => boolean,
): readonly Given[] {
  const acting = whoActs(train, named, now, may);
  if (acting === null) return [];
  switch (acting.is) {
    case 'there':
      return [{ who: acting.who, standIn: null }];
    case 'stands-in': {
      const { who, until } = acting;
      return [
        { who, standIn: { is: 'for', who: acting.for, until } },
        { who: acting.for, standIn: { is: 'by', who, until } },
      ];
    }
    case 'nobody':
      return [{ who: acting.for, standIn: { is: 'nobody', why: acting.why, until: acting.until } }];
  }
}

/** The same of what waits for each of several: whoever is asked for themselves is not asked once more for somebody else. */
export function givenToEach(
  train: HasPeople,
  named: readonly string[],
  now: Instant,
  may?: (login: string) => boolean,
): readonly Given[] {
  const all = new Map<string, Given>();
  for (const login of named) {
    for (const one of givenToFirst(train, [login], now, may)) {
      const key = one.who.toLowerCase();
      const before = all.get(key);
      // Who is asked for themselves is told that; who stands in for two is told of the first.
      if (before === undefined || (before.standIn?.is === 'for' && one.standIn?.is !== 'for')) all.set(key, one);
    }
  }
  return [...all.values()];
}

/** Whom to call where something is said to several, the first being asked first: who acts for the first, then whoever else is there. */
export function whoIsCalled(train: HasPeople, named: readonly string[], now: Instant): readonly string[] {
  const acting = whoActs(train, named, now);
  if (acting === null) return [];
  const first = acting.is === 'nobody' ? acting.for : acting.who;
  const known = new Map(named.map((login) => [login.toLowerCase(), login]));
  known.delete(first.toLowerCase());
  return [first, ...[...known.values()].filter((login) => awayUntil(train, login, now) === null)];
}

const NOBODY = {
  'no-deputy': 'no deputy stands in',
  'all-away': 'the deputies are away too',
  circle: 'the deputies are away too and stand in for each other',
} as const;

/** `for @ana, until 5 Dec`; `@dora acts until 5 Dec`; `away until 5 Dec: no deputy stands in`. */
export function standInText(standIn: StandIn, now: Instant): string {
  const until = dayText(standIn.until, now);
  switch (standIn.is) {
    case 'for':
      return `for @${standIn.who}, until ${until}`;
    case 'by':
      return `@${standIn.who} acts until ${until}`;
    case 'nobody':
      return `away until ${until}: ${NOBODY[standIn.why]}`;
  }
}

/** Why nobody acts, in words. */
export function nobodyText(why: Extract<Acting, { readonly is: 'nobody' }>['why']): string {
  return NOBODY[why];
}
