import { z } from 'zod';
import type { RepoSlug } from '../../domain/repo.ts';
import type { ForgeComment, ForgeComments } from '../../ports/forge.ts';
import type { Client } from './client.ts';
import { unexpected, type Ask } from './failure.ts';
import { orNull, placeOf } from './repo.ts';
import { Anything } from './schema.ts';
import { CommentAnswer } from './schema-work.ts';

function commentOf(ask: Ask, answer: CommentAnswer): ForgeComment {
  const item = /\/issues\/(\d+)$/.exec(answer.issue_url)?.[1];
  if (item === undefined) throw unexpected(ask, `comment ${answer.id}`, 'an issue_url without a number');
  return {
    id: answer.id,
    item: Number(item),
    author: answer.user,
    body: answer.body ?? '',
    writtenAt: answer.created_at,
    editedAt: answer.updated_at,
    link: answer.html_url,
  };
}

async function read(
  ask: Ask,
  pages: AsyncIterable<{ readonly body: readonly CommentAnswer[] }>,
): Promise<readonly ForgeComment[]> {
  // An entry can come twice when the list moved on between two pages.
  const found = new Map<number, ForgeComment>();
  for await (const { body } of pages) for (const each of body) found.set(each.id, commentOf(ask, each));
  return [...found.values()];
}

function list(client: Client, repo: RepoSlug, item: number): Promise<readonly ForgeComment[]> {
  const ask = { act: `read the comments of #${item}`, repo };
  const route = 'GET /repos/{owner}/{repo}/issues/{issue_number}/comments';
  const query = { ...placeOf(repo), issue_number: item, per_page: 100 };
  return read(
    ask,
    client.pages(ask, (api) => api.request(route, query), z.array(CommentAnswer)),
  );
}

export function comments(client: Client): ForgeComments {
  return {
    list: async (repo, item) => (await list(client, repo, item)).toSorted((a, b) => a.id - b.id),
    since: async (repo, moment) => {
      const ask = { act: `read the comments since ${moment}`, repo };
      const order = { since: moment, sort: 'updated', direction: 'asc', per_page: 100 } as const;
      const query = { ...placeOf(repo), ...order };
      const route = 'GET /repos/{owner}/{repo}/issues/comments';
      return read(
        ask,
        client.pages(ask, (api) => api.request(route, query), z.array(CommentAnswer)),
      );
    },
    get: async (repo, comment) => {
      const ask = { act: `read comment ${comment}`, repo };
      const route = 'GET /repos/{owner}/{repo}/issues/comments/{comment_id}';
      const query = { ...placeOf(repo), comment_id: comment };
      const found = await client.look(ask, (api) => api.request(route, query), CommentAnswer);
      return orNull(client, repo, found === null ? null : commentOf(ask, found));
    },
    write: async (repo, item, body) => {
      const ask = { act: `comment on #${item}`, repo };
      const route = 'POST /repos/{owner}/{repo}/issues/{issue_number}/comments';
      const draft = { ...placeOf(repo), issue_number: item, body };
      return commentOf(ask, await client.call(ask, (api) => api.request(route, draft), CommentAnswer));
    },
    edit: async (repo, comment, body) => {
      const ask = { act: `edit comment ${comment}`, repo };
      const route = 'PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}';
      const draft = { ...placeOf(repo), comment_id: comment, body };
      return commentOf(ask, await client.call(ask, (api) => api.request(route, draft), CommentAnswer));
    },
    react: async (repo, comment, reaction) => {
      const route = 'POST /repos/{owner}/{repo}/issues/comments/{comment_id}/reactions';
      const draft = { ...placeOf(repo), comment_id: comment, content: reaction };
      await client.call({ act: `react to comment ${comment}`, repo }, (api) => api.request(route, draft), Anything);
    },
  };
}
