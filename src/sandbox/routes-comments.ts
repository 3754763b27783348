/* oxlint-disable no-param-reassign -- a change is made on a copy of the state, which the store keeps or drops as a whole (store.ts) */
import { z } from 'zod';

import { created, HttpError, notFound, ok, paged, type Reply, take } from './http.ts';
import { onRepo, type RepoContext, type Route } from './router.ts';
import { Body, noteMentions, requireIssue } from './routes-issues.ts';
import { shapeComment, shapeReaction } from './shape-issue.ts';
import { type Comment, nextId, permits, type RepoState } from './state.ts';

const NewComment = z.object({ body: Body.refine((text) => text.trim() !== '', "body can't be blank") });

function requireComment(repo: RepoState, id: string | undefined): Comment {
  const comment = repo.comments.find((candidate) => String(candidate.id) === id);
  if (comment === undefined) throw notFound();
  return comment;
}

function updatedSince(comments: readonly Comment[], since: string | null): readonly Comment[] {
  if (since === null) return comments;
  return comments.filter((comment) => Date.parse(comment.updatedAt) >= Date.parse(since));
}

function listComments({ store, urls, repo, params, url }: RepoContext): Reply {
  const issue = requireIssue(repo, params['number']);
  const own = repo.comments.filter((comment) => comment.issue === issue.number);
  const found = updatedSince(own, url.searchParams.get('since'));
  return paged(url, found, (comment) => shapeComment({ store, urls, repo }, comment));
}

function listAllComments({ store, urls, repo, url }: RepoContext): Reply {
  const found = [...updatedSince(repo.comments, url.searchParams.get('since'))];
  if (url.searchParams.get('sort') === 'updated') found.sort((a, b) => a.updatedAt.localeCompare(b.updatedAt));
  if (url.searchParams.get('direction') === 'desc') found.reverse();
  return paged(url, found, (comment) => shapeComment({ store, urls, repo }, comment));
}

function createComment({ store, urls, repo, params, user, body, now }: RepoContext): Promise<Reply> {
  requireIssue(repo, params['number']);
  const asked = take(NewComment, body, 'IssueComment');
  return store.change(repo, (draft) => {
    const issue = requireIssue(draft, params['number']);
    const comment: Comment = {
      id: nextId(draft),
      issue: issue.number,
      user: user.login,
      body: asked.body,
      createdAt: now,
      updatedAt: now,
    };
    draft.comments.push(comment);
    issue.updatedAt = now;
    noteMentions(draft, { from: issue.number, text: asked.body, actor: user.login, at: now });
    return created(shapeComment({ store, urls, repo: draft }, comment));
  });
}

const NewReaction = z.object({
  content: z.enum(['+1', '-1', 'laugh', 'confused', 'heart', 'hooray', 'rocket', 'eyes']),
});

/** The same reaction of the same person again is the first one: 200 instead of 201. */
function createReaction({ store, urls, repo, params, user, body, now }: RepoContext): Promise<Reply> {
  requireComment(repo, params['id']);
  const { content } = take(NewReaction, body, 'Reaction');
  return store.change(repo, (draft) => {
    const { id: comment } = requireComment(draft, params['id']);
    const known = draft.reactions.find(
      (each) => each.comment === comment && each.user === user.login && each.content === content,
    );
    const made = known ?? { id: nextId(draft), comment, user: user.login, content, createdAt: now };
    if (known === undefined) draft.reactions.push(made);
    const shaped = shapeReaction({ store, urls, repo: draft }, made);
    return known === undefined ? created(shaped) : ok(shaped);
  });
}

function mayEdit({ permission, user }: RepoContext, comment: Comment): void {
  if (comment.user === user.login || permits(permission, 'write')) return;
  throw new HttpError(403, 'Must have admin rights to Repository.');
}

function updateComment(context: RepoContext): Promise<Reply> {
  const { store, urls, repo, params, body, now } = context;
  mayEdit(context, requireComment(repo, params['id']));
  const asked = take(NewComment, body, 'IssueComment');
  return store.change(repo, (draft) => {
    const comment = requireComment(draft, params['id']);
    comment.body = asked.body;
    comment.updatedAt = now;
    return ok(shapeComment({ store, urls, repo: draft }, comment));
  });
}

function deleteComment(context: RepoContext): Promise<Reply> {
  const { store, repo, params } = context;
  mayEdit(context, requireComment(repo, params['id']));
  return store.change(repo, (draft) => {
    const comment = requireComment(draft, params['id']);
    draft.comments = draft.comments.filter((candidate) => candidate.id !== comment.id);
    return { status: 204 };
  });
}

/** Before the issue routes: `/issues/comments/:id` is not an issue. */
export const commentRoutes: readonly Route[] = [
  onRepo('GET', '/issues/comments', 'read', listAllComments),
  onRepo('GET', '/issues/comments/:id', 'read', ({ store, urls, repo, params }) =>
    ok(shapeComment({ store, urls, repo }, requireComment(repo, params['id']))),
  ),
  onRepo('PATCH', '/issues/comments/:id', 'read', updateComment),
  onRepo('DELETE', '/issues/comments/:id', 'read', deleteComment),
  onRepo('POST', '/issues/comments/:id/reactions', 'read', createReaction),
  onRepo('GET', '/issues/comments/:id/reactions', 'read', ({ store, urls, repo, params, url }) => {
    const { id } = requireComment(repo, params['id']);
    const own = repo.reactions.filter((reaction) => reaction.comment === id);
    return paged(url, own, (reaction) => shapeReaction({ store, urls, repo }, reaction));
  }),
  onRepo('GET', '/issues/:number/comments', 'read', listComments),
  onRepo('POST', '/issues/:number/comments', 'read', createComment),
];
