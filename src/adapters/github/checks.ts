import type { ObjectId } from '../../domain/git-names.ts';
import type { RepoSlug } from '../../domain/repo.ts';
import { ForgeError, type ForgeChecks, type JobResult } from '../../ports/forge.ts';
import type { Client } from './client.ts';
import { unexpected, type Ask } from './failure.ts';
import { stateOfRun, stateOfStatus, worse } from './job-state.ts';
import { placeOf } from './repo.ts';
import { runs } from './runs.ts';
import {
  CheckRunsAnswer,
  CombinedStatusAnswer,
  WorkflowRunsAnswer,
  type CheckRunAnswer,
  type StatusAnswer,
} from './schema.ts';

/** Which workflow a check suite belongs to. */
type Workflows = ReadonlyMap<number | bigint | null, number | bigint>;

const NONE: Workflows = new Map();

async function checkRuns(
  client: Client,
  ask: Ask,
  repo: RepoSlug,
  commit: ObjectId,
): Promise<readonly CheckRunAnswer[]> {
  const query = { ...placeOf(repo), ref: commit, filter: 'all', per_page: 100 } as const;
  const route = 'GET /repos/{owner}/{repo}/commits/{ref}/check-runs';
  const runs = new Map<number | bigint, CheckRunAnswer>();
  for await (const { body } of client.pages(ask, (api) => api.request(route, query), CheckRunsAnswer)) {
    for (const run of body.check_runs) runs.set(run.id, run);
  }
  return [...runs.values()];
}

async function statuses(client: Client, ask: Ask, repo: RepoSlug, commit: ObjectId): Promise<readonly StatusAnswer[]> {
  const query = { ...placeOf(repo), ref: commit, per_page: 100 };
  const route = 'GET /repos/{owner}/{repo}/commits/{ref}/status';
  const found = new Map<string, StatusAnswer>();
  for await (const { body } of client.pages(ask, (api) => api.request(route, query), CombinedStatusAnswer)) {
    for (const status of body.statuses) found.set(status.context, status);
  }
  return [...found.values()];
}

function resultOfRun(ask: Ask, run: CheckRunAnswer, attempts: number): JobResult {
  const state = stateOfRun(run.status, run.conclusion ?? null);
  if (state === null) {
    const said = `${run.status}/${run.conclusion ?? 'none'}`;
    throw unexpected(ask, `check run "${run.name}"`, `the state ${said}, which is not known here`);
  }
  return {
    name: run.name,
    state,
    attempts,
    startedAt: run.started_at ?? null,
    finishedAt: run.status === 'completed' ? (run.completed_at ?? null) : null,
    link: run.html_url ?? run.details_url ?? null,
  };
}

function resultOfStatus(ask: Ask, status: StatusAnswer): JobResult {
  const state = stateOfStatus(status.state);
  if (state === null) {
    throw unexpected(ask, `status "${status.context}"`, `the state ${status.state}, which is not known here`);
  }
  return {
    name: status.context,
    state,
    attempts: 1,
    startedAt: status.created_at,
    finishedAt: state === 'running' ? null : status.updated_at,
    link: status.target_url ?? null,
  };
}

function grouped(runs: readonly CheckRunAnswer[], keyOf: (run: CheckRunAnswer) => string): readonly CheckRunAnswer[][] {
  return [...Map.groupBy(runs, keyOf).values()];
}

/** Runs of one name in several suites are one job that was started again, or jobs of several workflows that happen to share a name. */
function needsWorkflows(runs: readonly CheckRunAnswer[]): boolean {
  const suites = new Set(runs.map((run) => run.check_suite?.id));
  const ends = new Set(runs.map((run) => `${run.status} ${run.conclusion ?? ''}`));
  return suites.size > 1 && ends.size > 1;
}

async function workflowsOf(client: Client, repo: RepoSlug, commit: ObjectId): Promise<Workflows | 'hidden'> {
  const ask = { act: `read the workflow runs on ${commit}`, repo };
  const query = { ...placeOf(repo), head_sha: commit, per_page: 100 };
  const route = 'GET /repos/{owner}/{repo}/actions/runs';
  const found = new Map<number | bigint | null, number | bigint>();
  try {
    for await (const { body } of client.pages(ask, (api) => api.request(route, query), WorkflowRunsAnswer)) {
      for (const run of body.workflow_runs) found.set(run.check_suite_id ?? null, run.workflow_id);
    }
  } catch (error) {
    // A token may read checks and not actions.
    if (error instanceof ForgeError && (error.code === 'not-allowed' || error.code === 'not-found')) return 'hidden';
    throw error;
  }
  return found;
}

/**
 * The newest run of each workflow, or of each other app, decides for it, and the worst of them for the name. Where workflows are hidden,
 * each suite counts for itself, which is the cautious reading.
 */
function resultOfName(ask: Ask, runs: readonly CheckRunAnswer[], workflows: Workflows | 'hidden'): JobResult {
  const origin = (run: CheckRunAnswer): string => {
    const suite = run.check_suite?.id ?? null;
    const part = workflows === 'hidden' ? suite : (workflows.get(suite) ?? 'none');
    return `${run.app?.slug ?? ''} ${part}`;
  };
  return grouped(runs, origin)
    .map((same) => {
      // Ids only grow, while a run that has not begun has no time yet.
      const newest = same.reduce((latest, run) => (run.id > latest.id ? run : latest));
      return resultOfRun(ask, newest, same.length);
    })
    .reduce(worse);
}

async function onCommit(client: Client, repo: RepoSlug, commit: ObjectId): Promise<readonly JobResult[]> {
  const ask = { act: `read the checks on ${commit}`, repo };
  const [runs, posted] = await Promise.all([checkRuns(client, ask, repo, commit), statuses(client, ask, repo, commit)]);
  const names = grouped(runs, (run) => run.name);
  const workflows = names.some(needsWorkflows) ? await workflowsOf(client, repo, commit) : NONE;
  const results = new Map<string, JobResult>();
  const fromRuns = names.map((same) => resultOfName(ask, same, needsWorkflows(same) ? workflows : NONE));
  for (const result of [...fromRuns, ...posted.map((status) => resultOfStatus(ask, status))]) {
    const other = results.get(result.name);
    results.set(result.name, other === undefined ? result : worse(other, result));
  }
  return [...results.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

export function checks(client: Client): ForgeChecks {
  return { onCommit: (repo, commit) => onCommit(client, repo, commit), ...runs(client) };
}
