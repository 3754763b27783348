import { z } from 'zod';
import { Verdict } from '../../domain/gate.ts';
import { Instant } from '../../domain/instant.ts';
import { ReleaseVersion } from '../../domain/version.ts';

const StateName = z.enum([...Verdict.options, 'permanent']);

/** What of a release is public. */
export const PublishedView = z
  .object({
    release: ReleaseVersion,
    title: z.string(),
    candidate: z.string(),
    rows: z
      .array(
        z
          .object({
            what: z.string(),
            count: z.string(),
            where: z.string(),
            since: Instant.nullable(),
            plan: z.string().nullable(),
            undo: z.string(),
            isPermanent: z.boolean(),
          })
          .readonly(),
      )
      .readonly(),
    /** What each place shows, read from outside. */
    places: z
      .array(
        z
          .object({ state: StateName, text: z.string(), findings: z.array(z.string()).readonly(), at: Instant })
          .readonly(),
      )
      .readonly(),
    holds: z.boolean(),
    verdict: z.object({ state: StateName, text: z.string() }).readonly(),
    publishedAt: Instant.nullable(),
    rechecks: z.array(z.object({ name: z.string(), at: Instant, holds: z.boolean() }).readonly()).readonly(),
    next: z.object({ name: z.string(), at: Instant }).readonly().nullable(),
  })
  .readonly();
export type PublishedView = z.infer<typeof PublishedView>;
