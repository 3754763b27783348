import type { ObjectId } from '../../domain/git-names.ts';
import type { RepoSlug } from '../../domain/repo.ts';
import type { ForgeChecks, WorkflowRun } from '../../ports/forge.ts';
import type { Client } from './client.ts';
import { unexpected } from './failure.ts';
import { stateOfRun } from './job-state.ts';
import { placeOf } from './repo.ts';
import { Anything } from './schema.ts';
import { RunsAnswer } from './schema-work.ts';

async function runsOn(client: Client, repo: RepoSlug, commit: ObjectId): Promise<readonly WorkflowRun[]> {
  const ask = { act: `read the workflow runs on ${commit}`, repo };
  const query = { ...placeOf(repo), head_sha: commit, per_page: 100 };
  const found = new Map<number, WorkflowRun>();
  const route = 'GET /repos/{owner}/{repo}/actions/runs';
  for await (const { body } of client.pages(ask, (api) => api.request(route, query), RunsAnswer)) {
    for (const run of body.workflow_runs) {
      const state = stateOfRun(run.status ?? '', run.conclusion ?? null);
      if (state === null) {
        const said = `${run.status ?? 'none'}/${run.conclusion ?? 'none'}`;
        throw unexpected(ask, `workflow run ${run.id}`, `the state ${said}, which is not known here`);
      }
      found.set(run.id, {
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
      });
    }
  }
  return [...found.values()].toSorted((a, b) => b.id - a.id);
}

export function runs(client: Client): Pick<ForgeChecks, 'runsOn' | 'rerunFailed' | 'postStatus'> {
  return {
    runsOn: (repo, commit) => runsOn(client, repo, commit),
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
