import { z } from 'zod';

const when = z.string();
const sha = z.string();

/** One entry of the timeline of an issue or pull request; what a kind does not have is null. */
export const ItemEvent = z.object({
  id: z.number(),
  issue: z.number(),
  event: z.enum([
    'labeled',
    'unlabeled',
    'milestoned',
    'demilestoned',
    'renamed',
    'closed',
    'reopened',
    'merged',
    'ready_for_review',
    'review_requested',
    'cross-referenced',
  ]),
  actor: z.string(),
  at: when,
  label: z.string().nullable(),
  milestone: z.string().nullable(),
  rename: z.object({ from: z.string(), to: z.string() }).nullable(),
  commit: sha.nullable(),
  reviewer: z.string().nullable(),
  team: z.string().nullable(),
  source: z.number().nullable(),
});
export type ItemEvent = z.infer<typeof ItemEvent>;

export const Reaction = z.object({
  id: z.number(),
  comment: z.number(),
  user: z.string(),
  content: z.string(),
  createdAt: when,
});
export type Reaction = z.infer<typeof Reaction>;

/** A webhook of a repository; it delivers to this machine only. */
export const Hook = z.object({
  id: z.number(),
  url: z.string(),
  secret: z.string(),
  events: z.array(z.string()),
  active: z.boolean(),
  createdAt: when,
});
export type Hook = z.infer<typeof Hook>;

/** A team of an organisation. */
export const Team = z.object({ org: z.string(), slug: z.string(), members: z.array(z.string()) });
export type Team = z.infer<typeof Team>;
