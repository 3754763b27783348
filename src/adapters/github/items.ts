import type { ForgeItem } from '../../ports/forge.ts';
import type { IssueAnswer } from './schema.ts';

/** An issue or pull request in the words of the port. */
export function itemOf(answer: IssueAnswer): ForgeItem {
  return {
    number: answer.number,
    title: answer.title,
    body: answer.body ?? '',
    isPullRequest: answer.pull_request !== undefined && answer.pull_request !== null,
    open: answer.state === 'open',
    ...closedAs(answer),
    author: answer.user,
    assignees: answer.assignees ?? [],
    labels: answer.labels,
    milestone: answer.milestone?.title ?? null,
    openedAt: answer.created_at,
    updatedAt: answer.updated_at,
    link: answer.html_url,
  };
}

/** A duplicate is not planned either: the other issue is what is done, or not. */
function closedAs({ state, state_reason: reason }: IssueAnswer): Pick<ForgeItem, 'closedAs'> {
  if (state === 'open' || reason === undefined || reason === null) return {};
  return { closedAs: reason === 'completed' ? 'completed' : 'not-planned' };
}

/** Each item once, oldest first: an entry can come twice when the list moved on between two pages. */
export function inOrder(items: readonly ForgeItem[]): readonly ForgeItem[] {
  return [...new Map(items.map((item) => [item.number, item])).values()].toSorted((a, b) => a.number - b.number);
}
