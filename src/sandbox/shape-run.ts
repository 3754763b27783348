import type { components } from '@octokit/openapi-types';

import type { Place } from './shape-issue.ts';
import { shapeUser } from './shape-user.ts';
import type { CheckRun, RepoState, WorkflowRun } from './state.ts';
import { apiOf, nodeId, type Urls, webOf } from './urls.ts';

type MinimalRepository = components['schemas']['minimal-repository'];

/** A workflow run, without the repository objects, which repeat in each run and nobody reads. */
export type ShapedRun = Omit<
  components['schemas']['workflow-run'],
  'repository' | 'head_repository' | 'head_commit'
> & {
  repository: Pick<MinimalRepository, 'id' | 'name' | 'full_name' | 'url'>;
};

function minimalRepo(urls: Urls, repo: RepoState) {
  return { id: repo.id, name: repo.name, full_name: `${repo.owner}/${repo.name}`, url: apiOf(urls, repo) };
}

export function shapeRun(place: Place, run: WorkflowRun): ShapedRun {
  const { store, urls, repo } = place;
  const url = `${apiOf(urls, repo)}/actions/runs/${run.id}`;
  const actor = shapeUser(store, urls, run.actor);
  return {
    id: run.id,
    name: run.name,
    node_id: nodeId('WFR', run.id),
    head_branch: run.headBranch,
    head_sha: run.headSha,
    path: run.path,
    display_title: run.name,
    run_number: run.runNumber,
    run_attempt: run.runAttempt,
    event: run.event,
    status: run.status,
    conclusion: run.conclusion,
    workflow_id: run.suite,
    check_suite_id: run.suite,
    check_suite_node_id: nodeId('CS', run.suite),
    url,
    html_url: `${webOf(urls, repo)}/actions/runs/${run.id}`,
    pull_requests: [],
    created_at: run.createdAt,
    updated_at: run.updatedAt,
    run_started_at: run.createdAt,
    actor,
    triggering_actor: actor,
    referenced_workflows: [],
    jobs_url: `${url}/jobs`,
    logs_url: `${url}/logs`,
    check_suite_url: `${apiOf(urls, repo)}/check-suites/${run.suite}`,
    artifacts_url: `${url}/artifacts`,
    cancel_url: `${url}/cancel`,
    rerun_url: `${url}/rerun`,
    previous_attempt_url: null,
    workflow_url: `${apiOf(urls, repo)}/actions/workflows/${run.suite}`,
    repository: minimalRepo(urls, repo),
  };
}

/** A check of a run as its job. */
export function shapeJob(
  { urls, repo }: Place,
  run: WorkflowRun,
  check: CheckRun,
): Omit<components['schemas']['job'], 'steps'> {
  const api = apiOf(urls, repo);
  return {
    id: check.id,
    run_id: run.id,
    run_url: `${api}/actions/runs/${run.id}`,
    run_attempt: check.attempt,
    node_id: nodeId('CR', check.id),
    head_sha: check.headSha,
    url: `${api}/actions/jobs/${check.id}`,
    html_url: `${webOf(urls, repo)}/actions/runs/${run.id}/job/${check.id}`,
    status: check.status,
    conclusion: check.conclusion,
    created_at: run.createdAt,
    started_at: check.startedAt ?? run.createdAt,
    completed_at: check.completedAt,
    name: check.name,
    check_run_url: `${api}/check-runs/${check.id}`,
    labels: [],
    runner_id: null,
    runner_name: null,
    runner_group_id: null,
    runner_group_name: null,
    workflow_name: run.name,
    head_branch: run.headBranch,
  };
}
