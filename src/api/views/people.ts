import { z } from 'zod';
import { CalendarDate } from '../../domain/instant.ts';
import { ReleaseVersion } from '../../domain/version.ts';

/** Who does what on the train. */
export const PeopleView = z.object({
  title: z.string(),
  /** Live releases: each has an agenda and a hand-over. */
  releases: z.array(ReleaseVersion).default([]),
  roles: z.array(z.object({ role: z.string(), logins: z.array(z.string()) })),
  workstreams: z.array(
    z.object({
      workstream: z.string(),
      title: z.string(),
      poc: z.array(z.string()),
      deputies: z.array(z.string()),
      /** Who answers today; null when nobody does. */
      who: z.string().nullable(),
      stands: z.enum(['poc', 'deputy', 'nobody-named', 'all-away']),
      /** The last day on which somebody stands in for the first point of contact, or nobody does. */
      until: CalendarDate.nullable().default(null),
    }),
  ),
  away: z.array(
    z.object({
      login: z.string(),
      name: z.string(),
      from: CalendarDate,
      to: CalendarDate,
      /** Of who is away today: who acts for them, or why nobody does. */
      acts: z.string().nullable().default(null),
    }),
  ),
});
export type PeopleView = z.infer<typeof PeopleView>;
