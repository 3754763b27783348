import { z } from 'zod';
import { Instant } from '../../domain/instant.ts';
import { ReleaseVersion } from '../../domain/version.ts';

/** Entries of the ledger, and whether its chain holds. */
export const LogView = z
  .object({
    title: z.string(),
    /** Newest first. */
    entries: z
      .array(
        z
          .object({
            seq: z.int(),
            at: Instant,
            actor: z.string(),
            release: ReleaseVersion.nullable(),
            type: z.string(),
            /** What happened, in one sentence without its subject. */
            text: z.string(),
            plan: z.string().nullable(),
            hash: z.string(),
            prev: z.string().nullable(),
          })
          .readonly(),
      )
      .readonly(),
    /** Whether there are older entries that are like what was asked for. */
    more: z.boolean(),
    /** Whether verdicts of gates are left out that there are. */
    leftOut: z.boolean(),
    /** The last entry of the train; null while there is none. */
    last: z.int().nullable(),
    types: z.array(z.string()).readonly(),
    /** What reading everything again as stored found; null where it was not asked for. */
    check: z
      .object({
        entries: z.int(),
        head: z.string().nullable(),
        faults: z.array(z.object({ seq: z.int(), text: z.string() }).readonly()).readonly(),
      })
      .readonly()
      .nullable(),
  })
  .readonly();
export type LogView = z.infer<typeof LogView>;
