import { z } from 'zod';
import { BranchName } from './git-names.ts';
import { RepoKey } from './repo.ts';

/** Which pick is meant: a change of a repository, by its pull request, and the branch it is to go to. */
export const PickRef = z.strictObject({
  repo: RepoKey,
  pr: z.int().min(1).max(Number.MAX_SAFE_INTEGER),
  onto: BranchName,
});
export type PickRef = z.infer<typeof PickRef>;

/** The one text of a pick, `pytorch/158112>release/2.8`: in markers, keys and messages. */
export function pickName({ repo, pr, onto }: PickRef): string {
  return `${repo}/${pr}>${onto}`;
}
