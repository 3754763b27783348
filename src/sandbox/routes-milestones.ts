/* oxlint-disable no-param-reassign -- a change is made on a copy of the state, which the store keeps or drops as a whole (store.ts) */
import { z } from 'zod';

import { created, invalid, notFound, ok, paged, type Reply, take } from './http.ts';
import { onRepo, type RepoContext, type Route } from './router.ts';
import { shapeMilestone } from './shape-issue.ts';
import { type Milestone, nextId, type RepoState } from './state.ts';

const DueOn = z.iso.datetime({ offset: true }).nullable();
const Title = z.string().trim().min(1).max(255);
const State = z.enum(['open', 'closed']);
const NewMilestone = z.object({
  title: Title,
  state: State.default('open'),
  description: z.string().nullable().default(null),
  due_on: DueOn.default(null),
});
const ChangedMilestone = z.object({
  title: Title.optional(),
  state: State.optional(),
  description: z.string().nullish(),
  due_on: DueOn.optional(),
});

function requireMilestone(repo: RepoState, number: string | undefined): Milestone {
  const milestone = repo.milestones.find((candidate) => String(candidate.number) === number);
  if (milestone === undefined) throw notFound();
  return milestone;
}

function refuseTwins(repo: RepoState, title: string, except: number | null): void {
  if (repo.milestones.some((milestone) => milestone.title === title && milestone.number !== except)) {
    throw invalid('Milestone', 'title', 'already_exists');
  }
}

/** Milestones without a date come last. */
const due = (milestone: Milestone) => milestone.dueOn ?? '9999';

function listMilestones({ store, urls, repo, url }: RepoContext): Reply {
  const state = url.searchParams.get('state') ?? 'open';
  const found = repo.milestones.filter((milestone) => state === 'all' || milestone.state === state);
  found.sort((a, b) => due(a).localeCompare(due(b)) || a.number - b.number);
  if (url.searchParams.get('direction') === 'desc') found.reverse();
  return paged(url, found, (milestone) => shapeMilestone({ store, urls, repo }, milestone));
}

function createMilestone({ store, urls, repo, user, body, now }: RepoContext): Promise<Reply> {
  const asked = take(NewMilestone, body, 'Milestone');
  return store.change(repo, (draft) => {
    refuseTwins(draft, asked.title, null);
    draft.lastMilestone += 1;
    const milestone: Milestone = {
      id: nextId(draft),
      number: draft.lastMilestone,
      title: asked.title,
      description: asked.description,
      state: asked.state,
      creator: user.login,
      createdAt: now,
      updatedAt: now,
      closedAt: asked.state === 'closed' ? now : null,
      dueOn: asked.due_on,
    };
    draft.milestones.push(milestone);
    return created(shapeMilestone({ store, urls, repo: draft }, milestone));
  });
}

function updateMilestone({ store, urls, repo, params, body, now }: RepoContext): Promise<Reply> {
  const asked = take(ChangedMilestone, body, 'Milestone');
  return store.change(repo, (draft) => {
    const milestone = requireMilestone(draft, params['number']);
    if (asked.title !== undefined) {
      refuseTwins(draft, asked.title, milestone.number);
      milestone.title = asked.title;
    }
    if (asked.description !== undefined) milestone.description = asked.description;
    if (asked.due_on !== undefined) milestone.dueOn = asked.due_on;
    if (asked.state !== undefined && asked.state !== milestone.state) {
      milestone.state = asked.state;
      milestone.closedAt = asked.state === 'closed' ? now : null;
    }
    milestone.updatedAt = now;
    return ok(shapeMilestone({ store, urls, repo: draft }, milestone));
  });
}

function deleteMilestone({ store, repo, params }: RepoContext): Promise<Reply> {
  return store.change(repo, (draft) => {
    const { number } = requireMilestone(draft, params['number']);
    draft.milestones = draft.milestones.filter((candidate) => candidate.number !== number);
    for (const issue of draft.issues) {
      if (issue.milestone === number) issue.milestone = null;
    }
    return { status: 204 };
  });
}

export const milestoneRoutes: readonly Route[] = [
  onRepo('GET', '/milestones', 'read', listMilestones),
  onRepo('POST', '/milestones', 'triage', createMilestone),
  onRepo('GET', '/milestones/:number', 'read', ({ store, urls, repo, params }) =>
    ok(shapeMilestone({ store, urls, repo }, requireMilestone(repo, params['number']))),
  ),
  onRepo('PATCH', '/milestones/:number', 'triage', updateMilestone),
  onRepo('DELETE', '/milestones/:number', 'triage', deleteMilestone),
];
