import type { Digest } from '../../domain/canonical-json.ts';
import { GateId, isOpen, type Gate } from '../../domain/gate.ts';
import { branchRef, shortId, type ObjectId } from '../../domain/git-names.ts';
import { sealPlan, type AssumedRef, type Plan } from '../../domain/plan/plan.ts';
import type { PushRefsStep, Step } from '../../domain/plan/step.ts';
import { RepoKey } from '../../domain/repo.ts';
import { refuse, refuseOr, type Result } from '../../domain/result.ts';
import { repoLine, takesPart } from '../../domain/train/naming.ts';
import type { Train } from '../../domain/train/train.ts';
import { lineOf, patchNumber } from '../../domain/version.ts';
import { aftercareSteps } from './aftercare.ts';
import { CORE_STAGED } from './core-staged.ts';
import type { CutProblem } from './problem.ts';
import type { CutFacts, RepoCutFacts } from './read.ts';
import { cutRepo, type RepoCut } from './repo-cut.ts';

/** What is asked for. Without `repos`, every repository of the release that may be cut now. */
export interface CutRequest {
  readonly train: Train;
  readonly trainDigest: Digest;
  /** Login of who asks. */
  readonly author: string;
  readonly repos?: readonly string[];
  /** An explicit base commit; only together with exactly one repository. */
  readonly from?: ObjectId;
}

/** A repository that is not in the plan, and why. */
export interface Held {
  readonly repo: RepoKey;
  readonly reason: string;
  readonly fix: string | null;
}

interface Beside {
  /** Repositories that may not be cut yet. */
  readonly held: readonly Held[];
  /** Repositories whose branches are both there as they must be, with their cut points. */
  readonly done: readonly { readonly repo: RepoKey; readonly base: ObjectId }[];
  /** What else is to be known, for example that the tracker could not be looked for. */
  readonly notes: readonly string[];
}

export type CutAnswer = ({ readonly kind: 'plan'; readonly plan: Plan } | { readonly kind: 'nothing-to-do' }) & Beside;

/**
 * The plan of a cut. `gates` are those of stage 02 and `core-rc-staged`, waivers applied: a closed readiness gate does not stop planning (it
 * is named in the plan and checked when that is carried out), a closed `core-rc-staged` keeps domain repositories out of the plan.
 */
export function decideCut(facts: CutFacts, request: CutRequest, gates: readonly Gate[]): Result<CutAnswer, CutProblem> {
  const { release } = facts;
  const problems = requestProblems(facts, request);
  const [first, ...rest] = problems;
  if (first !== undefined) return refuse(first, ...rest);
  const chosen = facts.repos.filter(({ repo }) => request.repos === undefined || request.repos.includes(repo.key));
  const { allowed, held } = holdDomain(chosen, gates);
  if (request.repos !== undefined && held.length > 0) {
    const refused = held.map(({ repo, reason, fix }): CutProblem => ({
      code: 'core-rc-not-staged',
      repo,
      release,
      missing: reason,
      fix,
    }));
    return refuseOr(refused, () => ({ kind: 'nothing-to-do', held, done: [], notes: [] }));
  }
  const judged = allowed.map((one) => ({ one, cut: cutRepo(one, release, request.from ?? null) }));
  const refused = judged.flatMap(({ cut }) => (cut.ok ? [] : cut.problems));
  return refuseOr(refused, () => {
    const cuts = judged.flatMap(({ one, cut }) => (cut.ok ? [{ facts: one, cut: cut.value }] : []));
    return answer(facts, { request, gates }, cuts, held);
  });
}

function requestProblems(facts: CutFacts, { train, repos, from }: CutRequest): readonly CutProblem[] {
  const { release } = facts;
  if (facts.repos.length === 0 && repos === undefined) return [{ code: 'no-repos', release }];
  const core = facts.repos.find(({ repo }) => repo.entry.role === 'core') ?? facts.repos[0];
  if (patchNumber(release) > 0 && core?.refs.known === true && core.refs.value.branch === null) {
    return [{ code: 'patch-release', release, repo: core.repo.key, branch: core.repo.branch }];
  }
  if (from !== undefined && (repos ?? facts.repos).length !== 1)
    return [{ code: 'from-needs-one-repo', release, from }];
  const asked = repos ?? Object.keys(train.repos).filter((key) => train.repos[RepoKey.parse(key)]?.role !== 'external');
  return asked.flatMap((key) => repoProblem(facts, train, key, repos !== undefined));
}

function repoProblem(facts: CutFacts, train: Train, key: string, isNamed: boolean): readonly CutProblem[] {
  const { release } = facts;
  if (facts.repos.some(({ repo }) => repo.key === key)) return [];
  const parsed = RepoKey.safeParse(key);
  const entry = parsed.success ? train.repos[parsed.data] : undefined;
  if (entry === undefined) return [{ code: 'unknown-repo', release, repo: key, known: Object.keys(train.repos) }];
  const line = lineOf(release);
  if (entry.role !== 'external' && takesPart(entry, line) && repoLine(entry, line) === null) {
    return [{ code: 'no-line', release, repo: key }];
  }
  const why =
    entry.role === 'external' ? 'it is only watched (role external)' : `its since and until leave ${line} out`;
  return isNamed ? [{ code: 'not-in-release', release, repo: key, why }] : [];
}

function holdDomain(
  chosen: readonly RepoCutFacts[],
  gates: readonly Gate[],
): { readonly allowed: readonly RepoCutFacts[]; readonly held: readonly Held[] } {
  const gate = gates.find(({ id }) => id === CORE_STAGED);
  if (gate !== undefined && isOpen(gate)) return { allowed: chosen, held: [] };
  const reason = gate?.summary ?? `the gate ${CORE_STAGED} was not judged`;
  return {
    allowed: chosen.filter((one) => !mayNot(one)),
    held: chosen.filter(mayNot).map(({ repo }) => ({ repo: repo.key, reason, fix: gate?.fix ?? null })),
  };
}

/** Domain repositories wait for core; one that was cut when it was allowed stays cut: looking again must not call it held. */
function mayNot({ repo, refs }: RepoCutFacts): boolean {
  return repo.entry.role === 'domain' && !(refs.known && refs.value.branch !== null);
}

interface Cut {
  readonly facts: RepoCutFacts;
  readonly cut: RepoCut;
}

function answer(
  facts: CutFacts,
  { request, gates }: { readonly request: CutRequest; readonly gates: readonly Gate[] },
  cuts: readonly Cut[],
  held: readonly Held[],
): CutAnswer {
  const { train } = request;
  const pushes = cuts.flatMap((cut) => pushStep(cut));
  const includesCore = cuts.some((cut) => cut.facts.repo.entry.role === 'core');
  const aftercare = includesCore ? aftercareSteps(facts, train) : { steps: [], notes: [] };
  const done = cuts.flatMap(({ facts: { repo }, cut }) =>
    cut.is === 'done' ? [{ repo: repo.key, base: cut.base }] : [],
  );
  const beside: Beside = { held, done, notes: aftercare.notes };
  const steps = inWaves([...pushes, ...aftercare.steps]);
  if (steps.length === 0) return { kind: 'nothing-to-do', ...beside };
  const plan = sealPlan({
    schema: 'signalbox.plan/1',
    train: train.train,
    release: facts.release,
    purpose: 'cut',
    title: titleOf(facts, pushes),
    author: request.author,
    trainDigest: request.trainDigest,
    gates: gatesOf(cuts, gates),
    assumes: cuts.flatMap(assumed),
    phrase: null,
    steps,
  });
  return { kind: 'plan', plan, ...beside };
}

function titleOf({ release }: CutFacts, pushes: readonly PushRefsStep[]): string {
  const names = pushes.map(({ repo }) => repo).join(', ');
  return names === '' ? `Look after the cut of ${release}` : `Cut ${lineOf(release)}: ${names}`;
}

function pushStep({ facts: { repo }, cut }: Cut): readonly PushRefsStep[] {
  if (cut.is === 'done' || repo.remote === null) return [];
  const branches = cut.updates.map(({ ref }) => ref.replace('refs/heads/', '')).join(' and ');
  return [
    {
      kind: 'push-refs',
      key: `push-refs:${repo.key}:${repo.branch}`,
      wave: repo.entry.role === 'domain' ? 1 : 0,
      reversible: 'partly',
      undo: `delete ${branches} while they are still at ${shortId(cut.base)}; jobs may have started on them`,
      repo: repo.key,
      remote: repo.remote,
      via: cut.via,
      updates: [...cut.updates],
    },
  ];
}

function assumed({ facts: { repo }, cut }: Cut): readonly AssumedRef[] {
  if (cut.is === 'done' || !cut.onSourceHead || repo.remote === null) return [];
  return [{ repo: repo.key, remote: repo.remote, ref: branchRef(repo.entry.source), at: cut.base }];
}

/** The gates of the repositories whose branches the plan creates. The milestone is core's: later it fills with picks, so it gates core's cut only. */
function gatesOf(cuts: readonly Cut[], gates: readonly Gate[]): GateId[] {
  const ofCore = gates.flatMap(({ id }) => (id === 'fixes-present' || id.startsWith('ask:') ? [id] : []));
  const ids = cuts.flatMap(({ facts: { repo }, cut }) => {
    if (cut.is === 'done') return [];
    const own = [`nightlies-green:${repo.key}`, `branch-source-green:${repo.key}`];
    if (repo.entry.role === 'core') return ['people', 'milestone-resolved', ...own, ...ofCore];
    return repo.entry.role === 'domain' ? [CORE_STAGED, ...own] : own;
  });
  return [...new Set(ids)].map((id) => GateId.parse(id));
}

/** The same steps with their waves counted from 0 without gaps. */
function inWaves(steps: readonly Step[]): Step[] {
  const waves = [...new Set(steps.map(({ wave }) => wave))].toSorted((left, right) => left - right);
  return steps.map((step) => ({ ...step, wave: waves.indexOf(step.wave) }));
}
