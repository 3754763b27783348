/* oxlint-disable no-param-reassign -- a change is made on a copy of the state, which the store keeps or drops as a whole (store.ts) */
import { z } from 'zod';

import { created, HttpError, invalid, notFound, ok, paged, pagedIn, type Reply, take } from './http.ts';
import { onRepo, type RepoContext, type Route } from './router.ts';
import { startRun } from './builds.ts';
import { resolveCommit } from './git.ts';
import { requireCommit } from './routes-commits.ts';
import { shapeAnnotation, shapeCheckRun, shapeStatus } from './shape-check.ts';
import { shapeJob, shapeRun } from './shape-run.ts';
import {
  checkConclusions,
  type CheckRun,
  checkStatuses,
  type CommitStatus,
  nextId,
  type RepoState,
  type WorkflowRun,
} from './state.ts';
import { apiOf } from './urls.ts';

const Output = z.object({
  title: z.string(),
  summary: z.string(),
  text: z.string().nullable().default(null),
  annotations: z
    .array(z.object({ title: z.string().nullable().default(null), message: z.string() }))
    .max(50)
    .default([]),
});
const CheckFields = z.object({
  name: z.string().min(1),
  status: z.enum(checkStatuses).optional(),
  conclusion: z.enum(checkConclusions).optional(),
  started_at: z.iso.datetime({ offset: true }).optional(),
  completed_at: z.iso.datetime({ offset: true }).optional(),
  details_url: z.string().optional(),
  external_id: z.string().optional(),
  output: Output.optional(),
});
const NewCheck = CheckFields.extend({ head_sha: z.string() });
const ChangedCheck = CheckFields.partial();
const NewStatus = z.object({
  state: z.enum(['error', 'failure', 'pending', 'success']),
  target_url: z.string().nullable().default(null),
  description: z.string().max(140).nullable().default(null),
  context: z.string().min(1).default('default'),
});

function requireCheck(repo: RepoState, id: string | undefined): CheckRun {
  const run = repo.checkRuns.find((candidate) => String(candidate.id) === id);
  if (run === undefined) throw notFound();
  return run;
}

/** Applies the fields of a request; a conclusion completes a check, whatever status was sent. */
function applyCheck(run: CheckRun, asked: z.infer<typeof ChangedCheck>, now: string): void {
  run.name = asked.name ?? run.name;
  run.status = asked.conclusion === undefined ? (asked.status ?? run.status) : 'completed';
  if (run.status === 'completed') {
    const conclusion = asked.conclusion ?? run.conclusion;
    if (conclusion === null) throw invalid('CheckRun', 'conclusion', 'missing_field');
    run.conclusion = conclusion;
    run.completedAt = asked.completed_at ?? run.completedAt ?? now;
    run.startedAt = asked.started_at ?? run.startedAt ?? now;
  } else {
    run.conclusion = null;
    run.completedAt = null;
    run.startedAt = asked.started_at ?? run.startedAt ?? (run.status === 'in_progress' ? now : null);
  }
  run.detailsUrl = asked.details_url ?? run.detailsUrl;
  run.externalId = asked.external_id ?? run.externalId;
  if (asked.output !== undefined) {
    const { annotations, ...output } = asked.output;
    // The real API adds to what is there.
    Object.assign(run, output, { annotations: [...run.annotations, ...annotations] });
  }
}

async function createCheck(context: RepoContext): Promise<Reply> {
  const { store, urls, repo, user, body, now } = context;
  const asked = take(NewCheck, body, 'CheckRun');
  const headSha = await requireCommit(context, asked.head_sha);
  return store.change(repo, (draft) => {
    const run: CheckRun = {
      id: nextId(draft),
      suite: nextId(draft),
      name: asked.name,
      headSha,
      status: 'queued',
      conclusion: null,
      startedAt: null,
      completedAt: null,
      detailsUrl: null,
      externalId: '',
      title: null,
      summary: null,
      text: null,
      app: user.type === 'Bot' ? user.login : 'github-actions',
      annotations: [],
      attempt: 1,
    };
    applyCheck(run, asked, now);
    draft.checkRuns.push(run);
    return created(shapeCheckRun({ store, urls, repo: draft }, run));
  });
}

/** A workflow run is over when its checks are, and red when one of them is. */
function followChecks(draft: RepoState, suite: number, now: string): void {
  const run = draft.workflowRuns.find((candidate) => candidate.suite === suite);
  if (run === undefined) return;
  const checks = latestOf(draft.checkRuns.filter((check) => check.suite === suite));
  const over = checks.every((check) => check.status === 'completed');
  const red = checks.some((check) => ['failure', 'timed_out', 'cancelled'].includes(check.conclusion ?? ''));
  const started = checks.some((check) => check.status !== 'queued');
  run.status = over ? 'completed' : started ? 'in_progress' : 'queued';
  run.conclusion = over ? (red ? 'failure' : 'success') : null;
  run.updatedAt = now;
}

function updateCheck({ store, urls, repo, params, body, now }: RepoContext): Promise<Reply> {
  const asked = take(ChangedCheck, body, 'CheckRun');
  return store.change(repo, (draft) => {
    const run = requireCheck(draft, params['id']);
    applyCheck(run, asked, now);
    followChecks(draft, run.suite, now);
    return ok(shapeCheckRun({ store, urls, repo: draft }, run));
  });
}

/** The newest run of each name of each app: a retried job counts once. */
function latestOf(runs: readonly CheckRun[]): readonly CheckRun[] {
  return [...new Map(runs.map((run) => [`${run.app}\0${run.name}`, run])).values()];
}

async function listChecks(context: RepoContext): Promise<Reply> {
  const { store, urls, repo, params, url } = context;
  const sha = await requireCommit(context, params['ref'] ?? '');
  const ask = (name: string) => url.searchParams.get(name);
  const own = repo.checkRuns.filter((run) => run.headSha === sha);
  const runs = (ask('filter') === 'all' ? own : latestOf(own)).filter(
    (run) =>
      (ask('check_name') === null || run.name === ask('check_name')) &&
      (ask('status') === null || run.status === ask('status')),
  );
  return pagedIn(url, 'check_runs', runs, (run) => shapeCheckRun({ store, urls, repo }, run));
}

async function createStatus(context: RepoContext): Promise<Reply> {
  const { store, urls, repo, user, body, now, params } = context;
  const sha = await requireCommit(context, params['sha'] ?? '');
  const { target_url: targetUrl, ...asked } = take(NewStatus, body, 'Status');
  return store.change(repo, (draft) => {
    const status: CommitStatus = { id: nextId(draft), sha, ...asked, targetUrl, creator: user.login, createdAt: now };
    draft.statuses.push(status);
    return created(shapeStatus({ store, urls, repo: draft }, status));
  });
}

async function listStatuses(context: RepoContext): Promise<Reply> {
  const { store, urls, repo, params, url } = context;
  const sha = await requireCommit(context, params['ref'] ?? '');
  const newestFirst = repo.statuses.filter((status) => status.sha === sha).toReversed();
  return paged(url, newestFirst, (status) => shapeStatus({ store, urls, repo }, status));
}

async function combinedStatus(context: RepoContext): Promise<Reply> {
  const { store, urls, repo, params } = context;
  const sha = await requireCommit(context, params['ref'] ?? '');
  const own = repo.statuses.filter((status) => status.sha === sha);
  const latest = [...new Map(own.map((status) => [status.context, status])).values()];
  const has = (...states: readonly string[]) => latest.some((status) => states.includes(status.state));
  const state = has('failure', 'error') ? 'failure' : latest.length === 0 || has('pending') ? 'pending' : 'success';
  const api = apiOf(urls, repo);
  return ok({
    state,
    statuses: latest.map((status) => shapeStatus({ store, urls, repo }, status)),
    sha,
    total_count: latest.length,
    repository: { id: repo.id, name: repo.name, full_name: `${repo.owner}/${repo.name}`, url: api },
    commit_url: `${api}/commits/${sha}`,
    url: `${api}/commits/${sha}/status`,
  });
}

function requireRun(repo: RepoState, id: string | undefined): WorkflowRun {
  const run = repo.workflowRuns.find((candidate) => String(candidate.id) === id);
  if (run === undefined) throw notFound();
  return run;
}

function listRuns({ store, urls, repo, url }: RepoContext): Reply {
  const ask = (name: string) => url.searchParams.get(name);
  const is = (name: string, value: string | null) => ask(name) === null || ask(name) === value;
  const runs = repo.workflowRuns
    .filter(
      (run) =>
        is('head_sha', run.headSha) &&
        is('branch', run.headBranch) &&
        is('event', run.event) &&
        is('actor', run.actor) &&
        (is('status', run.status) || is('status', run.conclusion)),
    )
    .toReversed();
  return pagedIn(url, 'workflow_runs', runs, (run) => shapeRun({ store, urls, repo }, run));
}

function listJobs({ store, urls, repo, params, url }: RepoContext): Reply {
  const run = requireRun(repo, params['id']);
  const own = repo.checkRuns.filter((check) => check.suite === run.suite);
  const jobs = url.searchParams.get('filter') === 'all' ? own : latestOf(own);
  return pagedIn(url, 'jobs', jobs, (check) => shapeJob({ store, urls, repo }, run, check));
}

/** Puts checks of a run into its next attempt: each gets a new check of its own in the same suite; changes the draft. */
function startAgain(draft: RepoState, run: WorkflowRun, checks: readonly CheckRun[], now: string): void {
  if (run.status !== 'completed') throw new HttpError(403, 'The workflow run is not over.');
  run.runAttempt += 1;
  for (const check of checks) {
    const begun = { status: 'queued', conclusion: null, startedAt: null, completedAt: null } as const;
    draft.checkRuns.push({ ...check, ...begun, annotations: [], id: nextId(draft), attempt: run.runAttempt });
  }
  followChecks(draft, run.suite, now);
}

const Dispatch = z.object({ ref: z.string().min(1), inputs: z.record(z.string(), z.string()).default({}) });

/** Somebody starts a workflow by hand on a branch or a tag. */
async function dispatch({ store, repo, user, params, body, now, gitDir }: RepoContext): Promise<Reply> {
  const { ref } = take(Dispatch, body, 'Workflow');
  const path = `.github/workflows/${params['file'] ?? ''}`;
  const jobs = repo.dispatchable[path];
  if (jobs === undefined) throw notFound();
  const headSha = await resolveCommit(gitDir, `heads/${ref}`);
  if (headSha === undefined) throw new HttpError(422, `No ref found for: ${ref}`);
  const asked = { name: jobs.name, path, headBranch: ref, headSha, actor: user.login, jobs: jobs.jobs };
  return store.change(repo, (draft) => {
    startRun(draft, { ...asked, event: 'workflow_dispatch' }, now);
    return { status: 204 };
  });
}

function runOfJob(repo: RepoState, id: string | undefined): { readonly run: WorkflowRun; readonly check: CheckRun } {
  const check = requireCheck(repo, id);
  const run = repo.workflowRuns.find((candidate) => candidate.suite === check.suite);
  if (run === undefined) throw notFound();
  return { run, check };
}

async function rerunJob({ store, repo, params, now }: RepoContext): Promise<Reply> {
  runOfJob(repo, params['id']);
  return store.change(repo, (draft) => {
    const { run, check } = runOfJob(draft, params['id']);
    startAgain(draft, run, [check], now);
    return created({});
  });
}

/** Starts the failed checks of a run again. */
async function rerunFailed({ store, repo, params, now }: RepoContext): Promise<Reply> {
  requireRun(repo, params['id']);
  return store.change(repo, (draft) => {
    const run = requireRun(draft, params['id']);
    const failed = latestOf(draft.checkRuns.filter((check) => check.suite === run.suite)).filter((check) =>
      ['failure', 'timed_out', 'cancelled'].includes(check.conclusion ?? ''),
    );
    startAgain(draft, run, failed, now);
    return created({});
  });
}

/** Before the commit routes, whose `:ref*` would swallow these. */
export const checkRoutes: readonly Route[] = [
  onRepo('GET', '/commits/:ref*/check-runs', 'read', listChecks),
  onRepo('GET', '/commits/:ref*/statuses', 'read', listStatuses),
  onRepo('GET', '/commits/:ref*/status', 'read', combinedStatus),
  onRepo('POST', '/statuses/:sha', 'write', createStatus),
  onRepo('POST', '/check-runs', 'write', createCheck),
  onRepo('GET', '/check-runs/:id', 'read', ({ store, urls, repo, params }) =>
    ok(shapeCheckRun({ store, urls, repo }, requireCheck(repo, params['id']))),
  ),
  onRepo('PATCH', '/check-runs/:id', 'write', updateCheck),
  onRepo('GET', '/check-runs/:id/annotations', 'read', ({ repo, params, url }) =>
    paged(url, requireCheck(repo, params['id']).annotations, shapeAnnotation),
  ),
  onRepo('POST', '/actions/workflows/:file/dispatches', 'write', dispatch),
  onRepo('GET', '/actions/runs', 'read', listRuns),
  onRepo('POST', '/actions/runs/:id/rerun-failed-jobs', 'write', rerunFailed),
  onRepo('GET', '/actions/runs/:id/jobs', 'read', listJobs),
  onRepo('POST', '/actions/jobs/:id/rerun', 'write', rerunJob),
  onRepo('GET', '/actions/runs/:id', 'read', ({ store, urls, repo, params }) =>
    ok(shapeRun({ store, urls, repo }, requireRun(repo, params['id']))),
  ),
];
