import { z } from 'zod';
import { Instant } from '../../domain/instant.ts';

/** Whether what the server needs is there and well. */
export const SystemView = z.object({
  checks: z.array(
    z.object({
      name: z.string(),
      state: z.enum(['pass', 'failing', 'no-data']),
      text: z.string(),
      fix: z.string().nullable(),
    }),
  ),
  webhooks: z.array(
    z.object({
      name: z.string(),
      state: z.enum(['pass', 'failing', 'no-data']),
      text: z.string(),
      fix: z.string().nullable(),
    }),
  ),
  jobs: z.discriminatedUnion('known', [
    z.object({
      known: z.literal(true),
      waiting: z.int(),
      running: z.int(),
      dead: z.array(
        z.object({ id: z.string(), queue: z.string(), what: z.string(), error: z.string(), diedAt: Instant }),
      ),
    }),
    z.object({ known: z.literal(false), reason: z.string() }),
  ]),
  /** What people could not be told; no address of anybody. Left out by what was kept before there were notices. */
  untold: z
    .array(z.object({ id: z.string(), who: z.string(), headline: z.string(), why: z.string(), at: Instant }))
    .default([]),
  locks: z.discriminatedUnion('known', [
    z.object({
      known: z.literal(true),
      held: z.array(z.object({ key: z.string(), holder: z.string(), since: Instant })),
    }),
    z.object({ known: z.literal(false), reason: z.string() }),
  ]),
});
export type SystemView = z.infer<typeof SystemView>;
