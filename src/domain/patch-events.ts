import { z } from 'zod';
import { Digest } from './canonical-json.ts';
import { CalendarDate } from './instant.ts';
import { RepoKey } from './repo.ts';
import { ReleaseVersion } from './version.ts';

const Reason = z.string().min(1).max(4000);
/** Logins of those who were there besides who says it. */
const People = z.array(z.string().regex(/^[A-Za-z0-9][A-Za-z0-9-]{0,38}(\[bot\])?$/)).max(50);

/** Decisions about patch releases. What follows from them (milestones, trackers, tags) is observed. */
export const PATCH_EVENTS = [
  /** Whether an issue or pull request belongs into the patch; the last one counts. `people` were there besides who says it. */
  z.strictObject({
    type: z.literal('triage-decided'),
    release: ReleaseVersion,
    repo: RepoKey,
    item: z.int().min(1),
    verdict: z.enum(['accepted', 'declined']),
    /** What the evidence suggested when it was decided. */
    suggested: z.enum(['accept', 'decline', 'unknown']),
    people: People,
    reason: Reason,
  }),
  /** Go or no-go of a patch release, on exactly the brief with this digest. */
  z.strictObject({
    type: z.literal('patch-decided'),
    release: ReleaseVersion,
    decision: z.enum(['go', 'no-go']),
    brief: Digest,
    people: People,
    reason: Reason,
  }),
  /** The dates of a patch release, phase by phase. */
  z.strictObject({
    type: z.literal('patch-scheduled'),
    release: ReleaseVersion,
    phases: z
      .array(z.strictObject({ id: z.string(), from: CalendarDate, to: CalendarDate }))
      .min(1)
      .max(20),
    day: CalendarDate,
    reason: Reason,
  }),
] as const;
