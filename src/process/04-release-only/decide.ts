import type { Digest } from '../../domain/canonical-json.ts';
import { branchRef } from '../../domain/git-names.ts';
import { sealPlan, type AssumedRef, type Plan } from '../../domain/plan/plan.ts';
import { openPullStep, pushCommitStep } from '../../domain/plan/proposal-steps.ts';
import type { PushCommitStep, Step } from '../../domain/plan/step.ts';
import type { RepoKey } from '../../domain/repo.ts';
import { refuse, refuseOr, succeed, type Result } from '../../domain/result.ts';
import type { Train } from '../../domain/train/train.ts';
import type { GitCommit } from '../../ports/git.ts';
import type { PullRequest } from '../../ports/forge.ts';
import { judgeTarget, type Judged } from './judge.ts';
import { problemOfFault, type ReleaseOnlyProblem } from './problem.ts';
import type { ReleaseOnlyFacts, RepoReleaseOnly, Target, TargetFacts, TargetState } from './read.ts';
import { commitMessage, pullBody, pullMarker, titleOf, type Proposal } from './render.ts';

export interface ReleaseOnlyRequest {
  readonly train: Train;
  readonly trainDigest: Digest;
  readonly author: string;
  /** Without it, every repository whose release branch is cut. */
  readonly repos?: readonly string[];
}

interface Beside {
  readonly held: readonly { readonly repo: RepoKey; readonly reason: string; readonly fix: string | null }[];
  /** Pull requests that are open: what they bring is not planned again. */
  readonly waiting: readonly { readonly repo: RepoKey; readonly target: Target; readonly pull: PullRequest }[];
  readonly done: readonly { readonly repo: RepoKey; readonly target: Target }[];
  /** The pull requests the plan would open, with their files before and after. */
  readonly proposals: readonly Proposal[];
  readonly notes: readonly string[];
}

export type ReleaseOnlyAnswer = ({ readonly kind: 'plan'; readonly plan: Plan } | { readonly kind: 'nothing-to-do' }) &
  Beside;

/** What one branch of one repository comes to. */
type Outcome =
  | { readonly is: 'done' }
  | { readonly is: 'waiting'; readonly pull: PullRequest }
  | {
      readonly is: 'to-do';
      readonly steps: readonly Step[];
      readonly assumes: AssumedRef;
      readonly proposal: Proposal;
    };

/** The plan of the release-only changes: one commit and one pull request for each branch on which the edits change something. */
export function decideReleaseOnly(
  facts: ReleaseOnlyFacts,
  request: ReleaseOnlyRequest,
): Result<ReleaseOnlyAnswer, ReleaseOnlyProblem> {
  const { release } = facts;
  const known = facts.repos.map(({ repo }) => repo.key);
  const strange = (request.repos ?? []).filter((name) => !known.some((key) => key === name));
  const [first, ...rest] = strange.map((repo): ReleaseOnlyProblem => ({ code: 'unknown-repo', release, repo, known }));
  if (first !== undefined) return refuse(first, ...rest);
  const chosen = facts.repos.filter(({ repo }) => request.repos === undefined || request.repos.includes(repo.key));
  const uncut = chosen.filter(isUncut);
  const judged = chosen
    .filter((repo) => !isUncut(repo))
    .flatMap((repo) =>
      repo.targets.map((target) => ({ repo, target, outcome: judge(facts, request.train, repo, target) })),
    );
  const problems = [
    ...(request.repos === undefined ? [] : uncut.map((repo) => uncutProblem(facts, repo))),
    ...judged.flatMap(({ outcome }) => (outcome.ok ? [] : outcome.problems)),
  ];
  return refuseOr(problems, () => {
    const outcomes = judged.flatMap(({ repo, target, outcome }) =>
      outcome.ok ? [{ repo, target, outcome: outcome.value }] : [],
    );
    const held = uncut.map(({ repo }) => ({
      repo: repo.key,
      reason: `${repo.branch} is not cut yet`,
      fix: `signalbox branch cut ${repo.key} ${release}`,
    }));
    return answer(facts, request, outcomes, held);
  });
}

function isUncut({ head }: RepoReleaseOnly): boolean {
  return head.known && head.value === null;
}

function uncutProblem({ release }: ReleaseOnlyFacts, { repo }: RepoReleaseOnly): ReleaseOnlyProblem {
  return { code: 'branch-missing', release, repo: repo.key, branch: repo.branch };
}

function judge(
  facts: ReleaseOnlyFacts,
  train: Train,
  repo: RepoReleaseOnly,
  target: TargetFacts,
): Result<Outcome, ReleaseOnlyProblem> {
  const named = { repo: repo.repo.key, release: facts.release };
  const unread = [repo.head, target.state].find((fact) => !fact.known);
  if (unread !== undefined && !unread.known) {
    return refuse({ code: 'cannot-read', ...named, reason: unread.reason, source: unread.source });
  }
  if (!target.state.known) return succeed({ is: 'done' });
  const state = target.state.value;
  if (state.baseCommit === null) return refuse({ code: 'branch-missing', ...named, branch: target.base });
  const judged = judgeTarget(facts, train, { repo, target, state });
  const [fault, ...faults] = judged.faults.map((one) => problemOfFault(one, named, target.base));
  if (fault !== undefined) return refuse(fault, ...faults);
  if (judged.changed.length === 0) return succeed({ is: 'done' });
  const { pull } = state;
  if (pull?.state === 'closed')
    return refuse({ code: 'pull-request-closed', ...named, number: pull.number, link: pull.link });
  if (pull !== null) return succeed({ is: 'waiting', pull });
  const strange = judged.changed
    .map(({ path }) => path)
    .filter((path) => !state.headFiles.some((file) => file.path === path));
  if (state.headCommit !== null && strange.length > 0) {
    return refuse({
      code: 'head-branch-strange',
      ...named,
      branch: state.head,
      at: state.headCommit.id,
      missing: strange,
    });
  }
  return succeed(toDo({ facts, train, repo, target, state, judged, parent: state.baseCommit }));
}

interface Work {
  readonly facts: ReleaseOnlyFacts;
  readonly train: Train;
  readonly repo: RepoReleaseOnly;
  readonly target: TargetFacts;
  readonly state: TargetState;
  readonly judged: Judged;
  readonly parent: GitCommit;
}

function toDo(work: Work): Outcome {
  const { train, repo, target, state, judged, parent } = work;
  const { key, entry, remote } = repo.repo;
  const title = titleOf(train, repo.repo, target.target);
  const body = pullBody(pullMarker(repo.repo, target.target), judged.reports, judged.unmanaged);
  const proposal: Proposal = {
    repo: repo.repo,
    target: target.target,
    base: target.base,
    head: state.head,
    title,
    body,
    files: judged.changed,
  };
  const left = leftToCommit(work);
  const steps: Step[] = left.changed.length === 0 ? [] : [pushCommit(work, left, title)];
  const { slug } = entry;
  if (slug !== undefined && train.forge !== undefined) {
    steps.push(openPullStep({ repo: key, slug, head: state.head, base: target.base, title, body }));
  }
  const assumes: AssumedRef = { repo: key, remote: remote ?? '', ref: branchRef(target.base), at: parent.id };
  return { is: 'to-do', steps, assumes, proposal };
}

/** What is left to commit: all of it, or what the branch lacks that was pushed and never became a pull request, wherever the base has gone since. */
function leftToCommit({ facts, train, repo, target, state, judged }: Work): Judged {
  if (state.headCommit === null) return judged;
  return judgeTarget(facts, train, { repo, target, state: { ...state, files: state.headFiles } });
}

function pushCommit({ train, repo, target, state, parent }: Work, left: Judged, title: string): PushCommitStep {
  return pushCommitStep({
    repo: repo.repo.key,
    remote: repo.repo.remote ?? '',
    base: target.base,
    head: state.head,
    headAt: state.headCommit,
    baseAt: parent,
    files: left.changed.map(({ path, mode, blob, after }) => ({ path, mode, before: blob, after })),
    message: commitMessage(title, left.reports),
    author: train.committer,
  });
}

interface Decided {
  readonly repo: RepoReleaseOnly;
  readonly target: TargetFacts;
  readonly outcome: Outcome;
}

function answer(
  facts: ReleaseOnlyFacts,
  request: ReleaseOnlyRequest,
  decided: readonly Decided[],
  held: Beside['held'],
): ReleaseOnlyAnswer {
  const { train } = request;
  const todo = decided.flatMap(({ outcome }) => (outcome.is === 'to-do' ? [outcome] : []));
  const steps = todo.flatMap((one) => one.steps);
  const noForge = todo.filter(({ proposal }) => proposal.repo.entry.slug === undefined || train.forge === undefined);
  const beside: Beside = {
    held,
    waiting: decided.flatMap(({ repo, target, outcome }) =>
      outcome.is === 'waiting' ? [{ repo: repo.repo.key, target: target.target, pull: outcome.pull }] : [],
    ),
    done: decided.flatMap(({ repo, target, outcome }) =>
      outcome.is === 'done' ? [{ repo: repo.repo.key, target: target.target }] : [],
    ),
    proposals: todo.map(({ proposal }) => proposal),
    notes: noForge.map(
      ({ proposal }) => `${proposal.repo.key} has no forge: merge ${proposal.head} into ${proposal.base} by hand`,
    ),
  };
  if (steps.length === 0) return { kind: 'nothing-to-do', ...beside };
  const lowest = Math.min(...steps.map(({ wave }) => wave));
  const plan = sealPlan({
    schema: 'signalbox.plan/1',
    train: train.train,
    release: facts.release,
    purpose: 'release-only',
    title: `Release-only changes of ${facts.release}: ${[...new Set(todo.map(({ proposal }) => proposal.repo.key))].join(', ')}`,
    author: request.author,
    trainDigest: request.trainDigest,
    gates: [],
    assumes: todo.map(({ assumes }) => assumes),
    phrase: null,
    steps: steps.map((step) => ({ ...step, wave: step.wave - lowest })),
  });
  return { kind: 'plan', plan, ...beside };
}
