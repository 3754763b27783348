import { z } from 'zod';
import type { RepoSlug } from '../../domain/repo.ts';
import { ForgeError, type ForgeItem } from '../../ports/forge.ts';
import type { Client } from './client.ts';
import { cannot } from './failure.ts';
import { inOrder, itemOf } from './items.ts';
import { placeOf } from './repo.ts';
import { IssueAnswer, SearchAnswer } from './schema.ts';

/** Pages of 100 of the newest issues and pull requests that are read before the search is asked about older ones. */
const NEWEST_PAGES = 5;

interface Newest {
  readonly items: readonly ForgeItem[];
  /** Whether these are all there are. */
  readonly complete: boolean;
}

async function newest(client: Client, repo: RepoSlug): Promise<Newest> {
  const order = { state: 'all', sort: 'created', direction: 'desc', per_page: 100 } as const;
  const ask = { act: 'read the newest issues', repo };
  const list = client.pages(
    ask,
    (api) => api.request('GET /repos/{owner}/{repo}/issues', { ...placeOf(repo), ...order }),
    z.array(IssueAnswer),
  );
  const items: ForgeItem[] = [];
  let pages = 0;
  for await (const { body } of list) {
    // Asking for one page more than is used tells whether there are older ones.
    if (pages === NEWEST_PAGES) return { items, complete: false };
    items.push(...body.map(itemOf));
    pages += 1;
  }
  return { items, complete: true };
}

async function searched(client: Client, repo: RepoSlug, marker: string): Promise<readonly ForgeItem[]> {
  const ask = { act: 'search the issues for a marker', repo };
  const phrase = marker.replaceAll(/["\\\s]+/g, ' ');
  const q = `"${phrase}" in:body repo:${repo} is:issue`;
  const list = client.pages(ask, (api) => api.request('GET /search/issues', { q, per_page: 100 }), SearchAnswer);
  const items: ForgeItem[] = [];
  for await (const { body } of list) {
    if (body.incomplete_results) {
      throw new ForgeError('unavailable', `${cannot(ask)}: the search gave up half-way. Try again in a few minutes.`);
    }
    items.push(...body.items.map(itemOf));
  }
  return items;
}

/**
 * Issues whose body holds exactly `<!-- MARKER -->`. The search alone would miss what was written in the last minutes, since its index
 * follows later; the list alone would be a thousand pages long in a large repository. So the newest 500 entries are read from the list, and
 * older ones come from the search. What stays open: a marker that was edited within minutes into an issue older than those.
 */
export async function findByMarker(client: Client, repo: RepoSlug, marker: string): Promise<readonly ForgeItem[]> {
  const listed = await newest(client, repo);
  const older = listed.complete ? [] : await searched(client, repo, marker);
  // The list is the truth where both have an issue, so it comes last.
  return inOrder([...older, ...listed.items]).filter(
    (item) => !item.isPullRequest && item.body.includes(`<!-- ${marker} -->`),
  );
}
