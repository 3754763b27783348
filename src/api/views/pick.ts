import { z } from 'zod';
import { ObjectId } from '../../domain/git-names.ts';
import { Instant } from '../../domain/instant.ts';
import { PickState } from '../../domain/pick-state.ts';
import { PickRef } from '../../domain/pick.ts';

const Said = { by: z.string(), at: Instant, text: z.string() };

/** What people last decided about a pick. */
const PickDecision = z.discriminatedUnion('is', [
  z.object({ is: z.literal('open') }),
  z.object({ is: z.enum(['refused', 'needs-info', 'withdrawn', 'superseded']), ...Said }),
  z.object({ is: z.literal('late'), by: z.string(), at: Instant, closedAt: Instant }),
  z.object({ is: z.literal('approved'), by: z.string(), at: Instant, head: ObjectId }),
]);
export type PickDecision = z.infer<typeof PickDecision>;

/** Jobs on the head of a pick's pull request. */
const PickJobs = z.object({
  verdict: z.enum(['pass', 'failing', 'needs-you', 'running', 'queued']),
  counted: z.int(),
  green: z.int(),
  /** Red, cancelled or skipped. */
  bad: z.array(z.object({ name: z.string(), link: z.string().nullable() })),
  waiting: z.array(z.object({ name: z.string(), link: z.string().nullable() })),
});

/** One pick as it stands: what people decided and what the world shows. */
export const PickView = z.object({
  pick: PickRef,
  state: PickState,
  class: z.string(),
  fixes: z.string().nullable(),
  author: z.string(),
  title: z.string(),
  askedBy: z.string(),
  askedAt: Instant,
  /** Since when it is as it is decided: the last decision, or the request. */
  since: Instant,
  decided: PickDecision,
  dispensation: z.object({ ...Said, until: Instant }).nullable(),
  /** Who has to act; empty where nobody has to. */
  owners: z.array(z.string()),
  pull: z
    .object({
      /** `revert`: it takes the change back on the line. */
      does: z.enum(['pick', 'revert']),
      number: z.int(),
      state: z.enum(['open', 'merged', 'closed']),
      head: ObjectId,
      link: z.string(),
      jobs: PickJobs.nullable(),
    })
    .nullable(),
  landedBy: ObjectId.nullable(),
  takenBack: ObjectId.nullable(),
  candidate: z.string().nullable(),
  released: z.string().nullable(),
  conflict: z
    .object({
      files: z.array(
        z.object({
          path: z.string(),
          kind: z.string(),
          ranges: z.array(z.object({ first: z.int(), last: z.int() })),
        }),
      ),
      /** Commits of main that the line lacks, and that changed the same before. */
      needs: z.array(z.object({ commit: ObjectId, subject: z.string(), touched: z.enum(['lines', 'file']) })),
    })
    .nullable(),
});
export type PickView = z.infer<typeof PickView>;
