import { z } from 'zod';
import { BranchName, ObjectId } from '../../domain/git-names.ts';
import { Instant } from '../../domain/instant.ts';
import { RepoKey } from '../../domain/repo.ts';
import { ReleaseVersion } from '../../domain/version.ts';
import { PickView } from './pick.ts';

/** The phase of a release: what is taken, and until when. */
export const PickWindowView = z.object({
  phase: z.string(),
  /** Classes that are taken; none: it is closed. */
  takes: z.array(z.string()),
  closesAt: Instant.nullable(),
  /** The phase has an end, but the calendar does not say when. */
  endUnknown: z.boolean(),
  /** The phase before, where this one takes nothing. */
  closed: z.object({ phase: z.string(), at: Instant, late: z.enum(['dispensation', 'final']) }).nullable(),
  later: z.array(z.object({ phase: z.string(), closesAt: Instant })),
});
export type PickWindowView = z.infer<typeof PickWindowView>;

/** A revert on main that a line lacks, with the decision about it. */
const OwedRevertView = z.object({
  repo: RepoKey,
  pull: z.int().nullable(),
  title: z.string(),
  revert: ObjectId,
  confidence: z.string(),
  declined: z.object({ by: z.string(), reason: z.string() }).nullable(),
  /** Until when a reland is waited for. */
  relandUntil: Instant.nullable(),
});
export type OwedRevertView = z.infer<typeof OwedRevertView>;

/** What people asked for and decided about a pick; where it is by now could not be read. */
const UnreadPickView = z.object({
  ...PickView.pick({ pick: true, class: true, askedBy: true, askedAt: true, decided: true }).shape,
  reason: z.string(),
});
export type UnreadPickView = z.infer<typeof UnreadPickView>;

/** The picks of a release, with the rules that hold for them now. */
export const PicksView = z.object({
  release: ReleaseVersion,
  /** Name that the bot is called by in comments. */
  bot: z.string(),
  /** Null: the train has no phases, and nothing limits picks. */
  window: PickWindowView.nullable(),
  classes: z.array(z.object({ name: z.string(), title: z.string(), criterion: z.string() })),
  branches: z.array(z.object({ repo: RepoKey, branch: BranchName })),
  picks: z.array(PickView),
  /** Picks of which only the ledger could be read, with why. */
  unread: z.array(UnreadPickView),
  /** What main took back and the branches have; null where it was not asked for. */
  reverts: z
    .object({
      owed: z.array(OwedRevertView),
      unread: z.array(z.object({ repo: z.string(), reason: z.string() })),
      /** Why the decisions to keep some of them are not known; null when they are. */
      decisionsUnread: z.string().nullable(),
    })
    .nullable(),
});
export type PicksView = z.infer<typeof PicksView>;
