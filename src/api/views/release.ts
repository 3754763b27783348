import { z } from 'zod';
import { Verdict } from '../../domain/gate.ts';
import { ObjectId } from '../../domain/git-names.ts';
import { Instant } from '../../domain/instant.ts';
import { MonthOrDay } from '../../domain/month.ts';
import { MovedDate } from '../../domain/train/calendar.ts';
import { CandidateVersion, ReleaseVersion } from '../../domain/version.ts';
import { DecisionView } from './decision.ts';
import { GateView } from './gate.ts';

const StateName = z.enum([...Verdict.options, 'permanent']);

/** A date of the cadence, with every move of it. */
export const PlannedDayView = z
  .object({
    on: MonthOrDay.optional(),
    state: z.enum(['fixed', 'tentative', 'not-planned']),
    moved: z.array(MovedDate),
  })
  .readonly();
export type PlannedDayView = z.infer<typeof PlannedDayView>;

/** One repository in a release. */
export const RepoView = z
  .object({
    repo: z.string(),
    branch: z.string(),
    commit: ObjectId.nullable(),
    candidate: CandidateVersion.nullable(),
    ci: z.object({ state: StateName, text: z.string() }).readonly(),
    owners: z.array(z.string()).readonly(),
    unreadable: z.string().nullable(),
    /** Picks that are on the line, and those that wait; null where they could not be read. */
    picks: z.object({ landed: z.int(), open: z.int() }).readonly().nullable(),
  })
  .readonly();
export type RepoView = z.infer<typeof RepoView>;

/** What can be planned next: the word of its command. */
export const NextPlan = z.enum(['branch cut', 'rc cut', 'promote stage', 'promote stable', 'promote pypi']);
export type NextPlan = z.infer<typeof NextPlan>;

/** A deadline that is counted from the dates of the line. */
const DueView = z
  .object({
    id: z.string(),
    title: z.string(),
    owner: z.string().nullable(),
    tentative: z.boolean(),
    passed: z.boolean(),
    /** The moment, or the last day of the span that it lies in. */
    due: Instant.nullable(),
    latest: z.string().nullable(),
  })
  .readonly();
export type DueView = z.infer<typeof DueView>;

/** Where a release stands. */
export const ReleaseView = z
  .object({
    release: ReleaseVersion,
    title: z.string(),
    product: z.string(),
    at: Instant,
    /** `release candidates, rc2`. */
    phase: z.string(),
    phases: z.array(z.object({ phase: z.string(), state: StateName }).readonly()).readonly(),
    /** The release branch of core, with its head; null where the train has no core. */
    branch: z.object({ name: z.string(), commit: ObjectId.nullable() }).readonly().nullable(),
    day: PlannedDayView.nullable(),
    cut: PlannedDayView.nullable(),
    next: z.object({ what: z.string(), command: z.string(), plan: NextPlan.nullable() }).readonly().nullable(),
    freeze: DecisionView.nullable(),
    abandoned: DecisionView.nullable(),
    /** Ended by `release close`; null while it is live. */
    closed: z
      .object({ at: Instant, reason: z.string(), how: z.enum(['closed', 'abandoned']) })
      .readonly()
      .nullable(),
    /** Whether it was opened by `release create`. */
    opened: z.boolean(),
    final: z
      .object({ candidate: CandidateVersion, by: z.string(), at: Instant, reason: z.string(), isCurrent: z.boolean() })
      .readonly()
      .nullable(),
    repos: z.array(RepoView).readonly(),
    /** Why it is not known how the picks stand; null where it is. */
    picksUnread: z.string().nullable(),
    gates: z.array(GateView).readonly(),
    /** Ids of the gates that keep the next step from being done, and of those that are closed for a later one. */
    blocking: z.array(z.string()).readonly(),
    later: z.array(z.string()).readonly(),
    candidates: z
      .array(z.object({ number: z.int(), repo: z.string(), tag: z.string(), commit: ObjectId }).readonly())
      .readonly(),
    candidatesUnread: z.array(z.object({ repo: z.string(), reason: z.string() }).readonly()).readonly(),
    /** Candidates whose files were recorded; of several records of one the last. */
    recorded: z
      .array(
        z
          .object({
            candidate: CandidateVersion,
            digest: z.string(),
            files: z.int(),
            by: z.string(),
            at: Instant,
            abandoned: z.boolean(),
          })
          .readonly(),
      )
      .readonly(),
    due: z.array(DueView).readonly(),
    /** How many gates blocked and picks were open, from when they were seen to change, oldest first. */
    burnDown: z
      .array(
        z
          .object({
            at: Instant,
            blockers: z.int(),
            picks: z.object({ open: z.int(), waiting: z.int() }).readonly().nullable(),
          })
          .readonly(),
      )
      .readonly(),
    /** Plans of the release that are neither finished nor dropped. */
    plans: z
      .array(z.object({ id: z.string(), title: z.string(), state: z.enum(['made', 'partial']) }).readonly())
      .readonly(),
  })
  .readonly();
export type ReleaseView = z.infer<typeof ReleaseView>;
