import { z } from 'zod';
import type { RepoSlug } from '../../domain/repo.ts';
import { ForgeError, type ForgePulls, type PullRequest, type PullRequestDraft } from '../../ports/forge.ts';
import type { Client } from './client.ts';
import { GitHubRefusal } from './failure.ts';
import { markReady, pullsByNumber } from './graphql.ts';
import { orNull, placeOf, presentPlace, type Place } from './repo.ts';
import { Anything, PullAnswer } from './schema.ts';

function pullOf(answer: PullAnswer): PullRequest {
  const isMerged = (answer.merged_at ?? null) !== null;
  return {
    number: answer.number,
    title: answer.title,
    body: answer.body ?? '',
    state: isMerged ? 'merged' : answer.state,
    draft: answer.draft ?? false,
    head: { branch: answer.head.ref, commit: answer.head.sha, repo: answer.head.repo?.full_name ?? null },
    base: answer.base.ref,
    // Before the merge this field names a trial merge that is on no branch.
    mergeCommit: isMerged ? (answer.merge_commit_sha ?? null) : null,
    mergedAt: answer.merged_at ?? null,
    labels: answer.labels,
    author: answer.user,
    updatedAt: answer.updated_at,
    link: answer.html_url,
  };
}

interface Branches {
  readonly head: string;
  readonly base: string;
}

/** GitHub ignores a filter that it cannot read, so each answer is held against it again; a fork of the same owner also passes the filter. */
function isBetween({ head, base }: PullAnswer, branches: Branches): boolean {
  return head.ref === branches.head && base.ref === branches.base && head.repo?.id === base.repo.id;
}

async function listBetween(
  client: Client,
  repo: RepoSlug,
  place: Place,
  branches: Branches,
): Promise<{ readonly found: readonly PullRequest[]; readonly moved: boolean }> {
  const ask = { act: `read the pull requests from ${branches.head} to ${branches.base}`, repo };
  const order = { state: 'all', sort: 'created', direction: 'desc', per_page: 100 } as const;
  const query = { ...place, ...order, base: branches.base, head: `${place.owner}:${branches.head}` };
  const pages = client.pages(ask, (api) => api.request('GET /repos/{owner}/{repo}/pulls', query), z.array(PullAnswer));
  const found = new Map<number, PullRequest>();
  for await (const { body, moved } of pages) {
    if (moved) return { found: [], moved };
    for (const each of body) if (isBetween(each, branches)) found.set(each.number, pullOf(each));
  }
  return { found: [...found.values()].toSorted((a, b) => b.number - a.number), moved: false };
}

async function find(client: Client, repo: RepoSlug, branches: Branches): Promise<readonly PullRequest[]> {
  const { found, moved } = await listBetween(client, repo, placeOf(repo), branches);
  if (!moved) return found;
  // The filter names the owner: in a repository that was moved, the former owner's branches are none.
  return (await listBetween(client, repo, await presentPlace(client, repo), branches)).found;
}

async function read(client: Client, repo: RepoSlug, number: number): Promise<PullAnswer | null> {
  const ask = { act: `read pull request #${number}`, repo };
  const route = 'GET /repos/{owner}/{repo}/pulls/{pull_number}';
  const query = { ...placeOf(repo), pull_number: number };
  return orNull(client, repo, await client.look(ask, (api) => api.request(route, query), PullAnswer));
}

async function get(client: Client, repo: RepoSlug, number: number): Promise<PullRequest | null> {
  const found = await read(client, repo, number);
  return found === null ? null : pullOf(found);
}

async function onto(
  client: Client,
  repo: RepoSlug,
  base: string,
  state: 'open' | 'all',
): Promise<readonly PullRequest[]> {
  const ask = { act: `read the pull requests onto ${base}`, repo };
  const query = { ...placeOf(repo), base, state, sort: 'created', direction: 'desc', per_page: 100 } as const;
  const pages = client.pages(ask, (api) => api.request('GET /repos/{owner}/{repo}/pulls', query), z.array(PullAnswer));
  const found = new Map<number, PullRequest>();
  for await (const { body } of pages) {
    for (const each of body) if (each.base.ref === base) found.set(each.number, pullOf(each));
  }
  return [...found.values()].toSorted((a, b) => b.number - a.number);
}

async function makeReady(client: Client, repo: RepoSlug, number: number): Promise<void> {
  const found = await read(client, repo, number);
  if (found === null)
    throw new ForgeError('not-found', `GitHub: ${repo} has no pull request #${number}. Check the number.`);
  if (found.draft === true) await markReady(client, repo, { number, nodeId: found.node_id });
}

async function open(client: Client, repo: RepoSlug, draft: PullRequestDraft): Promise<PullRequest> {
  const ask = { act: `open a pull request from ${draft.head} to ${draft.base}`, repo };
  try {
    const answer = await client.call(
      ask,
      (api) => api.request('POST /repos/{owner}/{repo}/pulls', { ...placeOf(repo), ...draft }),
      PullAnswer,
    );
    return pullOf(answer);
  } catch (error) {
    // GitHub has no code for "there is one already", so that any refusal makes us look.
    if (!(error instanceof GitHubRefusal)) throw error;
    const existing = (await find(client, repo, draft)).find(({ state }) => state === 'open');
    if (existing === undefined) throw error;
    return existing;
  }
}

export function pulls(client: Client): ForgePulls {
  return {
    find: (repo, branches) => find(client, repo, branches),
    get: (repo, number) => get(client, repo, number),
    open: (repo, draft) => open(client, repo, draft),
    close: async (repo, number) => {
      const route = 'PATCH /repos/{owner}/{repo}/pulls/{pull_number}';
      const change = { ...placeOf(repo), pull_number: number, state: 'closed' } as const;
      await client.call({ act: `close pull request #${number}`, repo }, (api) => api.request(route, change), Anything);
    },
    onto: (repo, base, state) => onto(client, repo, base, state),
    many: (repo, numbers) => pullsByNumber(client, repo, numbers),
    markReady: (repo, number) => makeReady(client, repo, number),
  };
}
