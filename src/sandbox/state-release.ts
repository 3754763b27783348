import { z } from 'zod';

const when = z.string();

/** A file of a release; `starter` is what an upload leaves that broke off. Its bytes lie beside the state. */
export const Asset = z.object({
  id: z.number(),
  name: z.string(),
  label: z.string().nullable(),
  contentType: z.string(),
  state: z.enum(['starter', 'uploaded']),
  size: z.number(),
  digest: z.string().nullable(),
  uploader: z.string(),
  createdAt: when,
});
export type Asset = z.infer<typeof Asset>;

export const Release = z.object({
  id: z.number(),
  tag: z.string(),
  target: z.string(),
  name: z.string().nullable(),
  body: z.string().nullable(),
  draft: z.boolean(),
  prerelease: z.boolean(),
  author: z.string(),
  createdAt: when,
  publishedAt: when.nullable(),
  assets: z.array(Asset),
});
export type Release = z.infer<typeof Release>;
