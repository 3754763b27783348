/* oxlint-disable no-param-reassign -- a change is made on a copy of the state, which the store keeps or drops as a whole (store.ts) */
import type { IncomingMessage } from 'node:http';

import { created, HttpError, invalid, notFound, ok, paged, type Reply } from './http.ts';
import { readAsset, receiveAsset, removeAsset } from './release-files.ts';
import { onRepo, type RepoContext, type Route } from './router.ts';
import { requireRelease } from './routes-releases.ts';
import { shapeAsset } from './shape-release.ts';
import { type Asset, nextId, permits, type Release, type RepoState } from './state.ts';

/** GitHub's limit, in bytes. */
const largest = 2 * 1024 ** 3;

function requireAsset({ permission }: RepoContext, repo: RepoState, id: string | undefined) {
  for (const release of repo.releases) {
    const asset = release.assets.find((candidate) => String(candidate.id) === id);
    if (asset !== undefined && (!release.draft || permits(permission, 'write'))) return { release, asset };
  }
  throw notFound();
}

/** Dots stand where GitHub does not like what was there, and none at the ends. */
const nameOf = (asked: string) => asked.replaceAll(/[^\w.+-]+/gu, '.').replaceAll(/^\.+|\.+$/gu, '');

function begin(context: RepoContext, draft: RepoState, contentType: string): { release: Release; asset: Asset } {
  const { user, now, url, params } = context;
  const release = requireRelease(context, draft, params['release']);
  const name = nameOf(url.searchParams.get('name') ?? '');
  if (name === '') throw invalid('ReleaseAsset', 'name', 'missing_field');
  if (release.assets.some((asset) => asset.name === name)) throw invalid('ReleaseAsset', 'name', 'already_exists');
  const asset: Asset = {
    id: nextId(draft),
    name,
    label: url.searchParams.get('label'),
    contentType,
    state: 'starter',
    size: 0,
    digest: null,
    uploader: user.login,
    createdAt: now,
  };
  release.assets.push(asset);
  return { release, asset };
}

/** The name is taken before the first byte; what breaks off stays as a `starter`, as on GitHub. */
async function upload(context: RepoContext, request: IncomingMessage): Promise<Reply> {
  const { store, urls, repo } = context;
  const length = request.headers['content-length'];
  if (length === undefined) throw new HttpError(411, 'Content-Length is required');
  if (Number(length) === 0 || Number(length) >= largest) throw new HttpError(422, 'Bad Size');
  const type = request.headers['content-type'];
  if (type === undefined) throw new HttpError(400, 'Content-Type is required');
  const { asset } = await store.change(repo, (draft) => begin(context, draft, type));
  const received = await receiveAsset(store, repo, asset.id, request);
  return store.change(repo, (draft) => {
    const found = requireAsset(context, draft, String(asset.id));
    Object.assign(found.asset, { ...received, state: 'uploaded' });
    return created(shapeAsset({ store, urls, repo: draft }, found.release, found.asset));
  });
}

async function deleteAsset(context: RepoContext): Promise<Reply> {
  const { store, repo, params } = context;
  const id = await store.change(repo, (draft) => {
    const { release, asset } = requireAsset(context, draft, params['asset']);
    release.assets = release.assets.filter((candidate) => candidate !== asset);
    return asset.id;
  });
  removeAsset(store, repo, id);
  return { status: 204 };
}

function getAsset(context: RepoContext): Reply {
  const { store, urls, repo, params, accept } = context;
  const { release, asset } = requireAsset(context, repo, params['asset']);
  if (!accept.includes('application/octet-stream')) return ok(shapeAsset({ store, urls, repo }, release, asset));
  if (asset.state !== 'uploaded') throw notFound();
  return { status: 200, body: readAsset(store, repo, asset.id), headers: { 'content-type': asset.contentType } };
}

export const assetRoutes: readonly Route[] = [
  onRepo('GET', '/releases/assets/:asset', 'read', getAsset),
  onRepo('DELETE', '/releases/assets/:asset', 'write', deleteAsset),
  onRepo('GET', '/releases/:release/assets', 'read', (context) => {
    const { store, urls, repo, params, url } = context;
    const release = requireRelease(context, repo, params['release']);
    return paged(url, release.assets, (asset) => shapeAsset({ store, urls, repo }, release, asset));
  }),
];

/** Below the address of uploads, which is beside the API's. */
export const uploadRoutes: readonly Route[] = [
  {
    on: 'upload',
    method: 'POST',
    path: '/repos/:owner/:repo/releases/:release/assets',
    needs: 'write',
    handle: upload,
  },
];
