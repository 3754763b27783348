/* oxlint-disable no-param-reassign -- a change is made on a copy of the state, which the store keeps or drops as a whole (store.ts) */
import { z } from 'zod';

import { gitText, readRef } from './git.ts';
import { countCommits, readChanges, readCommits, readDiff } from './git-commits.ts';
import { created, HttpError, invalid, linkHeader, notFound, ok, pageOf, paged, type Reply, take } from './http.ts';
import { keepPullRefs, testMergeOf } from './pull-sync.ts';
import { onRepo, type RepoContext, type Route } from './router.ts';
import { Body, noteEdit, noteMentions, setState, Title } from './routes-issues.ts';
import { shapeCommit, shapeFile } from './shape-commit.ts';
import { isPull, type PullIssue, shapePull, shapePullInList } from './shape-pull.ts';
import { type Issue, nextId, permits, type RepoState } from './state.ts';

const NewPull = z.object({
  title: Title,
  head: z.string().min(1),
  base: z.string().min(1),
  body: Body.nullish(),
  draft: z.boolean().default(false),
});
const ChangedPull = z.object({
  title: Title.optional(),
  body: Body.nullish(),
  state: z.enum(['open', 'closed']).optional(),
  base: z.string().min(1).optional(),
});

/** The pull request of a `:number`; 404 when it is an issue or nothing. */
export function requirePull(repo: RepoState, number: string | undefined): PullIssue {
  const issue = repo.issues.find((candidate) => String(candidate.number) === number);
  if (issue === undefined || !isPull(issue)) throw notFound();
  return issue;
}

/** Where the pull request's own commits start: the common ancestor of its two sides. */
async function startOf(gitDir: string, issue: PullIssue): Promise<string | null> {
  const { baseSha, headSha } = issue.pull;
  const text = await gitText(gitDir, ['merge-base', baseSha, headSha], { allow: [1] });
  return text === '' ? null : (text.split('\n')[0] ?? null);
}

async function changesOf(gitDir: string, issue: PullIssue) {
  return readChanges(gitDir, await startOf(gitDir, issue), issue.pull.headSha);
}

/** A pull request as a single answer: measured in the repository as it is now. */
async function measuredPull(context: RepoContext, repo: RepoState, issue: PullIssue) {
  const { store, urls, gitDir } = context;
  const changes = await changesOf(gitDir, issue);
  const { baseSha, headSha } = issue.pull;
  return shapePull({ store, urls, repo }, issue, {
    testMerge: issue.state === 'open' ? await testMergeOf(gitDir, issue) : null,
    commits: await countCommits(gitDir, [`${baseSha}..${headSha}`]),
    additions: changes.reduce((sum, change) => sum + change.additions, 0),
    deletions: changes.reduce((sum, change) => sum + change.deletions, 0),
    changedFiles: changes.length,
  });
}

async function listPulls({ store, urls, repo, gitDir, url }: RepoContext): Promise<Reply> {
  const ask = (name: string) => url.searchParams.get(name);
  const state = ask('state') ?? 'open';
  const found = repo.issues.filter(isPull).filter(
    (issue) =>
      (state === 'all' || issue.state === state) &&
      (ask('base') === null || issue.pull.base === ask('base')) &&
      // GitHub filters by `owner:branch` only, and ignores a head without an owner.
      (ask('head')?.includes(':') !== true || `${repo.owner}:${issue.pull.head}` === ask('head')),
  );
  const by = ask('sort') === 'updated' ? ('updatedAt' as const) : ('createdAt' as const);
  found.sort((a, b) => a[by].localeCompare(b[by]) || a.number - b.number);
  const direction = ask('direction') ?? (ask('sort') === null || ask('sort') === 'created' ? 'desc' : 'asc');
  if (direction === 'desc') found.reverse();
  const page = pageOf(url);
  const start = (page.number - 1) * page.size;
  const body = await Promise.all(
    found.slice(start, start + page.size).map(async (issue) => {
      const testMerge = issue.state === 'open' ? await testMergeOf(gitDir, issue) : null;
      return shapePullInList({ store, urls, repo }, issue, testMerge);
    }),
  );
  return { status: 200, body, headers: linkHeader(url, page, found.length) };
}

function ownBranch(repo: RepoState, head: string): string {
  const colon = head.indexOf(':');
  if (colon < 0) return head;
  // Forks are not part of the sandbox: a head of another owner does not exist.
  if (head.slice(0, colon).toLowerCase() !== repo.owner.toLowerCase()) throw invalid('PullRequest', 'head', 'invalid');
  return head.slice(colon + 1);
}

async function shaOfBranch(gitDir: string, field: 'head' | 'base', branch: string): Promise<string> {
  const line = await readRef(gitDir, `refs/heads/${branch}`);
  if (line === undefined) throw invalid('PullRequest', field, 'invalid');
  return line.sha;
}

function refuseTwin(draft: RepoState, head: string, base: string): void {
  const twin = draft.issues
    .filter(isPull)
    .some((issue) => issue.state === 'open' && issue.pull.head === head && issue.pull.base === base);
  if (!twin) return;
  const message = `A pull request already exists for ${draft.owner}:${head}.`;
  throw new HttpError(422, 'Validation Failed', [{ resource: 'PullRequest', code: 'custom', message }]);
}

function createPull(context: RepoContext): Promise<Reply> {
  const { store, repo, gitDir, user, body, now } = context;
  const asked = take(NewPull, body, 'PullRequest');
  const head = ownBranch(repo, asked.head);
  return store.change(repo, async (draft) => {
    const baseSha = await shaOfBranch(gitDir, 'base', asked.base);
    const headSha = await shaOfBranch(gitDir, 'head', head);
    refuseTwin(draft, head, asked.base);
    if ((await countCommits(gitDir, [`${baseSha}..${headSha}`])) === 0) {
      const message = `No commits between ${asked.base} and ${head}`;
      throw new HttpError(422, 'Validation Failed', [{ resource: 'PullRequest', code: 'custom', message }]);
    }
    draft.lastNumber += 1;
    const issue: Issue & { pull: NonNullable<Issue['pull']> } = {
      id: nextId(draft),
      number: draft.lastNumber,
      title: asked.title,
      body: asked.body ?? null,
      state: 'open',
      stateReason: null,
      user: user.login,
      labels: [],
      assignees: [],
      milestone: null,
      createdAt: now,
      updatedAt: now,
      closedAt: null,
      closedBy: null,
      pull: {
        id: nextId(draft),
        head,
        headSha,
        base: asked.base,
        baseSha,
        draft: asked.draft,
        mergedAt: null,
        mergedBy: null,
        mergeSha: null,
        intent: null,
        reviewers: [],
        teams: [],
      },
    };
    draft.issues.push(issue);
    noteMentions(draft, { from: issue.number, text: `${issue.title} ${issue.body ?? ''}`, actor: user.login, at: now });
    await keepPullRefs(gitDir, issue, now);
    return created(await measuredPull(context, draft, issue));
  });
}

function mayChange({ permission, user }: RepoContext, issue: Issue): void {
  if (issue.user === user.login || permits(permission, 'write')) return;
  throw new HttpError(403, 'Must have admin rights to Repository.');
}

function updatePull(context: RepoContext): Promise<Reply> {
  const { store, repo, gitDir, params, user, body, now } = context;
  mayChange(context, requirePull(repo, params['number']));
  const asked = take(ChangedPull, body, 'PullRequest');
  return store.change(repo, async (draft) => {
    const issue = requirePull(draft, params['number']);
    if (asked.state === 'open' && issue.state === 'closed') {
      if (issue.pull.mergedAt !== null) throw invalid('PullRequest', 'state', 'invalid');
      issue.pull.headSha = await shaOfBranch(gitDir, 'head', issue.pull.head);
      refuseTwin(draft, issue.pull.head, issue.pull.base);
    }
    if (asked.base !== undefined && asked.base !== issue.pull.base) {
      issue.pull.baseSha = await shaOfBranch(gitDir, 'base', asked.base);
      issue.pull.base = asked.base;
    }
    const before = { ...issue };
    if (asked.title !== undefined) issue.title = asked.title;
    if (asked.body !== undefined) issue.body = asked.body;
    if (asked.state !== undefined) setState(issue, { state: asked.state, reason: null, by: user.login, at: now });
    issue.updatedAt = now;
    noteEdit(draft, before, issue, { by: user.login, at: now });
    if (issue.state === 'open') await keepPullRefs(gitDir, issue, now);
    return ok(await measuredPull(context, draft, issue));
  });
}

async function getPull(context: RepoContext): Promise<Reply> {
  const { repo, gitDir, params, accept } = context;
  const issue = requirePull(repo, params['number']);
  if (!/\bdiff\b/u.test(accept)) return ok(await measuredPull(context, repo, issue));
  return {
    status: 200,
    body: await readDiff(gitDir, await startOf(gitDir, issue), issue.pull.headSha),
    headers: { 'content-type': 'application/vnd.github.diff; charset=utf-8' },
  };
}

async function listPullCommits({ store, urls, repo, gitDir, params, url }: RepoContext): Promise<Reply> {
  const { pull } = requirePull(repo, params['number']);
  const start = `${pull.baseSha}..${pull.headSha}`;
  const commits = await readCommits(gitDir, ['--reverse', '--topo-order', start]);
  return paged(url, commits.slice(0, 250), (commit) => shapeCommit(store, urls, repo, commit));
}

async function listPullFiles({ urls, repo, gitDir, params, url }: RepoContext): Promise<Reply> {
  const issue = requirePull(repo, params['number']);
  return paged(url, await changesOf(gitDir, issue), (change) => shapeFile(urls, repo, issue.pull.headSha, change));
}

export const pullRoutes: readonly Route[] = [
  onRepo('GET', '/pulls', 'read', listPulls),
  onRepo('POST', '/pulls', 'read', createPull),
  onRepo('GET', '/pulls/:number', 'read', getPull),
  onRepo('PATCH', '/pulls/:number', 'read', updatePull),
  onRepo('GET', '/pulls/:number/commits', 'read', listPullCommits),
  onRepo('GET', '/pulls/:number/files', 'read', listPullFiles),
];
