import type { Digest } from '../../domain/canonical-json.ts';
import { GateId, isOpen, type Gate } from '../../domain/gate.ts';
import { branchRef } from '../../domain/git-names.ts';
import { sealPlan, type AssumedRef, type Plan } from '../../domain/plan/plan.ts';
import type { PushTagStep } from '../../domain/plan/step.ts';
import type { RepoKey } from '../../domain/repo.ts';
import { refuse, refuseOr, succeed, type Result } from '../../domain/result.ts';
import type { RepoInRelease } from '../../domain/train/naming.ts';
import type { Train } from '../../domain/train/train.ts';
import {
  candidateNumber,
  candidateOf,
  patchNumber,
  tagOf,
  type CandidateVersion,
  type ReleaseVersion,
} from '../../domain/version.ts';
import { sayVersionFile, wrongVersionFiles } from '../../domain/version-file.ts';
import type { GitCommit } from '../../ports/git.ts';
import { versionGateId } from './gates.ts';
import type { CandidateProblem } from './problem.ts';
import type { CandidateFacts, CandidateState, RepoCandidate } from './read.ts';
import { tagMessage } from './render.ts';

export interface CandidateRequest {
  readonly train: Train;
  readonly trainDigest: Digest;
  readonly author: string;
  /** Without it, every repository that may be tagged now and has something new. */
  readonly repos?: readonly string[];
  /** The number somebody expects; refused when it is not the next one. Only with one repository. */
  readonly candidate?: CandidateVersion;
  /** Whether to tag although nothing came after the last candidate. */
  readonly again?: boolean;
  /** The staged candidate of core that domain repositories build against. */
  readonly against: CandidateVersion | null;
}

/** Judged by stage 03: a candidate of core is in the test channel. */
const CORE_STAGED = GateId.parse('core-rc-staged');

/** Judged by stage 10: there is to be this patch release. A minor release is not asked. */
const GO = GateId.parse('go-no-go');

/** One tag of the plan, with what came since the last one. */
export interface TagView {
  readonly repo: RepoKey;
  readonly candidate: CandidateVersion;
  readonly commit: GitCommit;
  readonly history: CandidateState['history'];
  readonly oddTags: readonly string[];
}

interface Beside {
  readonly held: readonly { readonly repo: RepoKey; readonly reason: string; readonly fix: string | null }[];
  readonly unchanged: readonly { readonly repo: RepoKey; readonly candidate: CandidateVersion }[];
  readonly tags: readonly TagView[];
}

export type CandidateAnswer = ({ readonly kind: 'plan'; readonly plan: Plan } | { readonly kind: 'nothing-to-do' }) &
  Beside;

/**
 * The plan of the next candidates: an annotated tag per repository, each with its own next number. `gates` are those of stages 03, 04 and 05, waivers
 * applied; one that was not judged counts as closed. Closed `core-rc-staged` holds domain repositories, or refuses those that are named.
 */
export function decideCandidate(
  facts: CandidateFacts,
  request: CandidateRequest,
  gates: readonly Gate[],
): Result<CandidateAnswer, CandidateProblem> {
  const { release } = facts;
  const keys = facts.repos.map(({ repo }) => repo.key);
  const strange = (request.repos ?? []).filter((name) => !keys.some((key) => key === name));
  const [first, ...rest] = strange.map((repo): CandidateProblem => ({
    code: 'unknown-repo',
    release,
    repo,
    known: keys,
  }));
  if (first !== undefined) return refuse(first, ...rest);
  if (facts.repos.length === 0) return refuse({ code: 'no-repos', release });
  const isNamed = request.repos !== undefined;
  const chosen = facts.repos.filter(({ repo }) => request.repos === undefined || request.repos.includes(repo.key));
  const waits = ({ repo }: RepoCandidate): boolean =>
    repo.entry.role === 'domain' && closedGate(gates, CORE_STAGED) !== null;
  const held = chosen.filter((one) => !isNamed && waits(one));
  const judged = chosen
    .filter((one) => !held.includes(one))
    .map((one) => ({ one, tag: judge(facts, request, one, gates) }));
  const problems = judged.flatMap(({ tag }) => (tag.ok ? [] : tag.problems));
  // What has nothing new is passed over, unless it was asked for by name.
  const isQuiet = (problem: CandidateProblem): boolean => !isNamed && problem.code === 'nothing-new';
  return refuseOr(
    problems.filter((problem) => !isQuiet(problem)),
    () => {
      const unchanged = judged.flatMap(({ one, tag }) =>
        tag.ok
          ? []
          : tag.problems.flatMap((problem) =>
              problem.code === 'nothing-new' ? [{ repo: one.repo.key, candidate: problem.candidate }] : [],
            ),
      );
      const tags = judged.flatMap(({ one, tag }) => (tag.ok ? [{ repo: one.repo, view: tag.value }] : []));
      return answer(facts, request, tags, {
        held: held.map(({ repo }) => heldBy(repo, closedGate(gates, CORE_STAGED))),
        unchanged,
        tags: tags.map(({ view }) => view),
      });
    },
  );
}

type Closed = Pick<Gate, 'summary' | 'fix'>;

/** The gate when it is closed, or was not judged at all; null when it is open. */
function closedGate(gates: readonly Gate[], id: GateId): Closed | null {
  const gate = gates.find((candidate) => candidate.id === id);
  if (gate === undefined) return { summary: 'it was not judged', fix: null };
  return isOpen(gate) ? null : gate;
}

function heldBy(repo: RepoInRelease, closed: Closed | null): Beside['held'][number] {
  return { repo: repo.key, reason: closed?.summary ?? '', fix: closed?.fix ?? null };
}

function judge(
  facts: CandidateFacts,
  request: CandidateRequest,
  { repo, state }: RepoCandidate,
  gates: readonly Gate[],
): Result<TagView, CandidateProblem> {
  const { release } = facts;
  const named = { repo: repo.key, release };
  if (!state.known) return refuse({ code: 'cannot-read', ...named, reason: state.reason, source: state.source });
  const { value } = state;
  if (value.branchHead === null) return refuse({ code: 'branch-missing', ...named, branch: repo.branch });
  if (value.finalAt !== null)
    return refuse({ code: 'already-final', ...named, tag: tagOf(repo.release), commit: value.finalAt });
  const { commit } = value;
  if (commit === null || !value.isOnBranch) {
    return refuse({ code: 'commit-not-on-branch', ...named, branch: repo.branch, head: value.branchHead });
  }
  const [last] = value.candidates;
  const next = candidateOf(repo.release, last === undefined ? 1 : candidateNumber(last.candidate) + 1);
  const expected = expectedProblem(request, value, named, { next, commit });
  if (expected !== null) return refuse(expected);
  if (last !== undefined && last.commit === commit.id && request.again !== true) {
    return refuse({ code: 'nothing-new', ...named, candidate: last.candidate, commit: commit.id });
  }
  const [first, ...rest] = [
    ...gateProblems(repo, named, gates),
    ...versionProblems(repo, named, { value, commit, gates }),
  ];
  if (first !== undefined) return refuse(first, ...rest);
  return succeed({ repo: repo.key, candidate: next, commit, history: value.history, oddTags: value.oddTags });
}

type Named = Pick<Extract<CandidateProblem, { code: 'branch-missing' }>, 'repo' | 'release'>;

/** A number that was asked for must be the next one: an existing tag is never moved, and none is skipped (VER-01). */
function expectedProblem(
  { candidate: asked }: CandidateRequest,
  { candidates }: CandidateState,
  named: Named,
  { next, commit }: { readonly next: CandidateVersion; readonly commit: GitCommit },
): CandidateProblem | null {
  if (asked === undefined || asked === next) return null;
  const existing = candidates.find(({ candidate }) => candidate === asked);
  if (existing === undefined) return { code: 'number-skipped', ...named, asked, next };
  return { code: 'tag-exists', ...named, tag: tagOf(asked), at: existing.commit, planned: commit.id };
}

function gateIdsOf(repo: RepoInRelease, release: ReleaseVersion): readonly GateId[] {
  const landed = GateId.parse(`release-only-landed:${repo.key}`);
  return [landed, ...(repo.entry.role === 'domain' ? [CORE_STAGED] : []), ...(patchNumber(release) === 0 ? [] : [GO])];
}

function gateProblems(repo: RepoInRelease, named: Named, gates: readonly Gate[]): readonly CandidateProblem[] {
  return gateIdsOf(repo, named.release).flatMap((gate): readonly CandidateProblem[] => {
    const closed = closedGate(gates, gate);
    return closed === null ? [] : [{ code: 'gate-closed', ...named, gate, summary: closed.summary, fix: closed.fix }];
  });
}

function versionProblems(
  repo: RepoInRelease,
  named: Named,
  {
    value,
    commit,
    gates,
  }: { readonly value: CandidateState; readonly commit: GitCommit; readonly gates: readonly Gate[] },
): readonly CandidateProblem[] {
  const wrong = wrongVersionFiles(value.versionFiles, repo.release);
  if (wrong.length === 0 || gates.some(({ id, verdict }) => id === versionGateId(repo.key) && verdict === 'waived'))
    return [];
  const found = wrong.map(sayVersionFile).join(', ');
  return [{ code: 'version-file-mismatch', ...named, commit: commit.id, found, needed: repo.release }];
}

interface Tagging {
  readonly repo: RepoInRelease;
  readonly view: TagView;
}

function answer(
  facts: CandidateFacts,
  request: CandidateRequest,
  tags: readonly Tagging[],
  beside: Beside,
): CandidateAnswer {
  const { train } = request;
  const [first] = tags.toSorted((left, right) => rank(left) - rank(right));
  if (first === undefined) return { kind: 'nothing-to-do', ...beside };
  const ranks = [...new Set(tags.map(rank))].toSorted((left, right) => left - right);
  const steps = tags.map((tag) => tagStep(request, tag, ranks.indexOf(rank(tag))));
  const name = first.repo.entry.role === 'core' ? train.product : first.repo.key;
  const plan = sealPlan({
    schema: 'signalbox.plan/1',
    train: train.train,
    release: facts.release,
    purpose: 'candidate',
    title: `Tag ${tags.map(({ view }) => `${view.repo} ${tagOf(view.candidate)}`).join(', ')}`,
    author: request.author,
    trainDigest: request.trainDigest,
    gates: [...new Set(tags.flatMap(({ repo }) => [...gateIdsOf(repo, facts.release), versionGateId(repo.key)]))],
    assumes: tags.flatMap(({ repo }) => assumed(facts, repo)),
    phrase: `${name} ${first.view.candidate}`,
    steps,
  });
  return { kind: 'plan', plan, ...beside };
}

/** Core and infra first: what builds against core is tagged after it. */
function rank({ repo }: Tagging): number {
  return repo.entry.role === 'domain' ? 1 : 0;
}

/** The release branch must not have moved when the tag is pushed: what came since would be missing unseen. */
function assumed(facts: CandidateFacts, repo: RepoInRelease): readonly AssumedRef[] {
  const state = facts.repos.find((one) => one.repo.key === repo.key)?.state;
  if (repo.remote === null || state?.known !== true) return [];
  return [{ repo: repo.key, remote: repo.remote, ref: branchRef(repo.branch), at: state.value.branchHead }];
}

function tagStep({ train, against }: CandidateRequest, { repo, view }: Tagging, wave: number): PushTagStep {
  const tag = tagOf(view.candidate);
  return {
    kind: 'push-tag',
    key: `push-tag:${repo.key}:${tag}`,
    wave,
    reversible: 'never',
    undo: 'none: a public tag starts builds and is fetched by others; a mistake is put right by the next candidate',
    repo: repo.key,
    remote: repo.remote ?? '',
    via: branchRef(repo.branch),
    tag,
    commit: view.commit.id,
    message: tagMessage(train, repo, view.candidate, repo.entry.role === 'domain' ? against : null),
    tagger: train.committer,
    // Not the time of planning: the same world has to give the same plan, and the same tag.
    date: view.commit.committedAt,
    sign: train.candidates.sign,
  };
}
