import { z } from 'zod';
import { CalendarDate, Instant } from '../../domain/instant.ts';
import { ReleaseVersion } from '../../domain/version.ts';
import { STATES } from '../../domain/state.ts';
import { CalendarView } from './calendar.ts';
import { PickWindowView } from './picks.ts';

const State = z.enum(STATES);

/** An answer that the evidence suggests to one criterion. */
const CriterionView = z.object({
  id: z.string(),
  question: z.string(),
  answer: z.enum(['yes', 'no', 'unknown']),
  why: z.string().nullable(),
  signs: z.array(z.object({ speaks: z.enum(['yes', 'no']), text: z.string(), link: z.string().nullable() })),
});

/** A candidate of the patch, what is suggested of it, and what was decided. */
export const CandidateView = z.object({
  repo: z.string(),
  item: z.int(),
  title: z.string(),
  author: z.string(),
  isPullRequest: z.boolean(),
  open: z.boolean(),
  milestone: z.string().nullable(),
  link: z.string(),
  suggests: z.enum(['accept', 'decline', 'unknown']),
  because: z.string(),
  criteria: z.array(CriterionView),
  /** Where its fix is, in words. */
  fix: z.object({ state: State, text: z.string() }),
  decision: z
    .object({
      verdict: z.enum(['accepted', 'declined']),
      by: z.string(),
      people: z.array(z.string()),
      reason: z.string(),
    })
    .nullable(),
});
export type CandidateView = z.infer<typeof CandidateView>;

/** A part of the brief: a heading with what is to be read under it. */
const BriefPart = z.object({
  head: z.string(),
  rows: z.array(z.object({ state: State.nullable(), text: z.string() })),
});

/** The case for go or no-go, and the decision. */
export const BriefView = z.object({
  accepted: z.int(),
  declined: z.int(),
  undecided: z.int(),
  parts: z.array(BriefPart),
  decision: z.object({
    is: z.enum(['open', 'agreeing', 'go', 'no-go']),
    goPeople: z.int(),
    words: z.array(z.object({ by: z.string(), people: z.array(z.string()), reason: z.string(), at: Instant })),
    /** Candidates were accepted or declined since. */
    isOfAnother: z.boolean(),
  }),
});
export type BriefView = z.infer<typeof BriefView>;

/** A fix without a pick. */
export const OwedView = z.object({
  deadline: Instant.nullable(),
  isLate: z.boolean(),
  picks: z.array(
    z.object({
      repo: z.string(),
      pull: z.int(),
      title: z.string(),
      author: z.string().nullable(),
      items: z.array(z.int()),
      askedAt: Instant.nullable(),
    }),
  ),
  unclear: z.array(z.string()),
  unread: z.array(z.object({ repo: z.string(), reason: z.string() })),
});
export type OwedView = z.infer<typeof OwedView>;

/** What is known of a patch release: its rules, its window, its dates, its candidates, the case for it, and who owes a pick. */
export const PatchView = z.object({
  release: ReleaseVersion,
  /** False for X.Y.0, which is no patch release. */
  isPatch: z.boolean(),
  window: PickWindowView.nullable(),
  criteria: z.array(z.object({ name: z.string(), title: z.string(), criterion: z.string(), issue: z.string() })),
  /** Labels that make an issue a reason for a patch release. */
  labels: z.array(z.string()),
  /** `unread`: of which nobody knows whether they are open, with why. */
  picks: z.object({
    all: z.int(),
    open: z.int(),
    unread: z.object({ count: z.int(), reason: z.string() }).nullable(),
  }),
  dates: CalendarView.shape.dates,
  deadlines: CalendarView.shape.deadlines,
  /** Null for a minor release. */
  triage: z
    .object({
      label: z.string(),
      candidates: z.array(CandidateView),
      unread: z.array(z.object({ repo: z.string(), reason: z.string() })),
    })
    .nullable(),
  brief: BriefView.nullable(),
  owed: z.union([OwedView, z.object({ reason: z.string() })]).nullable(),
  schedule: z
    .object({
      day: CalendarDate,
      by: z.string().nullable(),
      phases: z.array(z.object({ id: z.string(), from: CalendarDate, to: CalendarDate })),
      warnings: z.array(z.string()),
    })
    .nullable(),
});
export type PatchView = z.infer<typeof PatchView>;
