import { z } from 'zod';
import { Verdict } from '../../domain/gate.ts';
import { CalendarDate, Instant } from '../../domain/instant.ts';
import { AskHolds, AskName } from '../../domain/train/asks.ts';
import { ReleaseVersion } from '../../domain/version.ts';

/** Who acts now: the owner, or who stands in for them until a day. */
const Acts = z
  .object({ who: z.string(), for: z.string().nullable(), until: CalendarDate.nullable() })
  .readonly()
  .nullable();

/** One thing that is asked of others, as the world shows it. */
export const AskView = z
  .object({
    name: AskName,
    title: z.string(),
    /** Who is asked. */
    to: z.string(),
    state: z.enum(['not-yet', 'to-send', 'sent', 'done', 'unknown']),
    verdict: Verdict,
    summary: z.string(),
    /** What moves it; null where it is done. */
    fix: z.string().nullable(),
    /** The last day on which it is in time; null where the calendar plans none. */
    due: CalendarDate.nullable(),
    late: z.boolean(),
    owners: z.array(z.string()).readonly(),
    acts: Acts,
    sent: z
      .object({
        how: z.enum(['issue', 'recorded']),
        by: z.string(),
        at: Instant,
        link: z.string().nullable(),
        text: z.string(),
      })
      .readonly()
      .nullable(),
    holds: AskHolds.nullable(),
    evidence: z
      .array(
        z
          .object({
            state: z.enum(['holds', 'open', 'unknown']),
            text: z.string(),
            link: z.string().nullable(),
            source: z.string(),
            at: Instant,
          })
          .readonly(),
      )
      .readonly(),
    /** The text that is sent; null while something that belongs into it is not known, which `missing` says. */
    body: z.string().nullable(),
    missing: z.array(z.string()).readonly(),
  })
  .readonly();
export type AskView = z.infer<typeof AskView>;

/** What is asked of others for a release, in the order of the train file. */
export const AsksView = z
  .object({ release: ReleaseVersion, title: z.string(), asks: z.array(AskView).readonly() })
  .readonly();
export type AsksView = z.infer<typeof AsksView>;
