import { z } from 'zod';

/** One entry of `packages` or `packages.conda`, as far as it is used. */
export const RepodataEntry = z.object({
  name: z.string().regex(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,199}$/),
  version: z.string().regex(/^[A-Za-z0-9.!+_-]{1,200}$/),
  build: z.string().regex(/^[A-Za-z0-9._+-]{1,200}$/),
  build_number: z.int().min(0),
  depends: z.array(z.string()).max(2000).default([]),
  size: z.int().min(0).nullish(),
  sha256: z.string().nullish(),
  md5: z.string().nullish(),
  /** Milliseconds since 1970; seconds in old entries. */
  timestamp: z.number().min(0).nullish(),
});
export type RepodataEntry = z.infer<typeof RepodataEntry>;

const Entries = z.record(z.string(), z.unknown()).default({});

/** A `repodata.json` of version 1 or 2; entries are looked at one by one, so that one that is broken does not hide the others. */
export const Repodata = z.object({
  info: z.object({ subdir: z.string().optional(), base_url: z.string().optional() }).default({}),
  packages: Entries,
  'packages.conda': Entries,
  removed: z.array(z.string()).default([]),
  repodata_version: z.int().max(2).default(1),
});
export type Repodata = z.infer<typeof Repodata>;
