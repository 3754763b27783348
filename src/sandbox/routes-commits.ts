import { z } from 'zod';

import { gitText, isAncestor, listRefs, objectType, readRef, resolveCommit, runGit } from './git.ts';
import { countCommits, readChanges, readCommit, readCommits, readDiff } from './git-commits.ts';
import { HttpError, linkHeader, notFound, ok, pageOf, paged, type Reply } from './http.ts';
import { onRepo, type RepoContext, type Route } from './router.ts';
import { isProtected } from './rules.ts';
import { isPull, type PullIssue, shapePullInList } from './shape-pull.ts';
import { shapeCommit, shapeFile, shapeGitCommit } from './shape-commit.ts';
import { apiOf, webOf } from './urls.ts';

/** The commit that a `:ref` of a path names; 422 as GitHub answers for a ref that names none. */
export async function requireCommit({ gitDir }: RepoContext, ref: string): Promise<string> {
  const sha = await resolveCommit(gitDir, ref);
  if (sha === undefined) throw new HttpError(422, `No commit found for SHA: ${ref}`);
  return sha;
}

function shapeBranchInList({ urls, repo }: RepoContext, name: string, sha: string) {
  const api = apiOf(urls, repo);
  return {
    name,
    commit: { sha, url: `${api}/commits/${sha}` },
    protected: isProtected(repo, name),
    protection: {
      enabled: isProtected(repo, name),
      required_status_checks: { enforcement_level: 'off', contexts: [], checks: [] },
    },
    protection_url: `${api}/branches/${encodeURIComponent(name)}/protection`,
  };
}

async function listBranches(context: RepoContext): Promise<Reply> {
  const only = context.url.searchParams.get('protected');
  const branches = (await listRefs(context.gitDir, 'refs/heads'))
    .map(({ ref, sha }) => ({ name: ref.slice('refs/heads/'.length), sha }))
    .filter(({ name }) => only === null || String(isProtected(context.repo, name)) === only);
  return paged(context.url, branches, ({ name, sha }) => shapeBranchInList(context, name, sha));
}

async function getBranch(context: RepoContext): Promise<Reply> {
  const { store, urls, repo, gitDir, params } = context;
  const name = params['branch'] ?? '';
  const line = await readRef(gitDir, `refs/heads/${name}`);
  if (line === undefined) throw new HttpError(404, 'Branch not found');
  const commit = await readCommit(gitDir, line.sha);
  const inList = shapeBranchInList(context, name, line.sha);
  return ok({
    ...inList,
    commit: shapeCommit(store, urls, repo, commit),
    _links: { self: `${apiOf(urls, repo)}/branches/${name}`, html: `${webOf(urls, repo)}/tree/${name}` },
  });
}

async function getProtection({ urls, repo, gitDir, params }: RepoContext): Promise<Reply> {
  const name = params['branch'] ?? '';
  if ((await readRef(gitDir, `refs/heads/${name}`)) === undefined) throw new HttpError(404, 'Branch not found');
  if (!isProtected(repo, name)) throw new HttpError(404, 'Branch not protected');
  const url = `${apiOf(urls, repo)}/branches/${encodeURIComponent(name)}/protection`;
  return ok({
    url,
    enforce_admins: { url: `${url}/enforce_admins`, enabled: false },
    required_linear_history: { enabled: false },
    allow_force_pushes: { enabled: false },
    allow_deletions: { enabled: false },
  });
}

async function listCommits(context: RepoContext): Promise<Reply> {
  const { store, urls, repo, gitDir, url } = context;
  const asked = url.searchParams.get('sha') ?? repo.defaultBranch;
  const sha = await resolveCommit(gitDir, asked);
  if (sha === undefined) throw notFound();
  const path = url.searchParams.get('path');
  const limits = ['since', 'until'].flatMap((name) => {
    const value = url.searchParams.get(name);
    return value === null || Number.isNaN(Date.parse(value)) ? [] : [`--${name}=${value}`];
  });
  const args = [...limits, sha];
  const paths = path === null ? [] : [`:(literal)${path}`];
  const page = pageOf(url);
  const total = await countCommits(gitDir, args, paths);
  const skip = `--skip=${(page.number - 1) * page.size}`;
  const commits = await readCommits(gitDir, [`--max-count=${page.size}`, skip, ...args], paths);
  return {
    status: 200,
    body: commits.map((commit) => shapeCommit(store, urls, repo, commit)),
    headers: linkHeader(url, page, total),
  };
}

async function getCommit(context: RepoContext): Promise<Reply> {
  const { store, urls, repo, gitDir, params, accept } = context;
  const sha = await requireCommit(context, params['ref'] ?? '');
  if (/\bsha\b/u.test(accept)) {
    return { status: 200, body: sha, headers: { 'content-type': 'application/vnd.github.sha; charset=utf-8' } };
  }
  const commit = await readCommit(gitDir, sha);
  const parent = commit.parents[0] ?? null;
  if (/\bdiff\b/u.test(accept)) {
    return {
      status: 200,
      body: await readDiff(gitDir, parent, sha),
      headers: { 'content-type': 'application/vnd.github.diff; charset=utf-8' },
    };
  }
  const files = (await readChanges(gitDir, parent, sha)).map((change) => shapeFile(urls, repo, sha, change));
  const additions = files.reduce((sum, file) => sum + file.additions, 0);
  const deletions = files.reduce((sum, file) => sum + file.deletions, 0);
  return ok({
    ...shapeCommit(store, urls, repo, commit),
    stats: { total: additions + deletions, additions, deletions },
    files,
  });
}

async function compare(context: RepoContext): Promise<Reply> {
  const { store, urls, repo, gitDir, params, url } = context;
  const [baseName = '', headName = ''] = (params['basehead'] ?? '').split('...');
  const base = await resolveCommit(gitDir, baseName);
  const head = await resolveCommit(gitDir, headName);
  if (base === undefined || head === undefined) throw notFound();
  const found = await runGit(gitDir, ['merge-base', base, head], { allow: [1] });
  if (found.code === 1) throw new HttpError(404, `No common ancestor between ${baseName} and ${headName}.`);
  const mergeBase = found.stdout.toString('utf8').trim().split('\n')[0] ?? base;
  const ahead = await countCommits(gitDir, [`${base}..${head}`]);
  const behind = await countCommits(gitDir, [`${head}..${base}`]);
  const page = pageOf(url);
  const window = [`--max-count=250`, '--reverse', `${base}..${head}`];
  const commits = await readCommits(gitDir, window);
  const paging = url.searchParams.has('page') || url.searchParams.has('per_page');
  const start = paging ? (page.number - 1) * page.size : 0;
  const shown = paging ? commits.slice(start, start + page.size) : commits;
  const one = (shape: string) => readCommit(gitDir, shape).then((commit) => shapeCommit(store, urls, repo, commit));
  const ways = { ahead: ahead > 0, behind: behind > 0 };
  const status = ways.ahead ? (ways.behind ? 'diverged' : 'ahead') : ways.behind ? 'behind' : 'identical';
  const here = `${apiOf(urls, repo)}/compare/${baseName}...${headName}`;
  return ok({
    url: here,
    html_url: `${webOf(urls, repo)}/compare/${baseName}...${headName}`,
    permalink_url: `${webOf(urls, repo)}/compare/${base}...${head}`,
    diff_url: `${webOf(urls, repo)}/compare/${baseName}...${headName}.diff`,
    patch_url: `${webOf(urls, repo)}/compare/${baseName}...${headName}.patch`,
    base_commit: await one(base),
    merge_base_commit: await one(mergeBase),
    status,
    ahead_by: ahead,
    behind_by: behind,
    total_commits: ahead,
    commits: shown.map((commit) => shapeCommit(store, urls, repo, commit)),
    files: (await readChanges(gitDir, mergeBase, head)).map((change) => shapeFile(urls, repo, head, change)),
  });
}

const TreeLine = z.tuple([z.string(), z.string(), z.string(), z.string()]);

async function getTree({ gitDir, params, url, urls, repo }: RepoContext): Promise<Reply> {
  const name = params['sha'] ?? '';
  const type = await objectType(gitDir, name);
  const sha = type === 'tree' ? name : await resolveCommit(gitDir, name);
  if (sha === undefined) throw notFound();
  const recursive = url.searchParams.has('recursive') ? ['-r', '-t'] : [];
  const text = await gitText(gitDir, ['ls-tree', '-z', '--full-tree', ...recursive, sha]);
  const tree = text.split('\0').flatMap((entry) => {
    const [meta = '', path] = entry.split('\t');
    if (path === undefined) return [];
    const [mode, kind, object] = TreeLine.parse([...meta.split(' '), path]);
    return [{ path, mode, type: kind, sha: object, url: `${apiOf(urls, repo)}/git/${kind}s/${object}` }];
  });
  const treeSha = await gitText(gitDir, ['rev-parse', '--verify', `${sha}^{tree}`]);
  return ok({ sha: treeSha, url: `${apiOf(urls, repo)}/git/trees/${treeSha}`, tree, truncated: false });
}

async function getGitCommit({ gitDir, params, urls, repo }: RepoContext): Promise<Reply> {
  const sha = params['sha'] ?? '';
  if ((await objectType(gitDir, sha)) !== 'commit') throw notFound();
  return ok(shapeGitCommit(urls, repo, await readCommit(gitDir, sha)));
}

export const branchRoutes: readonly Route[] = [
  onRepo('GET', '/branches', 'read', listBranches),
  onRepo('GET', '/branches/:branch*/protection', 'read', getProtection),
  onRepo('GET', '/branches/:branch*', 'read', getBranch),
];

/** Pull requests that were merged with this commit, or have it among their own. */
async function listPullsOf(context: RepoContext): Promise<Reply> {
  const { store, urls, repo, gitDir, params, url } = context;
  const sha = await requireCommit(context, params['ref'] ?? '');
  const holds = async ({ pull }: PullIssue): Promise<boolean> => {
    if (pull.mergeSha === sha || pull.headSha === sha) return true;
    const inHead = await isAncestor(gitDir, sha, pull.headSha);
    return inHead && !(await isAncestor(gitDir, sha, pull.baseSha));
  };
  const pulls = repo.issues.filter(isPull);
  const held = await Promise.all(pulls.map(holds));
  return paged(
    url,
    pulls.filter((_pull, index) => held[index]),
    (issue) => shapePullInList({ store, urls, repo }, issue, null),
  );
}

/** After the check routes: `/commits/:ref*` would swallow `/commits/:ref/check-runs`. */
export const commitRoutes: readonly Route[] = [
  onRepo('GET', '/commits', 'read', listCommits),
  onRepo('GET', '/commits/:ref*/pulls', 'read', listPullsOf),
  onRepo('GET', '/commits/:ref*', 'read', getCommit),
  onRepo('GET', '/compare/:basehead*', 'read', compare),
  onRepo('GET', '/git/commits/:sha', 'read', getGitCommit),
  onRepo('GET', '/git/trees/:sha*', 'read', getTree),
];
