import { z } from 'zod';
import { ObjectId } from '../../domain/git-names.ts';
import { CandidateVersion, ReleaseVersion } from '../../domain/version.ts';

const DiffCommit = z.object({
  id: ObjectId,
  pull: z.int().nullable(),
  title: z.string(),
  /** What it is on its line; `main` when it came from there without a pick. */
  class: z.string(),
  confidence: z.string().nullable(),
  /** It takes back another one of these, or is taken back by one: together they change nothing. */
  cancelled: z.boolean(),
});
export type DiffCommit = z.infer<typeof DiffCommit>;

const SizedCell = z.object({ cell: z.string(), size: z.int() });

/** What changed from one candidate to another: commits by repository, files by cell, requirements. */
export const DiffView = z.object({
  release: ReleaseVersion,
  from: CandidateVersion,
  to: CandidateVersion,
  repos: z.array(
    z.object({
      repo: z.string(),
      from: ObjectId,
      to: ObjectId,
      added: z.array(DiffCommit),
      /** Not empty when the second does not stand on the first: it lacks these. */
      removed: z.array(DiffCommit),
    }),
  ),
  /** Repositories without both tags. */
  without: z.array(z.string()),
  unread: z.array(z.object({ repo: z.string(), reason: z.string() })),
  files: z.discriminatedUnion('known', [
    z.object({
      known: z.literal(true),
      added: z.array(SizedCell),
      removed: z.array(SizedCell),
      changed: z.array(z.object({ cell: z.string(), before: z.int(), after: z.int() })),
      same: z.int(),
      requirements: z.array(
        z.object({ requirement: z.string(), change: z.enum(['added', 'removed']), cells: z.int() }),
      ),
    }),
    z.object({ known: z.literal(false), reason: z.string() }),
  ]),
});
export type DiffView = z.infer<typeof DiffView>;
