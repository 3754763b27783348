import { judgeBranch, parseBranch } from '../../domain/branch.ts';
import { BranchName } from '../../domain/git-names.ts';
import type { RepoKey } from '../../domain/repo.ts';
import { refuse, succeed, type Result } from '../../domain/result.ts';
import { reposOf, type RepoInRelease } from '../../domain/train/naming.ts';
import type { Train } from '../../domain/train/train.ts';
import { compareVersions, type ReleaseVersion } from '../../domain/version.ts';
import type { PickProblem } from './problem.ts';

/** Where a pick goes: a release branch of the repository, and the release that is made from it next. */
export interface PickTarget {
  readonly release: ReleaseVersion;
  readonly repo: RepoInRelease;
  readonly branch: BranchName;
}

export interface TargetInput {
  readonly train: Train;
  readonly repo: RepoKey;
  /** As it was typed. */
  readonly onto: string;
  /** Releases of the train that are open, in any order. */
  readonly live: readonly ReleaseVersion[];
}

/**
 * The line that is meant. Only a release branch of the repository will do, of a line that has an open release; where several are open on one
 * line, the latest is meant (TRK-01). What was probably meant is said, never taken.
 */
export function targetOf({ train, repo, onto, live }: TargetInput): Result<PickTarget, PickProblem> {
  const open = openBranches(train, repo, live);
  const parsed = judgeBranch(train, repo, onto);
  const refused = (
    why: 'not-a-release-branch' | 'not-live',
    suggestion: string | null,
  ): Result<PickTarget, PickProblem> =>
    refuse({
      code: 'branch-not-live',
      why,
      repo,
      name: onto.slice(0, 240),
      suggestion,
      open: open.map(({ branch }) => branch),
    });
  if ('code' in parsed) return refused('not-a-release-branch', parsed.suggestion);
  if (parsed.kind !== 'release' || parsed.product !== null) {
    const same = open.find(({ repo: { line } }) => line === parsed.line);
    return refused('not-a-release-branch', same?.branch ?? null);
  }
  const target = open.find(({ repo: { line } }) => line === parsed.line);
  return target === undefined ? refused('not-live', null) : succeed({ ...target, branch: BranchName.parse(onto) });
}

/** The release branches of a repository that take picks, oldest line first. */
export function openBranches(train: Train, repo: RepoKey, live: readonly ReleaseVersion[]): readonly PickTarget[] {
  const sorted = live.toSorted((left, right) => compareVersions(right, left));
  const targets = sorted.flatMap((release) => {
    const found = reposOf(train, release).find(({ key }) => key === repo);
    return found === undefined || parseBranch(train, repo, found.branch) === null
      ? []
      : [{ release, repo: found, branch: found.branch }];
  });
  return targets
    .filter(({ branch }, index) => targets.findIndex((other) => other.branch === branch) === index)
    .toReversed();
}
