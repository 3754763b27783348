import { z } from 'zod';
import { CalendarDate } from '../../domain/instant.ts';

/** Who does what on the train. */
export const PeopleView = z.object({
  title: z.string(),
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
    }),
  ),
  away: z.array(z.object({ login: z.string(), name: z.string(), from: CalendarDate, to: CalendarDate })),
});
export type PeopleView = z.infer<typeof PeopleView>;
