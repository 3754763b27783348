/* oxlint-disable no-param-reassign -- a change is made on a copy of the state, which the store keeps or drops as a whole (store.ts) */
import { z } from 'zod';

import { created, HttpError, invalid, notFound, ok, paged, pagedIn, type Reply, take } from './http.ts';
import { onRepo, type RepoContext, type Route } from './router.ts';
import { requireCommit } from './routes-commits.ts';
import { shapeCheckRun, shapeStatus } from './shape-check.ts';
import { shapeRun } from './shape-run.ts';
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
  if (asked.output !== undefined) Object.assign(run, asked.output);
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

/** Starts the failed checks of a run again: each gets a new run of its own in the same suite. */
async function rerunFailed({ store, repo, params, now }: RepoContext): Promise<Reply> {
  requireRun(repo, params['id']);
  return store.change(repo, (draft) => {
    const run = requireRun(draft, params['id']);
    if (run.status !== 'completed') throw new HttpError(403, 'This workflow run is not over.');
    const failed = latestOf(draft.checkRuns.filter((check) => check.suite === run.suite)).filter((check) =>
      ['failure', 'timed_out', 'cancelled'].includes(check.conclusion ?? ''),
    );
    for (const check of failed) {
      const begun = { status: 'queued', conclusion: null, startedAt: null, completedAt: null } as const;
      draft.checkRuns.push({ ...check, ...begun, id: nextId(draft) });
    }
    run.runAttempt += 1;
    followChecks(draft, run.suite, now);
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
  onRepo('GET', '/actions/runs', 'read', listRuns),
  onRepo('POST', '/actions/runs/:id/rerun-failed-jobs', 'write', rerunFailed),
  onRepo('GET', '/actions/runs/:id', 'read', ({ store, urls, repo, params }) =>
    ok(shapeRun({ store, urls, repo }, requireRun(repo, params['id']))),
  ),
];
