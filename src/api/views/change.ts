import { z } from 'zod';
import { BranchName, ObjectId } from '../../domain/git-names.ts';
import { Instant } from '../../domain/instant.ts';
import { RepoKey } from '../../domain/repo.ts';
import { ReleaseVersion } from '../../domain/version.ts';
import { PickView } from './pick.ts';
import { PicksView, PickWindowView } from './picks.ts';

/** Where one change is: main, every line, candidate and release; and the picks of it. */
export const ChangeView = z.object({
  repo: RepoKey,
  number: z.int(),
  /** The pull request as the forge has it; null where there is none or it could not be read. */
  pull: z
    .object({
      title: z.string(),
      author: z.string(),
      state: z.enum(['open', 'merged', 'closed']),
      base: z.string(),
      link: z.string(),
    })
    .nullable(),
  /** Commits of main that are the change. */
  commits: z.array(
    z.object({
      id: ObjectId,
      title: z.string(),
      takenBack: ObjectId.nullable(),
      rows: z.array(z.object({ label: z.string(), state: z.string().nullable(), text: z.string() })),
    }),
  ),
  /** Why it is not known where it is; null when it is. */
  unread: z.string().nullable(),
  picks: z.array(PickView),
  picksUnread: z.string().nullable(),
  /** Branches of live releases that take picks. */
  targets: z.array(
    z.object({
      release: ReleaseVersion,
      branch: BranchName,
      window: PickWindowView.nullable(),
      closesAt: Instant.nullable(),
    }),
  ),
  classes: PicksView.shape.classes,
});
export type ChangeView = z.infer<typeof ChangeView>;
