import type { components } from '@octokit/openapi-types';

import type { Place } from './shape-issue.ts';
import { shapeUser } from './shape-user.ts';
import type { Asset, Release } from './state.ts';
import { apiOf, nodeId, webOf } from './urls.ts';

type Schemas = components['schemas'];

/** GitHub also answers `starter`, which its published types leave out. */
type ShapedAsset = Omit<Schemas['release-asset'], 'state'> & { readonly state: Asset['state'] };
type ShapedRelease = Omit<Schemas['release'], 'assets'> & { readonly assets: readonly ShapedAsset[] };

export function shapeAsset({ store, urls, repo }: Place, release: Release, asset: Asset): ShapedAsset {
  const tag = release.draft ? `untagged-${release.id}` : release.tag;
  return {
    url: `${apiOf(urls, repo)}/releases/assets/${asset.id}`,
    browser_download_url: `${webOf(urls, repo)}/releases/download/${tag}/${encodeURIComponent(asset.name)}`,
    id: asset.id,
    node_id: nodeId('RA', asset.id),
    name: asset.name,
    label: asset.label,
    state: asset.state,
    content_type: asset.contentType,
    size: asset.size,
    digest: asset.digest,
    download_count: 0,
    created_at: asset.createdAt,
    updated_at: asset.createdAt,
    uploader: shapeUser(store, urls, asset.uploader),
  };
}

export function shapeRelease(place: Place, release: Release): ShapedRelease {
  const { store, urls, repo } = place;
  const url = `${apiOf(urls, repo)}/releases/${release.id}`;
  const tag = encodeURIComponent(release.draft ? `untagged-${release.id}` : release.tag);
  const archive = release.draft ? null : `${apiOf(urls, repo)}/tarball/${release.tag}`;
  return {
    url,
    html_url: `${webOf(urls, repo)}/releases/tag/${tag}`,
    assets_url: `${url}/assets`,
    upload_url: `${urls.web}/api/uploads/repos/${repo.owner}/${repo.name}/releases/${release.id}/assets{?name,label}`,
    tarball_url: archive,
    zipball_url: archive?.replace('/tarball/', '/zipball/') ?? null,
    id: release.id,
    node_id: nodeId('RE', release.id),
    tag_name: release.tag,
    target_commitish: release.target,
    name: release.name,
    body: release.body,
    draft: release.draft,
    prerelease: release.prerelease,
    created_at: release.createdAt,
    published_at: release.publishedAt,
    author: shapeUser(store, urls, release.author),
    assets: release.assets.map((asset) => shapeAsset(place, release, asset)),
  };
}
