import { z } from 'zod';
import { ObjectId } from './git-names.ts';
import { Instant } from './instant.ts';
import { RepoSlug } from './repo.ts';

const Number = z.int().positive();

const common = {
  /** The forge's name of this delivery; the same when it is sent again. */
  id: z.string(),
  repo: RepoSlug,
  /** Who did it. */
  by: z.string(),
  at: Instant,
};

/**
 * Something that happened at the forge, as it told us. A hint and no more: whoever acts on it reads the present state first. Only what a
 * person wrote in a comment is taken from here, since a later edit is no command.
 */
export const Delivery = z.discriminatedUnion('event', [
  z.strictObject({
    ...common,
    event: z.literal('comment-written'),
    item: Number,
    isPullRequest: z.boolean(),
    comment: Number,
    body: z.string(),
  }),
  z.strictObject({
    ...common,
    event: z.literal('item-changed'),
    what: z.string(),
    item: Number,
    isPullRequest: z.boolean(),
  }),
  z.strictObject({
    ...common,
    event: z.literal('pull-merged'),
    item: Number,
    base: z.string(),
    commit: ObjectId.nullable(),
  }),
  z.strictObject({ ...common, event: z.literal('reviewed'), item: Number }),
  z.strictObject({
    ...common,
    event: z.literal('pushed'),
    ref: z.string(),
    from: ObjectId.nullable(),
    to: ObjectId.nullable(),
  }),
  z.strictObject({ ...common, event: z.literal('checks-changed'), commit: ObjectId }),
]);
export type Delivery = z.infer<typeof Delivery>;
