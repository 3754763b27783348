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
    author: answer.user,
    assignees: answer.assignees ?? [],
    labels: answer.labels,
    milestone: answer.milestone?.title ?? null,
    openedAt: answer.created_at,
    updatedAt: answer.updated_at,
    link: answer.html_url,
  };
}

/** Each item once, oldest first: an entry can come twice when the list moved on between two pages. */
export function inOrder(items: readonly ForgeItem[]): readonly ForgeItem[] {
  return [...new Map(items.map((item) => [item.number, item])).values()].toSorted((a, b) => a.number - b.number);
}
