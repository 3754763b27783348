import { z } from 'zod';

/** The train's own short name of a repository: `core`, `vision`. */
export const RepoKey = z
  .string()
  .regex(/^[a-z][a-z0-9._-]{0,39}$/, {
    error: 'not a repository name of a train: lower-case letters, digits, dot, dash',
  })
  .brand<'RepoKey'>();
export type RepoKey = z.infer<typeof RepoKey>;

/** `owner/name` on the forge. */
export const RepoSlug = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9-]{0,38}\/[A-Za-z0-9._-]{1,100}$/, {
    error: 'not a repository of a forge: write owner/name',
  })
  .brand<'RepoSlug'>();
export type RepoSlug = z.infer<typeof RepoSlug>;

/** `core` sets the line's number; `infra` is cut with it; `domain` repos follow once core's candidate is staged; `external` is only watched. */
export const RepoRole = z.enum(['core', 'infra', 'domain', 'external']);
export type RepoRole = z.infer<typeof RepoRole>;
