import { z } from 'zod';
import { Instant } from '../../domain/instant.ts';
import { ReleaseVersion } from '../../domain/version.ts';
import { DecisionView } from './decision.ts';

const PlanStateName = z.enum(['made', 'partial', 'finished', 'dropped']);

/** A plan in one row. */
const PlanRow = z
  .object({
    id: z.string(),
    release: ReleaseVersion,
    purpose: z.string(),
    title: z.string(),
    author: z.string(),
    state: PlanStateName,
    permanent: z.boolean(),
    madeAt: Instant,
    goodUntil: Instant,
    /** Steps with a receipt, of all. */
    done: z.int(),
    steps: z.int(),
    approvals: z.int(),
    approvalsNeeded: z.int(),
    mayApprove: z.array(z.string()).readonly(),
  })
  .readonly();
export type PlanRow = z.infer<typeof PlanRow>;

export const PlansView = z
  .object({
    train: z.string(),
    title: z.string(),
    freeze: DecisionView.nullable(),
    /** Newest first. */
    plans: z.array(PlanRow).readonly(),
  })
  .readonly();
export type PlansView = z.infer<typeof PlansView>;

/** Steps that are shown as one: one step, or many files of one place. */
const StepView = z
  .object({
    key: z.string(),
    wave: z.int(),
    rows: z
      .array(
        z.object({ sign: z.enum(['+', '~', '-']), kind: z.string(), repo: z.string(), what: z.string() }).readonly(),
      )
      .readonly(),
    undo: z.enum(['full', 'partial', 'none']),
    /** What takes it back, or what stays. */
    undoBy: z.string(),
    steps: z.int(),
    done: z.int(),
    /** Of those that are done, how many were there already. */
    adopted: z.int(),
    /** Why it stopped, where it did and was not done since. */
    stopped: z.string().nullable(),
    doneAt: Instant.nullable(),
    doneBy: z.string().nullable(),
  })
  .readonly();
export type StepView = z.infer<typeof StepView>;

/** What one plan does and another does not, step by step. */
const DifferenceView = z
  .object({
    /** The other plan's id; null: as the world is now, nothing is left to plan. */
    to: z.string().nullable(),
    /** `now`: the same purpose planned again. */
    with: z.enum(['now', 'plan']),
    sameDigest: z.boolean(),
    added: z.array(z.string()).readonly(),
    removed: z.array(z.string()).readonly(),
    changed: z.array(z.object({ from: z.string(), to: z.string() }).readonly()).readonly(),
    same: z.int(),
  })
  .readonly();
export type DifferenceView = z.infer<typeof DifferenceView>;

/** One plan: its steps, who agreed, and what was done of it. */
export const PlanPageView = z
  .object({
    ...PlanRow.unwrap().shape,
    train: z.string(),
    digest: z.string(),
    manifest: z.string().nullable(),
    phrase: z.string().nullable(),
    gates: z.array(z.string()).readonly(),
    undoes: z.string().nullable(),
    counts: z.string(),
    undoTexts: z.array(z.string()).readonly(),
    shown: z.array(StepView).readonly(),
    approvedBy: z
      .array(z.object({ by: z.string(), at: Instant, role: z.string(), expires: Instant }).readonly())
      .readonly(),
    ended: z
      .object({ end: z.enum(['stopped', 'interrupted', 'failed']), reason: z.string(), at: Instant, by: z.string() })
      .readonly()
      .nullable(),
    freeze: DecisionView.nullable(),
    abandoned: z.object({ what: z.string(), by: z.string(), at: Instant, reason: z.string() }).readonly().nullable(),
    /** Who is carrying plans of the release out now. */
    applying: z.object({ holder: z.string(), since: Instant }).readonly().nullable(),
    /** Somebody asked for it and no worker has begun yet. */
    asked: z.boolean(),
    /** Why it was last refused to who asked, where nothing happened since. */
    refused: z.object({ by: z.string(), at: Instant, reason: z.string() }).readonly().nullable(),
    canCompareWithNow: z.boolean(),
    difference: DifferenceView.nullable(),
    /** Why what was asked to compare with could not be read. */
    differenceProblem: z.string().nullable(),
    /** People who may carry it out: who made it, release managers, owners of everything it touches. */
    owners: z.array(z.string()).readonly(),
  })
  .readonly();
export type PlanPageView = z.infer<typeof PlanPageView>;
