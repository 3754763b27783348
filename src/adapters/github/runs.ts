import type { ObjectId } from '../../domain/git-names.ts';
import type { RepoSlug } from '../../domain/repo.ts';
import type { CommitJob, ForgeChecks, WorkflowRun } from '../../ports/forge.ts';
import type { Client } from './client.ts';
import { unexpected, type Ask } from './failure.ts';
import { stateOfRun } from './job-state.ts';
import { orNull, placeOf } from './repo.ts';
import { Anything } from './schema.ts';
import { JobAnswer, RunAnswer, RunsAnswer } from './schema-work.ts';

function runOf(ask: Ask, run: RunAnswer): WorkflowRun {
  const state = stateOfRun(run.status ?? '', run.conclusion ?? null);
  if (state === null) {
    const said = `${run.status ?? 'none'}/${run.conclusion ?? 'none'}`;
    throw unexpected(ask, `workflow run ${run.id}`, `the state ${said}, which is not known here`);
  }
  return {
    id: run.id,
    name: run.name ?? run.path,
    path: run.path,
    branch: run.head_branch ?? null,
    commit: run.head_sha,
    event: run.event,
    attempt: run.run_attempt ?? 1,
    state,
    startedAt: run.run_started_at ?? run.created_at,
    link: run.html_url,
  };
}

async function runsOn(client: Client, repo: RepoSlug, commit: ObjectId): Promise<readonly WorkflowRun[]> {
  const ask = { act: `read the workflow runs on ${commit}`, repo };
  const query = { ...placeOf(repo), head_sha: commit, per_page: 100 };
  const found = new Map<number, WorkflowRun>();
  const route = 'GET /repos/{owner}/{repo}/actions/runs';
  for await (const { body } of client.pages(ask, (api) => api.request(route, query), RunsAnswer)) {
    for (const run of body.workflow_runs) found.set(run.id, runOf(ask, run));
  }
  return [...found.values()].toSorted((a, b) => b.id - a.id);
}

async function runNumbered(client: Client, repo: RepoSlug, run: number): Promise<WorkflowRun | null> {
  const ask = { act: `read the workflow run ${run}`, repo };
  const route = 'GET /repos/{owner}/{repo}/actions/runs/{run_id}';
  const query = { ...placeOf(repo), run_id: run };
  const found = await orNull(client, repo, await client.look(ask, (api) => api.request(route, query), RunAnswer));
  return found === null ? null : runOf(ask, found);
}

async function jobNumbered(client: Client, repo: RepoSlug, job: number): Promise<CommitJob | null> {
  const ask = { act: `read the check run ${job}`, repo };
  const route = 'GET /repos/{owner}/{repo}/check-runs/{check_run_id}';
  const query = { ...placeOf(repo), check_run_id: job };
  const found = await orNull(client, repo, await client.look(ask, (api) => api.request(route, query), JobAnswer));
  if (found === null) return null;
  const state = stateOfRun(found.status, found.conclusion ?? null);
  if (state === null) {
    const said = `${found.status}/${found.conclusion ?? 'none'}`;
    throw unexpected(ask, `check run ${job}`, `the state ${said}, which is not known here`);
  }
  return { id: job, name: found.name, commit: found.head_sha, state, link: found.html_url ?? null };
}

export function runs(client: Client): Omit<ForgeChecks, 'onCommit'> {
  return {
    runsOn: (repo, commit) => runsOn(client, repo, commit),
    run: (repo, run) => runNumbered(client, repo, run),
    job: (repo, job) => jobNumbered(client, repo, job),
    rerunFailed: async (repo, run) => {
      const route = 'POST /repos/{owner}/{repo}/actions/runs/{run_id}/rerun-failed-jobs';
      const draft = { ...placeOf(repo), run_id: run };
      await client.call({ act: `start run ${run} again`, repo }, (api) => api.request(route, draft), Anything);
    },
    postStatus: async (repo, commit, { context, state, description, link }) => {
      const route = 'POST /repos/{owner}/{repo}/statuses/{sha}';
      const target = link === null ? {} : { target_url: link };
      const draft = { ...placeOf(repo), sha: commit, context, state, description, ...target };
      await client.call({ act: `post the status "${context}"`, repo }, (api) => api.request(route, draft), Anything);
    },
  };
}
