import { z } from 'zod';
import { addDays, CalendarDate, dateOf, type Instant } from '../instant.ts';
import { TimeZone } from '../local-time.ts';

/** Days on which somebody is not there, both included. */
const Away = z
  .strictObject({ from: CalendarDate.describe('First day.'), to: CalendarDate.describe('Last day.') })
  .refine((away) => away.from <= away.to, { error: 'ends before it begins', path: ['to'] });
export type Away = z.infer<typeof Away>;

export const Person = z.strictObject({
  name: z.string().default('').describe('Name that people read.'),
  away: z.array(Away).default([]).describe('When the person is away.'),
  deputies: z
    .array(z.string().min(1))
    .default([])
    .describe(
      'Logins of who acts while the person is away, the first being asked first. Where a deputy is away too, theirs follow. It gives nobody a right.',
    ),
  zone: TimeZone.optional().describe('Time zone of the person, for quiet hours and the digest.'),
  slack: z
    .string()
    .regex(/^[UW][A-Z0-9]{2,20}$/, { error: 'not a member of Slack: U and letters, as the profile shows it' })
    .optional()
    .describe('Member id in Slack, by which the person is called in a room.'),
});
export type Person = z.infer<typeof Person>;

/** The person of a login, as the train file knows them; logins of the forge do not differ by case. */
export function personOf(
  { people }: { readonly people: Readonly<Record<string, Person>> },
  login: string,
): Person | null {
  const wanted = login.toLowerCase();
  return Object.entries(people).find(([known]) => known.toLowerCase() === wanted)?.[1] ?? null;
}

/**
 * The last day on which the person is away without a day between, as of the day of the moment (UTC); null where they are there. Of whom the train file says nothing is
 * there.
 */
export function awayUntil(
  train: { readonly people: Readonly<Record<string, Person>> },
  login: string,
  now: Instant,
): CalendarDate | null {
  const spans = (personOf(train, login)?.away ?? []).toSorted((one, other) => (one.from < other.from ? -1 : 1));
  let last: CalendarDate | null = null;
  for (const { from, to } of spans) {
    const begun = from <= (last === null ? dateOf(now) : addDays(last, 1));
    if (begun && to >= (last ?? dateOf(now))) last = to;
  }
  return last;
}

/** Whether the person is away on the day of the moment (UTC). */
export function isAway(
  train: { readonly people: Readonly<Record<string, Person>> },
  login: string,
  now: Instant,
): boolean {
  return awayUntil(train, login, now) !== null;
}

/** A part of the work on a release that needs a point of contact. Seed: "Running Launch Execution team Core XFN sync". */
export const Workstream = z.strictObject({
  title: z.string().min(1).describe('Name that people read: Release Eng.'),
  poc: z.array(z.string().min(1)).default([]).describe('Logins of the points of contact, the first being asked first.'),
  deputies: z
    .array(z.string().min(1))
    .default([])
    .describe('Logins of who stands in while every point of contact is away.'),
});
export type Workstream = z.infer<typeof Workstream>;
