import { branchRef, BranchName, type ObjectId, type RefName } from '../../domain/git-names.ts';
import { openPullStep } from '../../domain/plan/proposal-steps.ts';
import type { OpenPullRequestStep, PushPickStep } from '../../domain/plan/step.ts';
import type { Train } from '../../domain/train/train.ts';
import type { PickAnswer } from '../../ports/git.ts';
import type { PickTarget } from './target.ts';

/** How often a change may go onto a line and be taken back there, before people have to tidy up. */
const MOST_ATTEMPTS = 5;

/**
 * The branches a pick is pushed to, first to last: each names the line, so that one change may go onto several (ENG-05). A revert has its own. The
 * second is for a change that was picked, taken back, and is to be picked again: the first has a merged pull request, which stays what it is.
 */
export function pickBranches(
  pr: number,
  { repo, branch }: Pick<PickTarget, 'repo' | 'branch'>,
  does: 'pick' | 'revert' = 'pick',
): readonly BranchName[] {
  const variant = branch === repo.branch ? '' : branch.slice(String(repo.branch).length).replaceAll('/', '-');
  const name = `${does === 'pick' ? 'cherry-pick' : 'cherry-pick-revert'}-${pr}-onto-${repo.line}${variant}`;
  const attempts = Array.from({ length: MOST_ATTEMPTS }, (_, index) => (index === 0 ? name : `${name}-${index + 1}`));
  return attempts.map((attempt) => BranchName.parse(attempt));
}

/** The first of them: cherry-pick-158112-onto-2.8. */
export function pickBranch(pr: number, target: Pick<PickTarget, 'repo' | 'branch'>): BranchName {
  return BranchName.parse(pickBranches(pr, target)[0]);
}

/** Whether the text of a pull request says that it is the pick of this change: `Cherry-pick of #7`, or with owner/name before the number, or its address. */
export function namesPick(body: string, slug: string, pr: number): boolean {
  const said =
    /\bcherry[- ]?pick(?:s|ed)?\s+(?:of\s+|from\s+)?(?:https?:\/\/[^\s/]+\/([\w.-]+\/[\w.-]+)\/pull\/|([\w.-]+\/[\w.-]+)?#)(\d{1,10})(?!\d)/gi;
  return [...body.slice(0, 65_536).matchAll(said)].some(
    ([, linked, named, number]) =>
      Number(number) === pr && (linked ?? named ?? slug).toLowerCase() === slug.toLowerCase(),
  );
}

export interface Making {
  readonly train: Train;
  readonly target: PickTarget;
  readonly pr: number;
  readonly does: 'pick' | 'revert';
  readonly branch: BranchName;
  readonly onto: ObjectId;
  readonly commits: readonly ObjectId[];
  readonly made: Extract<PickAnswer, { readonly picked: true }>;
  readonly title: string;
  readonly body: string;
  /** Title of the milestone that the pull request is put into; null for none. */
  readonly milestone: string | null;
}

/** The steps of a pick: its commits on a branch of their own, then the pull request. Both can be taken back until it is merged. */
export function pickSteps(making: Making): readonly [PushPickStep, OpenPullRequestStep] | readonly [PushPickStep] {
  const { train, target, branch, does, made } = making;
  const { repo } = target;
  const isDraft = made.conflicts.length > 0;
  const rules = [...new Set(made.regenerated.map(({ rule }) => rule))];
  const via: RefName[] = [branchRef(target.branch), ...(does === 'pick' ? [branchRef(repo.entry.main)] : [])];
  const push: PushPickStep = {
    kind: 'push-pick',
    key: `push-pick:${repo.key}:${branch}`,
    wave: 0,
    reversible: 'yes',
    undo: 'delete the branch',
    repo: repo.key,
    remote: repo.remote ?? '',
    via,
    branch,
    from: null,
    does,
    onto: making.onto,
    commits: [...making.commits],
    committer: train.committer,
    conflicts: isDraft ? 'mark' : 'stop',
    ...(rules.length === 0 ? {} : { generated: rules }),
    result: { commit: made.commit, tree: made.tree },
  };
  const { slug } = repo.entry;
  if (slug === undefined) return [push];
  const { title, body, milestone } = making;
  const open = openPullStep({
    repo: repo.key,
    slug,
    head: branch,
    base: target.branch,
    title,
    body,
    draft: isDraft,
    milestone,
  });
  return [push, open];
}
