/* oxlint-disable no-param-reassign -- a change is made on a copy of the state, which the store keeps or drops as a whole (store.ts) */
import { z } from 'zod';

import { created, HttpError, invalid, notFound, ok, paged, type Reply, take } from './http.ts';
import { onRepo, type RepoContext, type Route } from './router.ts';
import { shapeIssue, shapeLabels } from './shape-issue.ts';
import { addEvent, type Issue, nextId, permits, type RepoState } from './state.ts';

/** GitHub's limit on the body of an issue, a pull request or a comment, in characters. */
export const Body = z.string().max(65_536, 'body is too long (maximum is 65536 characters)');
export const Title = z
  .string()
  .trim()
  .min(1, "title can't be blank")
  .max(256, 'title is too long (maximum is 256 characters)');
const LabelName = z.union([z.string(), z.object({ name: z.string() }).transform(({ name }) => name)]);

const NewIssue = z.object({
  title: Title,
  body: Body.nullish(),
  labels: z.array(LabelName).default([]),
  assignees: z.array(z.string()).default([]),
  milestone: z.number().int().nullish(),
});
const ChangedIssue = z.object({
  title: Title.optional(),
  body: Body.nullish(),
  state: z.enum(['open', 'closed']).optional(),
  state_reason: z.enum(['completed', 'not_planned', 'reopened', 'duplicate']).nullish(),
  labels: z.array(LabelName).optional(),
  assignees: z.array(z.string()).optional(),
  milestone: z.number().int().nullish(),
});
const LabelNames = z.object({ labels: z.array(LabelName) });

/** The issue or pull request of a `:number`; 404 otherwise. */
export function requireIssue(repo: RepoState, number: string | undefined): Issue {
  const issue = repo.issues.find((candidate) => String(candidate.number) === number);
  if (issue === undefined) throw notFound();
  return issue;
}

function requireMilestone(repo: RepoState, number: number | null): number | null {
  if (number === null || repo.milestones.some((milestone) => milestone.number === number)) return number;
  throw invalid('Issue', 'milestone', 'invalid');
}

/** Names of labels as the repository spells them; GitHub makes the unknown ones on the fly. Changes the draft. */
function useLabels(draft: RepoState, names: readonly string[]): string[] {
  const spelt = names.map((name) => {
    const known = draft.labels.find((label) => label.name.toLowerCase() === name.toLowerCase());
    if (known !== undefined) return known.name;
    if (name.trim() === '' || name.length > 50) throw invalid('Label', 'name', 'invalid');
    draft.labels.push({ id: nextId(draft), name, color: 'ededed', description: null });
    return name;
  });
  return [...new Set(spelt)];
}

function inMilestone(repo: RepoState, issue: Issue, asked: string | null): boolean {
  if (asked === null) return true;
  if (asked === '*') return issue.milestone !== null;
  if (asked === 'none') return issue.milestone === null;
  if (!repo.milestones.some((milestone) => String(milestone.number) === asked)) {
    throw invalid('Issue', 'milestone', 'invalid');
  }
  return String(issue.milestone) === asked;
}

function compareBy(sort: string, repo: RepoState): (a: Issue, b: Issue) => number {
  const comments = (issue: Issue) => repo.comments.filter((comment) => comment.issue === issue.number).length;
  switch (sort) {
    case 'updated':
      return (a, b) => a.updatedAt.localeCompare(b.updatedAt) || a.number - b.number;
    case 'comments':
      return (a, b) => comments(a) - comments(b) || a.number - b.number;
    default:
      return (a, b) => a.createdAt.localeCompare(b.createdAt) || a.number - b.number;
  }
}

function listIssues({ repo, url, store, urls }: RepoContext): Reply {
  const ask = (name: string) => url.searchParams.get(name);
  const state = ask('state') ?? 'open';
  if (!['open', 'closed', 'all'].includes(state)) throw invalid('Issue', 'state', 'invalid');
  const labels = (ask('labels') ?? '').split(',').filter((name) => name !== '');
  const creator = ask('creator');
  const assignee = ask('assignee');
  const since = ask('since');
  const found = repo.issues.filter(
    (issue) =>
      (state === 'all' || issue.state === state) &&
      labels.every((name) => issue.labels.some((own) => own.toLowerCase() === name.toLowerCase())) &&
      (creator === null || issue.user === creator) &&
      (assignee === null || issue.assignees.includes(assignee)) &&
      (since === null || Date.parse(issue.updatedAt) >= Date.parse(since)) &&
      inMilestone(repo, issue, ask('milestone')),
  );
  found.sort(compareBy(ask('sort') ?? 'created', repo));
  if (ask('direction') !== 'asc') found.reverse();
  return paged(url, found, (issue) => shapeIssue({ store, urls, repo }, issue));
}

function createIssue({ store, urls, repo, user, permission, body, now }: RepoContext): Promise<Reply> {
  const asked = take(NewIssue, body, 'Issue');
  // Labels, assignees and milestone of a user without triage permission are dropped silently, as GitHub does.
  const mayTriage = permits(permission, 'triage');
  return store.change(repo, (draft) => {
    const milestone = mayTriage ? requireMilestone(draft, asked.milestone ?? null) : null;
    const labels = mayTriage ? useLabels(draft, asked.labels) : [];
    draft.lastNumber += 1;
    const issue: Issue = {
      id: nextId(draft),
      number: draft.lastNumber,
      title: asked.title,
      body: asked.body ?? null,
      state: 'open',
      stateReason: null,
      user: user.login,
      labels,
      assignees: mayTriage ? asked.assignees : [],
      milestone,
      createdAt: now,
      updatedAt: now,
      closedAt: null,
      closedBy: null,
      pull: null,
    };
    draft.issues.push(issue);
    noteMentions(draft, { from: issue.number, text: `${issue.title} ${issue.body ?? ''}`, actor: user.login, at: now });
    return created(shapeIssue({ store, urls, repo: draft }, issue));
  });
}

interface StateChange {
  readonly state: 'open' | 'closed';
  readonly reason: Issue['stateReason'];
  readonly by: string;
  readonly at: string;
}

interface Mention {
  readonly from: number;
  readonly text: string;
  readonly actor: string;
  readonly at: string;
}

/** Puts a cross-reference on each item that a text names as `#N`; changes the draft. */
export function noteMentions(draft: RepoState, { from, text, actor, at }: Mention): void {
  const named = new Set([...text.matchAll(/(?<![\w&/])#(\d+)\b/gu)].map(([, number]) => Number(number)));
  for (const issue of draft.issues) {
    const known = draft.events.some((event) => event.issue === issue.number && event.source === from);
    if (issue.number === from || known || !named.has(issue.number)) continue;
    addEvent(draft, { issue: issue.number, event: 'cross-referenced', actor, at, source: from });
  }
}

function milestoneTitle(draft: RepoState, number: number | null): string | null {
  return draft.milestones.find((milestone) => milestone.number === number)?.title ?? null;
}

/** What an edit did, as timeline entries; changes the draft. */
export function noteEdit(
  draft: RepoState,
  before: Issue,
  after: Issue,
  { by, at }: { readonly by: string; readonly at: string },
): void {
  const facts = { issue: after.number, actor: by, at };
  if (before.title !== after.title) {
    addEvent(draft, { ...facts, event: 'renamed', rename: { from: before.title, to: after.title } });
  }
  if (before.milestone !== after.milestone) {
    const was = milestoneTitle(draft, before.milestone);
    const is = milestoneTitle(draft, after.milestone);
    if (was !== null) addEvent(draft, { ...facts, event: 'demilestoned', milestone: was });
    if (is !== null) addEvent(draft, { ...facts, event: 'milestoned', milestone: is });
  }
  noteLabels(draft, before, after, { by, at });
  if (before.state !== after.state)
    addEvent(draft, { ...facts, event: after.state === 'open' ? 'reopened' : 'closed' });
}

function noteLabels(
  draft: RepoState,
  before: Issue,
  after: Issue,
  { by, at }: { readonly by: string; readonly at: string },
): void {
  const facts = { issue: after.number, actor: by, at };
  for (const label of after.labels.filter((name) => !before.labels.includes(name))) {
    addEvent(draft, { ...facts, event: 'labeled', label });
  }
  for (const label of before.labels.filter((name) => !after.labels.includes(name))) {
    addEvent(draft, { ...facts, event: 'unlabeled', label });
  }
}

/** Opens or closes an issue or pull request; the same state again changes nothing but the reason. */
export function setState(issue: Issue, change: StateChange): void {
  const { state, reason, by, at } = change;
  if (issue.pull === null) issue.stateReason = state === 'closed' ? (reason ?? 'completed') : 'reopened';
  if (issue.state === state) return;
  issue.state = state;
  issue.closedAt = state === 'closed' ? at : null;
  issue.closedBy = state === 'closed' ? by : null;
}

function updateIssue({ store, urls, repo, params, user, permission, body, now }: RepoContext): Promise<Reply> {
  const asked = take(ChangedIssue, body, 'Issue');
  return store.change(repo, (draft) => {
    const issue = requireIssue(draft, params['number']);
    if (!permits(permission, 'triage') && issue.user !== user.login) {
      throw new HttpError(403, 'Must have admin rights to Repository.');
    }
    if (asked.state === 'open' && issue.pull?.mergedAt) throw invalid('Issue', 'state', 'invalid');
    const before = { ...issue };
    if (asked.title !== undefined) issue.title = asked.title;
    if (asked.body !== undefined) issue.body = asked.body;
    if (asked.milestone !== undefined) issue.milestone = requireMilestone(draft, asked.milestone);
    if (asked.labels !== undefined) issue.labels = useLabels(draft, asked.labels);
    if (asked.assignees !== undefined) issue.assignees = asked.assignees;
    if (asked.state !== undefined) {
      setState(issue, { state: asked.state, reason: asked.state_reason ?? null, by: user.login, at: now });
    }
    issue.updatedAt = now;
    noteEdit(draft, before, issue, { by: user.login, at: now });
    return ok(shapeIssue({ store, urls, repo: draft }, issue));
  });
}

function changeLabels(context: RepoContext, make: (draft: RepoState, issue: Issue) => string[]): Promise<Reply> {
  const { store, urls, repo, params, user, now } = context;
  return store.change(repo, (draft) => {
    const issue = requireIssue(draft, params['number']);
    const before = { ...issue };
    issue.labels = make(draft, issue);
    issue.updatedAt = now;
    noteLabels(draft, before, issue, { by: user.login, at: now });
    return ok(shapeLabels({ store, urls, repo: draft }, issue));
  });
}

function removeLabel(context: RepoContext): Promise<Reply> {
  return changeLabels(context, (_draft, issue) => {
    const name = (context.params['name'] ?? '').toLowerCase();
    const rest = issue.labels.filter((own) => own.toLowerCase() !== name);
    if (rest.length === issue.labels.length) throw new HttpError(404, 'Label does not exist');
    return rest;
  });
}

export const issueRoutes: readonly Route[] = [
  onRepo('GET', '/issues', 'read', listIssues),
  onRepo('POST', '/issues', 'read', createIssue),
  onRepo('GET', '/issues/:number', 'read', ({ store, urls, repo, params }) =>
    ok(shapeIssue({ store, urls, repo }, requireIssue(repo, params['number']))),
  ),
  onRepo('PATCH', '/issues/:number', 'read', updateIssue),
  onRepo('GET', '/issues/:number/labels', 'read', ({ store, urls, repo, params, url }) =>
    paged(url, shapeLabels({ store, urls, repo }, requireIssue(repo, params['number'])), (label) => label),
  ),
  onRepo('POST', '/issues/:number/labels', 'triage', (context) => {
    const { labels } = take(LabelNames, context.body, 'Label');
    return changeLabels(context, (draft, issue) => useLabels(draft, [...issue.labels, ...labels]));
  }),
  onRepo('PUT', '/issues/:number/labels', 'triage', (context) => {
    const { labels } = take(LabelNames, context.body, 'Label');
    return changeLabels(context, (draft) => useLabels(draft, labels));
  }),
  onRepo('DELETE', '/issues/:number/labels', 'triage', async (context) => {
    await changeLabels(context, () => []);
    return { status: 204 };
  }),
  onRepo('DELETE', '/issues/:number/labels/:name*', 'triage', removeLabel),
];
