import { z } from 'zod';
import type { RepoSlug } from '../../domain/repo.ts';
import type { ForgeReviews, PullReview } from '../../ports/forge.ts';
import type { Client } from './client.ts';
import { unexpected, type Ask } from './failure.ts';
import { placeOf } from './repo.ts';
import { Anything } from './schema.ts';
import { RequestedAnswer, ReviewAnswer } from './schema-work.ts';

const STATES = new Map<string, PullReview['state']>([
  ['APPROVED', 'approved'],
  ['CHANGES_REQUESTED', 'changes-requested'],
  ['COMMENTED', 'commented'],
  ['DISMISSED', 'dismissed'],
]);

/** Null for a review that was not sent yet. A state that is not known here must not pass for consent, nor for silence. */
function reviewOf(ask: Ask, answer: ReviewAnswer): PullReview | null {
  const at = answer.submitted_at ?? null;
  if (answer.state === 'PENDING' || at === null) return null;
  const state = STATES.get(answer.state);
  if (state === undefined)
    throw unexpected(ask, `review ${answer.id}`, `the state ${answer.state}, which is not known here`);
  const { id, user: author, body, commit_id: commit, html_url: link } = answer;
  return { id, author, state, body: body ?? '', commit: commit ?? null, at, link };
}

async function list(client: Client, repo: RepoSlug, pull: number): Promise<readonly PullReview[]> {
  const ask = { act: `read the reviews of #${pull}`, repo };
  const route = 'GET /repos/{owner}/{repo}/pulls/{pull_number}/reviews';
  const query = { ...placeOf(repo), pull_number: pull, per_page: 100 };
  const found = new Map<number, PullReview>();
  for await (const { body } of client.pages(ask, (api) => api.request(route, query), z.array(ReviewAnswer))) {
    for (const each of body) {
      const review = reviewOf(ask, each);
      if (review !== null) found.set(review.id, review);
    }
  }
  return [...found.values()];
}

export function reviews(client: Client): ForgeReviews {
  return {
    list: (repo, pull) => list(client, repo, pull),
    requested: async (repo, pull) => {
      const route = 'GET /repos/{owner}/{repo}/pulls/{pull_number}/requested_reviewers';
      const ask = { act: `read who is asked to review #${pull}`, repo };
      const query = { ...placeOf(repo), pull_number: pull };
      const { users, teams } = await client.call(ask, (api) => api.request(route, query), RequestedAnswer);
      const { owner } = placeOf(repo);
      return { people: users.map(({ login }) => login), teams: teams.map(({ slug }) => `${owner}/${slug}`) };
    },
    request: async (repo, pull, { people, teams }) => {
      if (people.length + teams.length === 0) return;
      const route = 'POST /repos/{owner}/{repo}/pulls/{pull_number}/requested_reviewers';
      const slugs = teams.map((team) => team.slice(team.indexOf('/') + 1));
      const draft = { ...placeOf(repo), pull_number: pull, reviewers: [...people], team_reviewers: slugs };
      await client.call({ act: `ask for reviews of #${pull}`, repo }, (api) => api.request(route, draft), Anything);
    },
    approve: async (repo, pull, { commit, body }) => {
      const route = 'POST /repos/{owner}/{repo}/pulls/{pull_number}/reviews';
      const draft = { ...placeOf(repo), pull_number: pull, commit_id: commit, body, event: 'APPROVE' } as const;
      await client.call({ act: `approve #${pull}`, repo }, (api) => api.request(route, draft), Anything);
    },
  };
}
