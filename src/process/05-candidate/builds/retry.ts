import { newestAttempts } from '../../../domain/job-attempts.ts';
import type { Digest } from '../../../domain/canonical-json.ts';
import type { CellKey } from '../../../domain/artifact.ts';
import type { Expectation } from '../../../domain/expected/expectation.ts';
import { tagRef } from '../../../domain/git-names.ts';
import { sealPlan, type AssumedRef, type Plan } from '../../../domain/plan/plan.ts';
import type { RerunJobsStep } from '../../../domain/plan/step.ts';
import { refuse, succeed, type Result } from '../../../domain/result.ts';
import type { Train } from '../../../domain/train/train.ts';
import type { CandidateVersion } from '../../../domain/version.ts';
import { cellBuilds, isOver, type BuildJob, type CellBuild } from './cells.ts';
import { namedCells } from './named-cells.ts';
import type { BuildFacts, RepoBuilds, TagBuilds } from './facts.ts';

export interface RetryRequest {
  readonly train: Train;
  readonly trainDigest: Digest;
  readonly author: string;
  readonly candidate: CandidateVersion;
  readonly expectation: Expectation | null;
  /** The cell as it was typed: its key, or words of it that name one. Null for every failed job. */
  readonly only: string | null;
  /** Cells whose files were recorded: those never change. */
  readonly recorded: ReadonlySet<CellKey>;
}

export type RetryProblem =
  | { readonly code: 'cannot-read'; readonly repo: string; readonly reason: string }
  | { readonly code: 'no-candidate'; readonly candidate: CandidateVersion }
  | { readonly code: 'unknown-cell'; readonly only: string; readonly failing: readonly string[] }
  | { readonly code: 'ambiguous-cell'; readonly only: string; readonly keys: readonly string[] }
  | { readonly code: 'no-job'; readonly cell: string; readonly job: string | null }
  | { readonly code: 'not-failing'; readonly cell: string; readonly state: string; readonly link: string | null }
  | { readonly code: 'run-not-over'; readonly repo: string; readonly run: number; readonly link: string }
  | { readonly code: 'is-recorded'; readonly cell: string; readonly candidate: CandidateVersion };

export type RetryAnswer = ({ readonly kind: 'plan'; readonly plan: Plan } | { readonly kind: 'nothing-to-do' }) & {
  readonly held: readonly [];
  readonly notes: readonly string[];
};

interface Tagged {
  readonly repo: RepoBuilds['repo'];
  readonly builds: TagBuilds;
  readonly cells: readonly CellBuild[];
  readonly jobs: readonly BuildJob[];
}

/**
 * Plans that failed jobs of a candidate's builds run again: the one of a cell, or all. The forge starts with a job those that need it, and starts none while
 * its run still goes on; a cell that is built, or whose file was recorded, is not built again, since a candidate never changes.
 */
export function decideRetry(facts: BuildFacts, request: RetryRequest): Result<RetryAnswer, RetryProblem> {
  const unread = facts.repos.flatMap(({ repo, found }): readonly RetryProblem[] => {
    if (!found.known) return [{ code: 'cannot-read', repo: repo.key, reason: found.reason }];
    return found.value?.runs.known === false
      ? [{ code: 'cannot-read', repo: repo.key, reason: found.value.runs.reason }]
      : [];
  });
  const [first, ...rest] = unread;
  if (first !== undefined) return refuse(first, ...rest);
  const tagged = facts.repos.flatMap((one) => taggedOf(one, request.expectation));
  if (tagged.length === 0) return refuse({ code: 'no-candidate', candidate: request.candidate });
  return request.only === null
    ? retryAll(facts, tagged, request)
    : retryOne(facts, tagged, { ...request, only: request.only });
}

function taggedOf({ repo, found }: RepoBuilds, expectation: Expectation | null): readonly Tagged[] {
  if (!found.known || found.value === null || !found.value.runs.known) return [];
  const runs = found.value.runs.value;
  const cells = (expectation?.cells ?? []).filter(({ cell }) => cell.repo === repo.key);
  return [
    {
      repo,
      builds: found.value,
      cells: cellBuilds(runs, cells),
      jobs: runs.counted.flatMap((each) => newestAttempts(each)),
    },
  ];
}

function retryOne(
  facts: BuildFacts,
  tagged: readonly Tagged[],
  request: RetryRequest & { readonly only: string },
): Result<RetryAnswer, RetryProblem> {
  const { only, candidate, recorded } = request;
  const all = tagged.flatMap((one) => one.cells.map((cell) => ({ one, cell })));
  const failing = all.filter(({ cell }) => cell.verdict === 'failing');
  const found = namedCells(all, only, ({ cell }) => cell.expected);
  const [chosen, ...others] = found.length > 1 ? found.filter((each) => failing.includes(each)) : found;
  if (found.length === 0)
    return refuse({ code: 'unknown-cell', only, failing: failing.map(({ cell }) => cell.expected.key) });
  if (chosen === undefined || others.length > 0) {
    const keys = (others.length > 0 ? [chosen, ...others] : found).flatMap((each) => each?.cell.expected.key ?? []);
    return refuse({ code: 'ambiguous-cell', only, keys });
  }
  const { one, cell } = chosen;
  const { key, job } = cell.expected;
  const [bad] = cell.jobs.filter(({ state }) => state === 'red' || state === 'cancelled' || state === 'skipped');
  if (cell.jobs.length === 0) return refuse({ code: 'no-job', cell: key, job });
  if (bad === undefined) {
    const { state, link } = cell.jobs.find((each) => each.state !== 'green') ?? { state: 'green', link: null };
    return refuse({ code: 'not-failing', cell: key, state, link: link ?? cell.jobs[0]?.link ?? null });
  }
  if (recorded.has(key)) return refuse({ code: 'is-recorded', cell: key, candidate });
  const { run } = bad;
  if (!isOver(run)) return refuse({ code: 'run-not-over', repo: one.repo.key, run: run.id, link: run.link });
  return succeed(planOf(facts, request, [{ one, step: stepOf(one, bad, [bad.name]) }]));
}

function retryAll(
  facts: BuildFacts,
  tagged: readonly Tagged[],
  request: RetryRequest,
): Result<RetryAnswer, RetryProblem> {
  const bad = tagged.flatMap((one) =>
    [...Map.groupBy(one.jobs, ({ run }) => run).entries()].flatMap(([run, jobs]) => {
      const failed = jobs.filter(({ state }) => state === 'red' || state === 'cancelled');
      return failed.length === 0 ? [] : [{ one, run, failed }];
    }),
  );
  if (bad.length === 0) return succeed({ kind: 'nothing-to-do', held: [], notes: [] });
  const going = bad
    .filter(({ run }) => !isOver(run))
    .map(({ one, run }) => ({ repo: one.repo.key, run: run.id, link: run.link }));
  const [first, ...rest] = going.map((each): RetryProblem => ({ code: 'run-not-over', ...each }));
  if (first !== undefined) return refuse(first, ...rest);
  const steps = bad.flatMap(({ one, run, failed }) => {
    const [job] = failed;
    return job === undefined
      ? []
      : [
          {
            one,
            step: {
              ...stepOf(
                one,
                job,
                failed.map(({ name }) => name),
              ),
              job: null,
              key: `rerun-jobs:${one.repo.key}:${run.id}.${run.attempt}`,
            },
          },
        ];
  });
  return succeed(planOf(facts, request, steps));
}

function stepOf({ repo, builds }: Tagged, { id, run }: BuildJob, names: readonly string[]): RerunJobsStep {
  const { slug } = repo.entry;
  if (slug === undefined) throw new Error(`${repo.key} has runs and no slug`);
  return {
    kind: 'rerun-jobs',
    key: `rerun-jobs:${repo.key}:${id}`,
    wave: 0,
    reversible: 'partly',
    undo: 'cancel the new attempt on the forge; what it uploaded until then stays',
    repo: repo.key,
    slug,
    tag: builds.tag,
    commit: builds.commit,
    run: run.id,
    attempt: run.attempt,
    job: id,
    names: [...names],
  };
}

interface Planned {
  readonly one: Tagged;
  readonly step: RerunJobsStep;
}

function planOf({ release }: BuildFacts, request: RetryRequest, planned: readonly Planned[]): RetryAnswer {
  const names = planned.flatMap(({ step }) => step.names);
  const what = names.length === 1 ? (names[0] ?? '') : `${names.length} failed jobs`;
  const plan = sealPlan({
    schema: 'signalbox.plan/1',
    train: request.train.train,
    release,
    purpose: 'retry',
    title: `Run ${what} of ${request.candidate} again`,
    author: request.author,
    trainDigest: request.trainDigest,
    gates: [],
    assumes: planned.flatMap(({ one: { repo, builds } }): readonly AssumedRef[] =>
      repo.remote === null ? [] : [{ repo: repo.key, remote: repo.remote, ref: tagRef(builds.tag), at: builds.commit }],
    ),
    phrase: null,
    steps: planned.map(({ step }) => step),
  });
  const notes = [
    'the forge starts with a job also those that need it, on the same commit, as a new attempt of the run',
    'a file that it uploads takes the place of one with the same name',
  ];
  return { kind: 'plan', plan, held: [], notes };
}

/** What is wrong, with which thing, and what to do about it. */
export function explainRetry(problem: RetryProblem): string {
  switch (problem.code) {
    case 'cannot-read':
      return `The builds of ${problem.repo} could not be read: ${problem.reason}. Make them readable, then try again.`;
    case 'no-candidate':
      return `No repository that names its build workflows (repos.*.binaries) has ${problem.candidate}. See: signalbox rc list`;
    case 'unknown-cell':
      return `No cell with a named job is "${problem.only.slice(0, 80)}". ${problem.failing.length === 0 ? 'None is failing.' : `Failing: ${problem.failing.slice(0, 5).join(', ')}${problem.failing.length > 5 ? ' and more' : ''}.`}`;
    case 'ambiguous-cell':
      return `"${problem.only.slice(0, 80)}" is ${problem.keys.length} cells: ${problem.keys.slice(0, 5).join(', ')}${problem.keys.length > 5 ? ' and more' : ''}. Write more of it, or its whole key.`;
    case 'no-job':
      return `No run has a job for ${problem.cell} (${problem.job ?? 'the train names none'}), so there is nothing to start again. Add it to the workflow, or correct \`job\` in artifacts.`;
    case 'not-failing':
      return problem.state === 'green'
        ? `The build of ${problem.cell} is green. A candidate never changes: what is built is not built again.${problem.link === null ? '' : ` See: ${problem.link}`}`
        : `The build of ${problem.cell} is ${problem.state}: wait for its end.${problem.link === null ? '' : ` See: ${problem.link}`}`;
    case 'run-not-over':
      return `Run ${problem.run} of ${problem.repo} still goes on, and the forge starts none of its jobs again before it is over. Wait, or cancel it: ${problem.link}`;
    case 'is-recorded':
      return `The file of ${problem.cell} was recorded as part of ${problem.candidate}, which never changes. Tag another candidate: signalbox rc cut`;
  }
}
