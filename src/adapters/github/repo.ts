import type { RepoSlug } from '../../domain/repo.ts';
import type { Client } from './client.ts';
import { RepoAnswer } from './schema.ts';

/** The repository as GitHub's routes take it. */
export type Place = { readonly owner: string; readonly repo: string };

export function placeOf(slug: RepoSlug): Place {
  const [owner = '', repo = ''] = slug.split('/');
  return { owner, repo };
}

/** The repository's present owner and name, which differ from those asked for when it was moved. Throws when it is not there. */
export async function presentPlace(client: Client, slug: RepoSlug): Promise<Place> {
  const ask = { act: 'find the repository', repo: slug };
  const answer = await client.call(ask, (api) => api.request('GET /repos/{owner}/{repo}', placeOf(slug)), RepoAnswer);
  return { owner: answer.owner.login, repo: answer.name };
}

/**
 * Gives a thing that was looked for, or null when it is not there. GitHub answers 404 for a thing that is missing and for a repository
 * that is missing or hidden; only the first is a null, the second is an error.
 */
export async function orNull<Thing>(client: Client, slug: RepoSlug, thing: Thing | null): Promise<Thing | null> {
  if (thing === null) await presentPlace(client, slug);
  return thing;
}
