import { z } from 'zod';
import { Digest } from '../../domain/canonical-json.ts';
import { ObjectId } from '../../domain/git-names.ts';
import { Account, Link } from './schema.ts';
import { SafeId } from './schema-work.ts';

// Only the fields that are used; whatever else GitHub sends is dropped here.

export const ReleaseAnswer = z.object({
  id: SafeId,
  tag_name: z.string().min(1),
  name: z.string().nullish(),
  body: z.string().nullish(),
  draft: z.boolean(),
  author: Account,
  html_url: Link,
  upload_url: z.string(),
});
export type ReleaseAnswer = z.infer<typeof ReleaseAnswer>;

export const FileAnswer = z.object({
  id: SafeId,
  name: z.string().min(1),
  /** `starter`: its upload broke off. What is not `uploaded` is not whole. */
  state: z.string(),
  size: z.int().nonnegative(),
  /** Left out for what was uploaded before GitHub reckoned digests, and by old servers; in another form it says nothing to us. */
  digest: Digest.nullish().catch(null),
});
export type FileAnswer = z.infer<typeof FileAnswer>;

/** A ref, or a tag object: what it points at. */
export const PointerAnswer = z.object({ object: z.object({ type: z.string(), sha: ObjectId }) });
