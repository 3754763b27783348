import type { RepoState } from './state.ts';

/** The addresses of a running sandbox; made at answer time, since the port may differ after a restart. */
export interface Urls {
  readonly web: string;
  readonly api: string;
}

export const urlsOf = (web: string): Urls => ({ web, api: `${web}/api/v3` });

export const apiOf = (urls: Urls, repo: RepoState) => `${urls.api}/repos/${repo.owner}/${repo.name}`;

export const webOf = (urls: Urls, repo: RepoState) => `${urls.web}/${repo.owner}/${repo.name}`;

/** GitHub's opaque node ids: stable, and not to be parsed. */
export function nodeId(kind: string, id: number | string): string {
  return `${kind}_${Buffer.from(`${kind}:${id}`).toString('base64url')}`;
}
