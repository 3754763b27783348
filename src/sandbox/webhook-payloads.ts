import { shapeCheckRun, shapeStatus } from './shape-check.ts';
import { type Place, shapeComment, shapeIssue, shapeLabel } from './shape-issue.ts';
import { isPull, type PullIssue, shapePullInList, shapeReview } from './shape-pull.ts';
import { shapeRepo } from './shape-repo.ts';
import { shapeUser } from './shape-user.ts';
import type { Issue, ItemEvent, RepoState } from './state.ts';
import { webOf } from './urls.ts';

/** Something to tell the webhooks of a repository. */
export interface WebhookEvent {
  readonly event: string;
  readonly payload: Readonly<Record<string, unknown>>;
}

/** What GitHub tells of a repository when it is asked, and leaves out of what it sends by itself. */
const onlyInAnswers = new Set([
  'permissions',
  'allow_rebase_merge',
  'allow_squash_merge',
  'allow_merge_commit',
  'allow_auto_merge',
  'delete_branch_on_merge',
  'subscribers_count',
  'network_count',
]);

const none = '0'.repeat(40);

/** What is in the second list and not in the first, by id. */
function added<Thing extends { readonly id: number }>(
  before: readonly Thing[],
  after: readonly Thing[],
): readonly Thing[] {
  const known = new Set(before.map(({ id }) => id));
  return after.filter(({ id }) => !known.has(id));
}

function common({ store, urls, repo }: Place, by: string) {
  const repository = Object.entries(shapeRepo(store, urls, repo, 'read')).filter(
    ([field]) => !onlyInAnswers.has(field),
  );
  return { repository: Object.fromEntries(repository), sender: shapeUser(store, urls, by) };
}

function pullPayload(place: Place, issue: PullIssue) {
  const merged = issue.pull.mergedAt !== null;
  return { ...shapePullInList(place, issue, null), merged };
}

/** An issue as it is sent: without who closed it, who is the sender. */
function issueIn(place: Place, issue: Issue) {
  const { closed_by: _closedBy, ...shaped } = shapeIssue(place, issue);
  return shaped;
}

interface Told {
  readonly action: string;
  readonly by: string;
  readonly more?: object;
}

function itemEvent(place: Place, issue: Issue, { action, by, more = {} }: Told): WebhookEvent {
  const head = { action, ...more, ...common(place, by) };
  if (!isPull(issue)) return { event: 'issues', payload: { ...head, issue: issueIn(place, issue) } };
  return { event: 'pull_request', payload: { ...head, number: issue.number, pull_request: pullPayload(place, issue) } };
}

const actions: Readonly<Record<ItemEvent['event'], string | null>> = {
  labeled: 'labeled',
  unlabeled: 'unlabeled',
  milestoned: 'milestoned',
  demilestoned: 'demilestoned',
  renamed: 'edited',
  closed: 'closed',
  reopened: 'reopened',
  // A merge closes, and that is what is told.
  merged: null,
  ready_for_review: 'ready_for_review',
  review_requested: 'review_requested',
  'cross-referenced': null,
};

function fromTimeline(place: Place, event: ItemEvent): readonly WebhookEvent[] {
  const issue = place.repo.issues.find(({ number }) => number === event.issue);
  const action = actions[event.event];
  if (issue === undefined || action === null) return [];
  const label = place.repo.labels.find(({ name }) => name === event.label);
  const more = label === undefined ? {} : { label: shapeLabel(place, label) };
  return [itemEvent(place, issue, { action, by: event.actor, more })];
}

function fromComments(place: Place, before: RepoState): readonly WebhookEvent[] {
  const { repo } = place;
  const event = 'issue_comment';
  const payload = (action: string, comment: RepoState['comments'][number]) => {
    const issue = repo.issues.find(({ number }) => number === comment.issue);
    const shaped = issue === undefined ? undefined : issueIn(place, issue);
    return {
      event,
      payload: { action, issue: shaped, comment: shapeComment(place, comment), ...common(place, comment.user) },
    };
  };
  const edited = repo.comments.filter((comment) => {
    const old = before.comments.find(({ id }) => id === comment.id);
    return old !== undefined && old.body !== comment.body;
  });
  return [
    ...added(before.comments, repo.comments).map((comment) => payload('created', comment)),
    ...edited.map((comment) => payload('edited', comment)),
    ...added(repo.comments, before.comments).map((comment) => payload('deleted', comment)),
  ];
}

function fromHeads(place: Place, before: RepoState): readonly WebhookEvent[] {
  return place.repo.issues.filter(isPull).flatMap((issue) => {
    const old = before.issues.find(({ number }) => number === issue.number)?.pull ?? null;
    if (old === null || old.headSha === issue.pull.headSha) return [];
    const moved = { before: old.headSha, after: issue.pull.headSha };
    return [itemEvent(place, issue, { action: 'synchronize', by: issue.user, more: moved })];
  });
}

function fromChecks(place: Place, before: RepoState): readonly WebhookEvent[] {
  const { store, urls, repo } = place;
  const old = new Map(before.checkRuns.map((run) => [run.id, run]));
  const changed = repo.checkRuns.flatMap((run) => {
    const was = old.get(run.id);
    if (was === undefined) return [{ run, action: run.status === 'completed' ? 'completed' : 'created' }];
    return was.status !== run.status && run.status === 'completed' ? [{ run, action: 'completed' }] : [];
  });
  const runs = changed.map(({ run, action }) => ({
    event: 'check_run',
    payload: { action, check_run: shapeCheckRun({ store, urls, repo }, run), ...common(place, run.app) },
  }));
  const statuses = added(before.statuses, repo.statuses).map((status) => {
    const { state, context, description, target_url: target, id } = shapeStatus({ store, urls, repo }, status);
    const name = `${repo.owner}/${repo.name}`;
    const facts = { id, sha: status.sha, name, state, context, description, target_url: target };
    return { event: 'status', payload: { ...facts, ...common(place, status.creator) } };
  });
  return [...runs, ...statuses];
}

function fromRefs(place: Place, before: RepoState): readonly WebhookEvent[] {
  const { urls, repo } = place;
  // The first webhook makes the refs known; nothing was pushed by that.
  if (before.hooks.length === 0) return [];
  const refs = new Set([...Object.keys(before.knownRefs), ...Object.keys(repo.knownRefs)]);
  return [...refs].flatMap((ref) => {
    const from = before.knownRefs[ref] ?? none;
    const to = repo.knownRefs[ref] ?? none;
    if (from === to) return [];
    const state = { created: from === none, deleted: to === none, forced: false, base_ref: null };
    const compare = `${webOf(urls, repo)}/compare/${from.slice(0, 12)}...${to.slice(0, 12)}`;
    const pusher = { name: repo.owner };
    const facts = { ref, before: from, after: to, ...state, compare, commits: [], head_commit: null, pusher };
    return [{ event: 'push', payload: { ...facts, ...common(place, repo.owner) } }];
  });
}

/** What a change of a repository's state has to tell, in the order in which GitHub would. */
export function eventsBetween({ store, urls, repo }: Place, before: RepoState): readonly WebhookEvent[] {
  const place = { store, urls, repo };
  const known = new Set(before.issues.map(({ number }) => number));
  const opened = repo.issues.filter(({ number }) => !known.has(number));
  const reviews = added(before.reviews, repo.reviews).flatMap((review): readonly WebhookEvent[] => {
    const issue = repo.issues.filter(isPull).find(({ number }) => number === review.pull);
    if (issue === undefined || review.state === 'PENDING') return [];
    const shaped = { ...shapeReview(place, review), state: review.state.toLowerCase() };
    const facts = { action: 'submitted', review: shaped, pull_request: pullPayload(place, issue) };
    return [{ event: 'pull_request_review', payload: { ...facts, ...common(place, review.user) } }];
  });
  return [
    ...fromRefs(place, before),
    ...opened.map((issue) => itemEvent(place, issue, { action: 'opened', by: issue.user })),
    ...fromHeads(place, before),
    ...added(before.events, repo.events).flatMap((event) => fromTimeline(place, event)),
    ...fromComments(place, before),
    ...reviews,
    ...fromChecks(place, before),
  ];
}
