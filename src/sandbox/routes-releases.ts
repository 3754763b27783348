/* oxlint-disable no-param-reassign -- a change is made on a copy of the state, which the store keeps or drops as a whole (store.ts) */
import { z } from 'zod';

import { isRefName, moveRef, readRef, resolveCommit } from './git.ts';
import { created, HttpError, invalid, notFound, ok, paged, type Reply, take } from './http.ts';
import { followRefs } from './pull-sync.ts';
import { removeAsset } from './release-files.ts';
import { onRepo, type RepoContext, type Route } from './router.ts';
import { checkRules } from './rules.ts';
import { shapeRelease } from './shape-release.ts';
import { nextId, permits, type Release, type RepoState } from './state.ts';

const MakeLatest = z.enum(['true', 'false', 'legacy']);
const NewRelease = z.object({
  tag_name: z.string().min(1).max(255),
  target_commitish: z.string().max(255).optional(),
  name: z.string().nullish(),
  body: z.string().max(125_000).nullish(),
  draft: z.boolean().default(false),
  prerelease: z.boolean().default(false),
  make_latest: MakeLatest.default('true'),
});
const ChangedRelease = z.object({
  tag_name: z.string().min(1).max(255).optional(),
  target_commitish: z.string().max(255).optional(),
  name: z.string().nullish(),
  body: z.string().max(125_000).nullish(),
  draft: z.boolean().optional(),
  prerelease: z.boolean().optional(),
  make_latest: MakeLatest.optional(),
});

const seesDrafts = ({ permission }: RepoContext) => permits(permission, 'write');

export function requireRelease(context: RepoContext, repo: RepoState, id: string | undefined): Release {
  const release = repo.releases.find((candidate) => String(candidate.id) === id);
  if (release === undefined || (release.draft && !seesDrafts(context))) throw notFound();
  return release;
}

/** What becomes public has a tag of its own: made where the release says when it is not there, as GitHub does. */
async function makePublic(context: RepoContext, draft: RepoState, release: Release): Promise<void> {
  const { gitDir, user, now } = context;
  if (draft.releases.some((other) => other !== release && !other.draft && other.tag === release.tag)) {
    throw invalid('Release', 'tag_name', 'already_exists');
  }
  const ref = `refs/tags/${release.tag}`;
  if ((await readRef(gitDir, ref)) === undefined) {
    const commit = await resolveCommit(gitDir, release.target);
    if (commit === undefined) throw invalid('Release', 'target_commitish', 'invalid');
    await checkRules(draft, gitDir, user.login, { ref, from: null, to: commit });
    if (!(await moveRef(gitDir, ref, commit, null))) throw invalid('Release', 'tag_name', 'invalid');
    await followRefs(draft, gitDir, { login: user.login, at: now });
  }
  release.draft = false;
  release.publishedAt = now;
}

/** The newest one that asked for it; a draft never is. */
function makeLatest(draft: RepoState, release: Release, asked: z.infer<typeof MakeLatest>): void {
  if (asked !== 'false' && !release.prerelease) draft.latestRelease = release.id;
}

async function createRelease(context: RepoContext): Promise<Reply> {
  const { store, urls, repo, gitDir, user, body, now } = context;
  const asked = take(NewRelease, body, 'Release');
  if (!(await isRefName(gitDir, `refs/tags/${asked.tag_name}`))) throw invalid('Release', 'tag_name', 'invalid');
  return store.change(repo, async (draft) => {
    const release: Release = {
      id: nextId(draft),
      tag: asked.tag_name,
      target: asked.target_commitish ?? repo.defaultBranch,
      name: asked.name ?? null,
      body: asked.body ?? null,
      draft: true,
      prerelease: asked.prerelease,
      author: user.login,
      createdAt: now,
      publishedAt: null,
      assets: [],
    };
    draft.releases.push(release);
    if (!asked.draft) {
      await makePublic(context, draft, release);
      makeLatest(draft, release, asked.make_latest);
    }
    return created(shapeRelease({ store, urls, repo: draft }, release));
  });
}

function updateRelease(context: RepoContext): Promise<Reply> {
  const { store, urls, repo, params, body } = context;
  const asked = take(ChangedRelease, body, 'Release');
  return store.change(repo, async (draft) => {
    const release = requireRelease(context, draft, params['release']);
    release.tag = asked.tag_name ?? release.tag;
    release.target = asked.target_commitish ?? release.target;
    if (asked.name !== undefined) release.name = asked.name;
    if (asked.body !== undefined) release.body = asked.body;
    release.prerelease = asked.prerelease ?? release.prerelease;
    if (release.draft && asked.draft === false) await makePublic(context, draft, release);
    else if (asked.draft === true) release.draft = true;
    if (release.draft && asked.make_latest === 'true') throw new HttpError(422, 'Drafts cannot be set as latest');
    if (!release.draft && asked.make_latest !== undefined) makeLatest(draft, release, asked.make_latest);
    return ok(shapeRelease({ store, urls, repo: draft }, release));
  });
}

async function deleteRelease(context: RepoContext): Promise<Reply> {
  const { store, repo, params } = context;
  const gone = await store.change(repo, (draft) => {
    const release = requireRelease(context, draft, params['release']);
    draft.releases = draft.releases.filter((candidate) => candidate !== release);
    if (draft.latestRelease === release.id) draft.latestRelease = null;
    return release.assets;
  });
  for (const { id } of gone) removeAsset(store, repo, id);
  return { status: 204 };
}

function listReleases(context: RepoContext): Reply {
  const { store, urls, repo, url } = context;
  const seen = repo.releases.filter((release) => !release.draft || seesDrafts(context)).toReversed();
  return paged(url, seen, (release) => shapeRelease({ store, urls, repo }, release));
}

function shown({ store, urls, repo }: RepoContext, release: Release | undefined): Reply {
  if (release === undefined || release.draft) throw notFound();
  return ok(shapeRelease({ store, urls, repo }, release));
}

export const releaseRoutes: readonly Route[] = [
  onRepo('GET', '/releases', 'read', listReleases),
  onRepo('POST', '/releases', 'write', createRelease),
  onRepo('GET', '/releases/latest', 'read', (context) =>
    shown(
      context,
      context.repo.releases.find(({ id }) => id === context.repo.latestRelease),
    ),
  ),
  onRepo('GET', '/releases/tags/:tag*', 'read', (context) =>
    shown(
      context,
      context.repo.releases.find(({ tag, draft }) => !draft && tag === context.params['tag']),
    ),
  ),
  onRepo('GET', '/releases/:release', 'read', (context) => {
    const { store, urls, repo, params } = context;
    return ok(shapeRelease({ store, urls, repo }, requireRelease(context, repo, params['release'])));
  }),
  onRepo('PATCH', '/releases/:release', 'write', updateRelease),
  onRepo('DELETE', '/releases/:release', 'write', deleteRelease),
];
