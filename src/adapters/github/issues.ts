import type { RepoSlug } from '../../domain/repo.ts';
import { ForgeError, type ForgeIssues, type ForgeItem, type IssueDraft } from '../../ports/forge.ts';
import type { Client } from './client.ts';
import { GitHubRefusal, unexpected } from './failure.ts';
import { itemOf } from './items.ts';
import { findByMarker } from './markers.ts';
import { milestones } from './milestones.ts';
import { orNull, placeOf } from './repo.ts';
import { Anything, IssueAnswer } from './schema.ts';

async function milestoneNumber(client: Client, repo: RepoSlug, title: string | null): Promise<number | null> {
  if (title === null) return null;
  const found = await milestones(client).find(repo, title);
  if (found !== null) return found.number;
  const message = `GitHub: ${repo} has no milestone "${title}", so the issue was not opened. Create the milestone first.`;
  throw new ForgeError('not-found', message);
}

function isOnlyAboutAssignees(error: unknown): error is GitHubRefusal {
  const details = error instanceof GitHubRefusal ? error.details : [];
  return details.length > 0 && details.every(({ field }) => field === 'assignees');
}

/** GitHub leaves out labels and milestones without a word when the token's owner may not set them. */
function checkMade(repo: RepoSlug, draft: IssueDraft, made: IssueAnswer): void {
  const has = new Set(made.labels.map((label) => label.toLowerCase()));
  const missing = draft.labels.filter((label) => !has.has(label.toLowerCase())).map((label) => `label "${label}"`);
  if (draft.milestone !== null && (made.milestone ?? null) === null) missing.push(`milestone "${draft.milestone}"`);
  if (missing.length === 0) return;
  const message = `GitHub: ${repo}#${made.number} was opened, but without ${missing.join(', ')}: the token's owner may not set them. Set them by hand, or use a token with triage permission.`;
  throw new ForgeError('not-allowed', message);
}

async function createIssue(client: Client, repo: RepoSlug, draft: IssueDraft): Promise<ForgeItem> {
  const number = await milestoneNumber(client, repo, draft.milestone);
  const { title, body, labels: names, assignees } = draft;
  const fixed = {
    ...placeOf(repo),
    title,
    body,
    labels: [...names],
    ...(number === null ? {} : { milestone: number }),
  };
  const post = (people: readonly string[]): Promise<IssueAnswer> =>
    client.call(
      { act: `open the issue "${title}"`, repo },
      (api) => api.request('POST /repos/{owner}/{repo}/issues', { ...fixed, assignees: [...people] }),
      IssueAnswer,
    );
  const made = await post(assignees).catch(async (error: unknown) => {
    // GitHub refuses some logins aloud and drops others silently; in both cases the issue is opened with those whom it knows, and the
    // answer shows who that is. A refusal had no effect, so that posting again cannot open two.
    if (!isOnlyAboutAssignees(error) || assignees.length === 0) throw error;
    const unknown = new Set(error.details.map(({ value }) => value));
    const known = assignees.filter((login) => !unknown.has(login));
    return post(known.length < assignees.length ? known : []);
  });
  checkMade(repo, draft, made);
  return itemOf(made);
}

async function issue(client: Client, repo: RepoSlug, number: number): Promise<ForgeItem | null> {
  const ask = { act: `read #${number}`, repo };
  const route = 'GET /repos/{owner}/{repo}/issues/{issue_number}';
  const found = await client.look(
    ask,
    (api) => api.request(route, { ...placeOf(repo), issue_number: number }),
    IssueAnswer,
  );
  if (found !== null && found.number !== number) {
    throw unexpected(ask, `issue #${number}`, `one that was moved to ${found.html_url}`);
  }
  return orNull(client, repo, found === null ? null : itemOf(found));
}

export function issues(client: Client): ForgeIssues {
  return {
    findByMarker: (repo, marker) => findByMarker(client, repo, marker),
    create: (repo, draft) => createIssue(client, repo, draft),
    get: (repo, number) => issue(client, repo, number),
    close: async (repo, number) => {
      const route = 'PATCH /repos/{owner}/{repo}/issues/{issue_number}';
      const change = { ...placeOf(repo), issue_number: number, state: 'closed' } as const;
      await client.call({ act: `close #${number}`, repo }, (api) => api.request(route, change), Anything);
    },
  };
}
