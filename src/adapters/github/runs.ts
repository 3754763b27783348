import { z } from 'zod';
import type { ObjectId } from '../../domain/git-names.ts';
import type { RepoSlug } from '../../domain/repo.ts';
import type { CommitJob, ForgeChecks, JobNote, RunJob, WorkflowRun } from '../../ports/forge.ts';
import type { Client } from './client.ts';
import { unexpected, type Ask } from './failure.ts';
import { stateOfRun } from './job-state.ts';
import { orNull, placeOf } from './repo.ts';
import { Anything } from './schema.ts';
import { JobAnswer, NoteAnswer, RunAnswer, type RunJobAnswer, RunJobsAnswer, RunsAnswer } from './schema-work.ts';

function runOf(ask: Ask, run: RunAnswer): WorkflowRun {
  const state = stateOfRun(run.status ?? '', run.conclusion ?? null);
  if (state === null) {
    const said = `${run.status ?? 'none'}/${run.conclusion ?? 'none'}`;
    throw unexpected(ask, `workflow run ${run.id}`, `the state ${said}, which is not known here`);
  }
  return {
    id: run.id,
    name: run.name ?? run.path,
    // GitHub may put the ref behind it: `.github/workflows/build.yml@main`.
    path: run.path.replace(/@.*$/s, ''),
    branch: run.head_branch ?? null,
    commit: run.head_sha,
    event: run.event,
    attempt: run.run_attempt ?? 1,
    state,
    startedAt: run.run_started_at ?? run.created_at,
    link: run.html_url,
  };
}

function runsOn(client: Client, repo: RepoSlug, commit: ObjectId): Promise<readonly WorkflowRun[]> {
  return listRuns(client, { act: `read the workflow runs on ${commit}`, repo }, { head_sha: commit });
}

async function runsOf(client: Client, repo: RepoSlug, ref: string): Promise<readonly WorkflowRun[]> {
  const runs = await listRuns(client, { act: `read the workflow runs of ${ref}`, repo }, { branch: ref });
  return runs.filter(({ branch }) => branch === ref);
}

async function listRuns(
  client: Client,
  ask: Ask & { readonly repo: RepoSlug },
  by: { readonly head_sha: string } | { readonly branch: string },
): Promise<readonly WorkflowRun[]> {
  const query = { ...placeOf(ask.repo), ...by, per_page: 100 };
  const found = new Map<number, WorkflowRun>();
  const route = 'GET /repos/{owner}/{repo}/actions/runs';
  for await (const { body } of client.pages(ask, (api) => api.request(route, query), RunsAnswer)) {
    for (const run of body.workflow_runs) found.set(run.id, runOf(ask, run));
  }
  return [...found.values()].toSorted((a, b) => b.id - a.id);
}

function jobOfRun(ask: Ask, job: RunJobAnswer): RunJob {
  const state = stateOfRun(job.status, job.conclusion ?? null);
  if (state === null) {
    const said = `${job.status}/${job.conclusion ?? 'none'}`;
    throw unexpected(ask, `job "${job.name}"`, `the state ${said}, which is not known here`);
  }
  return {
    id: job.id,
    name: job.name,
    commit: job.head_sha,
    attempt: job.run_attempt ?? 1,
    state,
    startedAt: job.started_at ?? null,
    finishedAt: job.status === 'completed' ? (job.completed_at ?? null) : null,
    link: job.html_url ?? null,
  };
}

async function jobsOf(client: Client, repo: RepoSlug, run: number): Promise<readonly RunJob[]> {
  const ask = { act: `read the jobs of run ${run}`, repo };
  const query = { ...placeOf(repo), run_id: run, filter: 'all', per_page: 100 } as const;
  const found = new Map<number, RunJob>();
  const route = 'GET /repos/{owner}/{repo}/actions/runs/{run_id}/jobs';
  for await (const { body } of client.pages(ask, (api) => api.request(route, query), RunJobsAnswer)) {
    for (const job of body.jobs) found.set(job.id, jobOfRun(ask, job));
  }
  return [...found.values()].toSorted((a, b) => b.attempt - a.attempt || b.id - a.id);
}

async function notesOf(client: Client, repo: RepoSlug, job: number): Promise<readonly JobNote[]> {
  const ask = { act: `read the annotations of job ${job}`, repo };
  const query = { ...placeOf(repo), check_run_id: job, per_page: 100 };
  const route = 'GET /repos/{owner}/{repo}/check-runs/{check_run_id}/annotations';
  const found: JobNote[] = [];
  for await (const { body } of client.pages(ask, (api) => api.request(route, query), z.array(NoteAnswer)))
    found.push(...body.map(({ title, message }) => ({ title: title ?? '', message: message ?? '' })));
  return found;
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
    runsOf: (repo, ref) => runsOf(client, repo, ref),
    jobsOf: (repo, run) => jobsOf(client, repo, run),
    notesOf: (repo, job) => notesOf(client, repo, job),
    run: (repo, run) => runNumbered(client, repo, run),
    job: (repo, job) => jobNumbered(client, repo, job),
    rerunJob: async (repo, job) => {
      const route = 'POST /repos/{owner}/{repo}/actions/jobs/{job_id}/rerun';
      const draft = { ...placeOf(repo), job_id: job };
      await client.call({ act: `start job ${job} again`, repo }, (api) => api.request(route, draft), Anything);
    },
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
