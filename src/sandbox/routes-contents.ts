import { posix } from 'node:path';
import { gitText, resolveCommit, runGit } from './git.ts';
import { HttpError, notFound, ok, type Reply } from './http.ts';
import { onRepo, type RepoContext, type Route } from './router.ts';
import { apiOf, webOf } from './urls.ts';

interface TreeEntry {
  readonly mode: string;
  readonly type: string;
  readonly sha: string;
  readonly size: number;
  readonly path: string;
}

const megabyte = 1_048_576;

async function listTree(gitDir: string, treeish: string): Promise<readonly TreeEntry[]> {
  const text = await gitText(gitDir, ['ls-tree', '-z', '-l', '--full-tree', treeish]);
  return text.split('\0').flatMap((line) => {
    const [meta = '', path] = line.split('\t');
    const [mode = '', type = '', sha = '', size = ''] = meta.split(/ +/u);
    return path === undefined ? [] : [{ mode, type, sha, size: Number(size) || 0, path }];
  });
}

/** Walks a path one tree at a time, so that a path is never part of a git command line. */
async function findEntry(gitDir: string, commit: string, path: string): Promise<TreeEntry | undefined> {
  let treeish = commit;
  let found: TreeEntry | undefined;
  for (const part of path.split('/')) {
    if (found !== undefined && found.type !== 'tree') return undefined;
    found = (await listTree(gitDir, treeish)).find((entry) => entry.path === part);
    if (found === undefined) return undefined;
    treeish = found.sha;
  }
  return found;
}

function kindOf(entry: TreeEntry): 'file' | 'dir' | 'symlink' | 'submodule' {
  if (entry.type === 'tree') return 'dir';
  if (entry.type === 'commit') return 'submodule';
  return entry.mode === '120000' ? 'symlink' : 'file';
}

function shapeEntry({ urls, repo }: RepoContext, entry: TreeEntry, path: string, ref: string) {
  const api = apiOf(urls, repo);
  const web = webOf(urls, repo);
  const kind = kindOf(entry);
  const encoded = path.split('/').map(encodeURIComponent).join('/');
  const self = `${api}/contents/${encoded}?ref=${encodeURIComponent(ref)}`;
  const git = `${api}/git/${entry.type === 'tree' ? 'trees' : 'blobs'}/${entry.sha}`;
  const html = `${web}/${kind === 'dir' ? 'tree' : 'blob'}/${ref}/${encoded}`;
  return {
    type: kind,
    name: path.slice(path.lastIndexOf('/') + 1),
    path,
    sha: entry.sha,
    size: entry.size,
    url: self,
    html_url: html,
    git_url: kind === 'submodule' ? null : git,
    download_url: kind === 'file' ? `${web}/raw/${ref}/${encoded}` : null,
    _links: { self, git, html },
  };
}

async function shapeFileEntry(context: RepoContext, entry: TreeEntry, path: string, ref: string): Promise<Reply> {
  const bytes = (await runGit(context.gitDir, ['cat-file', 'blob', entry.sha])).stdout;
  if (/\braw\b/u.test(context.accept)) {
    return { status: 200, body: bytes, headers: { 'content-type': 'application/vnd.github.raw; charset=utf-8' } };
  }
  if (bytes.length > 100 * megabyte) throw new HttpError(403, 'This API returns blobs up to 100 MB in size.');
  const lines = bytes.toString('base64').match(/.{1,60}/gu) ?? [];
  // Between 1 and 100 MB the real API answers no content: the raw media type is the way.
  const small = bytes.length <= megabyte;
  return ok({
    ...shapeEntry(context, entry, path, ref),
    content: small ? lines.map((line) => `${line}\n`).join('') : '',
    encoding: small ? 'base64' : 'none',
  });
}

interface LinkAsked {
  readonly commit: string;
  readonly entry: TreeEntry;
  readonly path: string;
  readonly ref: string;
}

/** Of a link to a file the real API shows that file; of any other where it leads. */
async function getLink(context: RepoContext, { commit, entry, path, ref }: LinkAsked): Promise<Reply> {
  const target = (await runGit(context.gitDir, ['cat-file', 'blob', entry.sha])).stdout.toString('utf8');
  const parts = posix.join(posix.dirname(path), target);
  const isInside = !parts.startsWith('../') && !target.startsWith('/');
  const led = isInside ? await findEntry(context.gitDir, commit, parts.replace(/\/$/u, '')) : undefined;
  if (led !== undefined && led.type === 'blob' && led.mode !== '120000') return shapeFileEntry(context, led, path, ref);
  return ok({ ...shapeEntry(context, entry, path, ref), target });
}

async function getContents(context: RepoContext): Promise<Reply> {
  const { gitDir, repo, params, url } = context;
  const ref = url.searchParams.get('ref') ?? repo.defaultBranch;
  const path = (params['path'] ?? '').replaceAll(/^\/+|\/+$/gu, '');
  const commit = await resolveCommit(gitDir, ref);
  if (commit === undefined) throw new HttpError(404, `No commit found for the ref ${ref}`);
  const entry = path === '' ? undefined : await findEntry(gitDir, commit, path);
  if (path !== '' && entry === undefined) throw notFound();
  if (entry !== undefined && entry.mode === '120000') return getLink(context, { commit, entry, path, ref });
  if (entry !== undefined && entry.type === 'blob') return shapeFileEntry(context, entry, path, ref);
  if (entry !== undefined && entry.type === 'commit') return ok(shapeEntry(context, entry, path, ref));
  const children = await listTree(gitDir, entry?.sha ?? commit);
  return ok(
    children.map((child) => shapeEntry(context, child, path === '' ? child.path : `${path}/${child.path}`, ref)),
  );
}

async function getBlob({ gitDir, params, urls, repo, accept }: RepoContext): Promise<Reply> {
  const sha = params['sha'] ?? '';
  if (!/^[0-9a-f]{40}$/u.test(sha)) throw notFound();
  const run = await runGit(gitDir, ['cat-file', 'blob', sha], { allow: [1, 128] });
  if (run.code !== 0) throw notFound();
  if (/\braw\b/u.test(accept)) return { status: 200, body: run.stdout };
  return ok({
    sha,
    node_id: sha,
    size: run.stdout.length,
    url: `${apiOf(urls, repo)}/git/blobs/${sha}`,
    content: run.stdout.toString('base64'),
    encoding: 'base64',
  });
}

export const contentRoutes: readonly Route[] = [
  onRepo('GET', '/contents', 'read', getContents),
  onRepo('GET', '/contents/:path*', 'read', getContents),
  onRepo('GET', '/git/blobs/:sha', 'read', getBlob),
];
