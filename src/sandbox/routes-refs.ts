import { z } from 'zod';

import { isRefName, listRefs, moveRef, objectType, readRef, type RefLine, gitText } from './git.ts';
import { created, HttpError, invalid, notFound, ok, paged, take } from './http.ts';
import { followRefs } from './pull-sync.ts';
import { onRepo, type RepoContext, type Route } from './router.ts';
import { checkRules } from './rules.ts';
import { apiOf, nodeId } from './urls.ts';

function shapeRef({ urls, repo }: RepoContext, line: Pick<RefLine, 'ref' | 'sha' | 'type'>) {
  const api = apiOf(urls, repo);
  return {
    ref: line.ref,
    node_id: nodeId('REF', `${repo.id}:${line.ref}`),
    url: `${api}/git/${line.ref}`,
    object: { type: line.type, sha: line.sha, url: `${api}/git/${line.type}s/${line.sha}` },
  };
}

const NewRef = z.object({ ref: z.string().max(1000), sha: z.string().max(64) });
const MovedRef = z.object({ sha: z.string().max(64), force: z.boolean().optional() });
const NewTag = z.object({
  tag: z.string().min(1).max(255),
  message: z.string(),
  object: z.string().max(64),
  type: z.enum(['commit', 'tree', 'blob']),
  tagger: z.object({ name: z.string(), email: z.string(), date: z.string().optional() }).optional(),
});

async function requireObject(gitDir: string, sha: string): Promise<string> {
  const type = await objectType(gitDir, sha);
  if (type === undefined) throw new HttpError(422, 'Object does not exist');
  return type;
}

async function createRef(context: RepoContext) {
  const { store, repo, gitDir, user, now } = context;
  const { ref, sha } = take(NewRef, context.body, 'Reference');
  if (!/^refs\/[^/]+\/./u.test(ref) || !(await isRefName(gitDir, ref)) || ref.startsWith('refs/pull/')) {
    throw new HttpError(422, 'Reference name invalid');
  }
  const type = await requireObject(gitDir, sha);
  if (ref.startsWith('refs/heads/') && type !== 'commit') throw new HttpError(422, 'Object is not a commit');
  return store.change(repo, async (draft) => {
    if ((await readRef(gitDir, ref)) !== undefined) throw new HttpError(422, 'Reference already exists');
    await checkRules(draft, gitDir, user.login, { ref, from: null, to: sha });
    // A branch `a` forbids `a/b`: git refuses, and so does GitHub.
    if (!(await moveRef(gitDir, ref, sha, null))) throw new HttpError(422, 'Reference cannot be created');
    await followRefs(draft, gitDir, { login: user.login, at: now });
    return created(shapeRef(context, { ref, sha, type }));
  });
}

async function updateRef(context: RepoContext) {
  const { store, repo, gitDir, user, now, params } = context;
  const ref = `refs/${params['ref'] ?? ''}`;
  const { sha, force = false } = take(MovedRef, context.body, 'Reference');
  const type = await requireObject(gitDir, sha);
  return store.change(repo, async (draft) => {
    const old = await readRef(gitDir, ref);
    if (old === undefined) throw new HttpError(422, 'Reference does not exist');
    await checkRules(draft, gitDir, user.login, { ref, from: old.sha, to: sha });
    if (!force) {
      const base = await gitText(gitDir, ['merge-base', old.sha, sha], { allow: [1, 128] });
      if (base !== old.sha) throw new HttpError(422, 'Update is not a fast forward');
    }
    if (!(await moveRef(gitDir, ref, sha, old.sha))) throw new HttpError(422, 'Reference cannot be updated');
    await followRefs(draft, gitDir, { login: user.login, at: now });
    return ok(shapeRef(context, { ref, sha, type }));
  });
}

async function deleteRef({ store, repo, gitDir, user, now, params }: RepoContext) {
  const ref = `refs/${params['ref'] ?? ''}`;
  return store.change(repo, async (draft) => {
    const old = await readRef(gitDir, ref);
    if (old === undefined) throw new HttpError(422, 'Reference does not exist');
    await checkRules(draft, gitDir, user.login, { ref, from: old.sha, to: null });
    if (!(await moveRef(gitDir, ref, null, old.sha))) throw new HttpError(422, 'Reference cannot be deleted');
    await followRefs(draft, gitDir, { login: user.login, at: now });
    return { status: 204 };
  });
}

async function getTagObject(context: RepoContext, sha: string) {
  const { gitDir, urls, repo } = context;
  if ((await objectType(gitDir, sha)) !== 'tag') throw notFound();
  const text = await gitText(gitDir, ['cat-file', 'tag', sha]);
  const split = text.indexOf('\n\n');
  const head = text.slice(0, split);
  const field = (name: string) => new RegExp(`^${name} (.*)$`, 'mu').exec(head)?.[1] ?? '';
  const tagger = /^(.*) <(.*)> (\d+) /u.exec(field('tagger'));
  const object = field('object');
  const type = field('type');
  return {
    node_id: nodeId('TA', `${repo.id}:${sha}`),
    sha,
    url: `${apiOf(urls, repo)}/git/tags/${sha}`,
    tagger: {
      name: tagger?.[1] ?? '',
      email: tagger?.[2] ?? '',
      date: new Date(Number(tagger?.[3] ?? 0) * 1000).toISOString().replace('.000Z', 'Z'),
    },
    object: { sha: object, type, url: `${apiOf(urls, repo)}/git/${type}s/${object}` },
    tag: field('tag'),
    message: text.slice(split + 2),
    verification: { verified: false, reason: 'unsigned', signature: null, payload: null, verified_at: null },
  };
}

/** What would end the name or the line of a tagger is dropped. */
const clean = (text: string) => text.replaceAll(/[<>\n]/gu, '');

async function createTagObject(context: RepoContext) {
  const { gitDir, user, now } = context;
  const tag = take(NewTag, context.body, 'Tag');
  await requireObject(gitDir, tag.object);
  const { name, email, date = now } = tag.tagger ?? { name: user.name, email: user.email };
  const seconds = Math.floor(Date.parse(date) / 1000);
  if (!Number.isFinite(seconds)) throw invalid('Tag', 'tagger.date', 'invalid');
  const input = `object ${tag.object}\ntype ${tag.type}\ntag ${tag.tag}\ntagger ${clean(name)} <${clean(email)}> ${seconds} +0000\n\n${tag.message}\n`;
  const sha = await gitText(gitDir, ['mktag', '--no-strict'], { input });
  return created(await getTagObject(context, sha));
}

async function listTags(context: RepoContext) {
  const { gitDir, urls, repo, url } = context;
  const api = apiOf(urls, repo);
  const tags = (await listRefs(gitDir, 'refs/tags')).toReversed();
  return paged(url, tags, ({ ref, commit }) => {
    const name = ref.slice('refs/tags/'.length);
    return {
      name,
      zipball_url: `${api}/zipball/${ref}`,
      tarball_url: `${api}/tarball/${ref}`,
      commit: { sha: commit, url: `${api}/commits/${commit}` },
      node_id: nodeId('REF', `${repo.id}:${ref}`),
    };
  });
}

export const refRoutes: readonly Route[] = [
  onRepo('GET', '/git/ref/:ref*', 'read', async (context) => {
    const line = await readRef(context.gitDir, `refs/${context.params['ref'] ?? ''}`);
    if (line === undefined) throw notFound();
    return ok(shapeRef(context, line));
  }),
  onRepo('GET', '/git/matching-refs/:ref*', 'read', async (context) => {
    const prefix = `refs/${context.params['ref'] ?? ''}`;
    const lines = (await listRefs(context.gitDir, 'refs/heads', 'refs/tags', 'refs/pull')).filter(({ ref }) =>
      ref.startsWith(prefix),
    );
    return paged(context.url, lines, (line) => shapeRef(context, line));
  }),
  onRepo('POST', '/git/refs', 'write', createRef),
  onRepo('PATCH', '/git/refs/:ref*', 'write', updateRef),
  onRepo('DELETE', '/git/refs/:ref*', 'write', deleteRef),
  onRepo('GET', '/git/tags/:sha', 'read', async (context) =>
    ok(await getTagObject(context, context.params['sha'] ?? '')),
  ),
  onRepo('POST', '/git/tags', 'write', createTagObject),
  onRepo('GET', '/tags', 'read', listTags),
];
