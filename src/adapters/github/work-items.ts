import { z } from 'zod';
import type { RepoSlug } from '../../domain/repo.ts';
import { ForgeError, type ForgeItem, type ForgeItems } from '../../ports/forge.ts';
import type { Client } from './client.ts';
import { inOrder, itemOf } from './items.ts';
import { milestones } from './milestones.ts';
import { placeOf } from './repo.ts';
import { Anything, IssueAnswer } from './schema.ts';
import { TimelineAnswer } from './schema-work.ts';
import { eventOf } from './timeline.ts';

interface Change {
  readonly title?: string;
  readonly body?: string;
  readonly state?: 'open';
  readonly milestone?: number | null;
}

async function change(client: Client, repo: RepoSlug, item: number, asked: Change): Promise<void> {
  const route = 'PATCH /repos/{owner}/{repo}/issues/{issue_number}';
  const draft = { ...placeOf(repo), issue_number: item, ...asked };
  await client.call({ act: `change #${item}`, repo }, (api) => api.request(route, draft), Anything);
}

async function setMilestone(client: Client, repo: RepoSlug, item: number, title: string | null): Promise<void> {
  if (title === null) return change(client, repo, item, { milestone: null });
  const found = await milestones(client).find(repo, title);
  if (found === null) {
    const next = 'Create the milestone first.';
    throw new ForgeError(
      'not-found',
      `GitHub: ${repo} has no milestone "${title}", so #${item} was not moved. ${next}`,
    );
  }
  return change(client, repo, item, { milestone: found.number });
}

async function labelled(
  client: Client,
  repo: RepoSlug,
  label: string,
  state: 'open' | 'all',
): Promise<readonly ForgeItem[]> {
  // GitHub splits the list of labels at commas and knows no way to write one: such a label is looked for here.
  const asked = label.includes(',') ? {} : { labels: label };
  const order = { sort: 'created', direction: 'asc', per_page: 100 } as const;
  const query = { ...placeOf(repo), ...asked, state, ...order };
  const ask = { act: `read the items labelled "${label}"`, repo };
  const pages = client.pages(
    ask,
    (api) => api.request('GET /repos/{owner}/{repo}/issues', query),
    z.array(IssueAnswer),
  );
  const items: ForgeItem[] = [];
  for await (const { body } of pages) items.push(...body.map(itemOf));
  return inOrder(items).filter(({ labels }) => labels.some((own) => own.toLowerCase() === label.toLowerCase()));
}

export function workItems(client: Client): ForgeItems {
  return {
    labelled: (repo, label, state) => labelled(client, repo, label, state),
    timeline: async (repo, item) => {
      const ask = { act: `read the timeline of #${item}`, repo };
      const route = 'GET /repos/{owner}/{repo}/issues/{issue_number}/timeline';
      const query = { ...placeOf(repo), issue_number: item, per_page: 100 };
      const events = [];
      for await (const { body } of client.pages(ask, (api) => api.request(route, query), z.array(TimelineAnswer))) {
        events.push(...body.flatMap((each) => eventOf(each) ?? []));
      }
      return events;
    },
    setMilestone: (repo, item, milestone) => setMilestone(client, repo, item, milestone),
    edit: (repo, item, asked) => change(client, repo, item, asked),
    reopen: (repo, item) => change(client, repo, item, { state: 'open' }),
  };
}
