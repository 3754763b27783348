import { z } from 'zod';
import { Instant } from '../../domain/instant.ts';
import { ReleaseVersion } from '../../domain/version.ts';
import { DecisionView } from './decision.ts';
import { PlannedDayView, ReleaseView } from './release.ts';

/** A live release in one row. */
const LiveRelease = z
  .object({
    release: ReleaseVersion,
    phase: z.string(),
    blocking: z.int(),
    next: z.string().nullable(),
    day: PlannedDayView.nullable(),
    abandoned: z.boolean(),
  })
  .readonly();
export type LiveRelease = z.infer<typeof LiveRelease>;

/** The train as a whole. */
export const TrainView = z
  .object({
    train: z.string(),
    title: z.string(),
    freeze: DecisionView.nullable(),
    /** The release that is shown at length: the one asked for, or the one that comes out first; null while none is live. */
    main: ReleaseView.nullable(),
    live: z.array(LiveRelease).readonly(),
    ended: z
      .array(
        z
          .object({
            release: ReleaseVersion,
            how: z.enum(['closed', 'abandoned']),
            at: Instant,
            reason: z.string(),
          })
          .readonly(),
      )
      .readonly(),
    /** Dates of the cadence that lie ahead, next first, of every line. */
    coming: z
      .array(
        z
          .object({
            release: ReleaseVersion,
            what: z.enum(['cut', 'release', 'patch']),
            date: PlannedDayView,
          })
          .readonly(),
      )
      .readonly(),
    /** The first number that the calendar plans and nobody has opened; null where there is none. */
    unopened: ReleaseVersion.nullable(),
  })
  .readonly();
export type TrainView = z.infer<typeof TrainView>;
