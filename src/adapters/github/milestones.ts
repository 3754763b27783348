import { z } from 'zod';
import type { RepoSlug } from '../../domain/repo.ts';
import type { ForgeItem, ForgeMilestones, Milestone } from '../../ports/forge.ts';
import type { Client } from './client.ts';
import { GitHubRefusal } from './failure.ts';
import { inOrder, itemOf } from './items.ts';
import { placeOf } from './repo.ts';
import { Anything, IssueAnswer, MilestoneAnswer } from './schema.ts';

function milestoneOf(answer: MilestoneAnswer): Milestone {
  return {
    number: answer.number,
    title: answer.title,
    open: answer.state === 'open',
    openItems: answer.open_issues,
    closedItems: answer.closed_issues,
    link: answer.html_url,
  };
}

/** The milestone with exactly this title; GitHub has no route for a title, so the list is read until it comes. */
async function milestone(client: Client, repo: RepoSlug, title: string): Promise<Milestone | null> {
  const query = { ...placeOf(repo), state: 'all', per_page: 100 } as const;
  const ask = { act: 'read the milestones', repo };
  const pages = client.pages(
    ask,
    (api) => api.request('GET /repos/{owner}/{repo}/milestones', query),
    z.array(MilestoneAnswer),
  );
  for await (const { body } of pages) {
    const found = body.find((each) => each.title === title);
    if (found !== undefined) return milestoneOf(found);
  }
  return null;
}

async function milestoneItems(
  client: Client,
  repo: RepoSlug,
  number: number,
  state: 'open' | 'closed' | 'all',
): Promise<readonly ForgeItem[]> {
  const order = { sort: 'created', direction: 'asc', per_page: 100 } as const;
  const query = { ...placeOf(repo), milestone: String(number), state, ...order };
  const ask = { act: `read the items of milestone ${number}`, repo };
  const pages = client.pages(
    ask,
    (api) => api.request('GET /repos/{owner}/{repo}/issues', query),
    z.array(IssueAnswer),
  );
  const items: ForgeItem[] = [];
  for await (const { body } of pages) items.push(...body.map(itemOf));
  return inOrder(items);
}

async function createMilestone(
  client: Client,
  repo: RepoSlug,
  draft: { readonly title: string; readonly description: string },
): Promise<Milestone> {
  const ask = { act: `create the milestone "${draft.title}"`, repo };
  try {
    const answer = await client.call(
      ask,
      (api) => api.request('POST /repos/{owner}/{repo}/milestones', { ...placeOf(repo), ...draft }),
      MilestoneAnswer,
    );
    return milestoneOf(answer);
  } catch (error) {
    // There may be one already: another process, or a call of ours whose answer was lost.
    if (!(error instanceof GitHubRefusal)) throw error;
    const existing = await milestone(client, repo, draft.title);
    if (existing === null) throw error;
    return existing;
  }
}

export function milestones(client: Client): ForgeMilestones {
  return {
    find: (repo, title) => milestone(client, repo, title),
    items: (repo, number, state) => milestoneItems(client, repo, number, state),
    create: (repo, draft) => createMilestone(client, repo, draft),
    close: async (repo, number) => {
      const route = 'PATCH /repos/{owner}/{repo}/milestones/{milestone_number}';
      const change = { ...placeOf(repo), milestone_number: number, state: 'closed' } as const;
      await client.call({ act: `close milestone ${number}`, repo }, (api) => api.request(route, change), Anything);
    },
  };
}
