import { z } from 'zod';

import { isAncestor, moveRef, readRef } from './git.ts';
import { makeMerge } from './git-merge.ts';
import { readCommits } from './git-commits.ts';
import { created, HttpError, ok, paged, type Reply, take } from './http.ts';
import { followRefs, markMerged } from './pull-sync.ts';
import { onRepo, type RepoContext, type Route } from './router.ts';
import { Body } from './routes-issues.ts';
import { requirePull } from './routes-pulls.ts';
import { checkRules } from './rules.ts';
import { type PullIssue, shapePullInList, shapeReview } from './shape-pull.ts';
import { shapeTeam, shapeUser } from './shape-user.ts';
import { addEvent, nextId, type RepoState, type Review } from './state.ts';

const Merge = z.object({
  commit_title: z.string().optional(),
  commit_message: z.string().optional(),
  sha: z.string().optional(),
  merge_method: z.enum(['merge', 'squash', 'rebase']).default('merge'),
});
type Merge = z.infer<typeof Merge>;

const Reviewers = z.object({
  reviewers: z.array(z.string()).default([]),
  team_reviewers: z.array(z.string()).default([]),
});

const NewReview = z.object({
  body: Body.default(''),
  event: z.enum(['APPROVE', 'REQUEST_CHANGES', 'COMMENT']).optional(),
  commit_id: z.string().optional(),
});

const join = (title: string, body: string) => (body === '' ? title : `${title}\n\n${body}`);

/** GitHub's default texts of a merge and of a squash, unless the request names its own. */
async function messageOf(gitDir: string, draft: RepoState, issue: PullIssue, asked: Merge): Promise<string> {
  const { pull } = issue;
  if (asked.merge_method === 'merge') {
    const title = asked.commit_title ?? `Merge pull request #${issue.number} from ${draft.owner}/${pull.head}`;
    return join(title, asked.commit_message ?? issue.title);
  }
  const commits = await readCommits(gitDir, ['--reverse', `${pull.baseSha}..${pull.headSha}`]);
  const [only] = commits;
  const single = commits.length === 1 && only !== undefined;
  const list = commits.map((commit) => `* ${commit.message}`).join('\n\n');
  const own = single ? only.message.split('\n\n').slice(1).join('\n\n') : list;
  return join(asked.commit_title ?? `${issue.title} (#${issue.number})`, asked.commit_message ?? own);
}

function checkMergeable(issue: PullIssue, asked: Merge): void {
  if (issue.pull.mergedAt !== null || issue.state === 'closed' || issue.pull.draft) {
    throw new HttpError(405, 'Pull Request is not mergeable');
  }
  if (asked.sha !== undefined && asked.sha !== issue.pull.headSha) {
    throw new HttpError(409, 'Head branch was modified. Review and try the merge again.');
  }
}

/** Makes the merge and moves the base, with the intent written ahead so that a kill in between is settled later. */
async function landMerge(context: RepoContext, draft: RepoState, issue: PullIssue, asked: Merge): Promise<string> {
  const { store, gitDir, user, now } = context;
  const { pull } = issue;
  const author = store.userByLogin(issue.user) ?? user;
  const merged = await makeMerge(gitDir, {
    method: asked.merge_method,
    base: pull.baseSha,
    head: pull.headSha,
    message: await messageOf(gitDir, draft, issue, asked),
    author: { name: author.name, email: author.email, date: now },
    committer: { name: 'GitHub', email: 'noreply@github.com', date: now },
  });
  if (merged === null) throw new HttpError(405, 'Pull Request is not mergeable');
  const ref = `refs/heads/${pull.base}`;
  await checkRules(draft, gitDir, user.login, { ref, from: pull.baseSha, to: merged });
  pull.intent = { sha: merged, by: user.login, at: now };
  store.saveRepo(structuredClone(draft));
  if (!(await moveRef(gitDir, ref, merged, pull.baseSha))) {
    throw new HttpError(405, 'Base branch was modified. Review and try the merge again.');
  }
  return merged;
}

function mergePull(context: RepoContext): Promise<Reply> {
  const { store, repo, gitDir, params, user, body, now } = context;
  requirePull(repo, params['number']);
  const asked = take(Merge, body, 'PullRequest');
  return store.change(repo, async (draft) => {
    const mover = { login: user.login, at: now };
    await followRefs(draft, gitDir, mover);
    const issue = requirePull(draft, params['number']);
    checkMergeable(issue, asked);
    const sha = await landMerge(context, draft, issue, asked);
    markMerged(draft, issue, sha, mover);
    await followRefs(draft, gitDir, mover);
    return ok({ sha, merged: true, message: 'Pull Request successfully merged' });
  });
}

function createReview(context: RepoContext): Promise<Reply> {
  const { store, urls, repo, params, user, body, now } = context;
  requirePull(repo, params['number']);
  const asked = take(NewReview, body, 'PullRequestReview');
  return store.change(repo, (draft) => {
    const issue = requirePull(draft, params['number']);
    if (asked.event === 'APPROVE' && issue.user === user.login) {
      throw new HttpError(422, 'Unprocessable Entity', ['Can not approve your own pull request']);
    }
    if (asked.event !== 'APPROVE' && asked.event !== undefined && asked.body.trim() === '') {
      throw new HttpError(422, 'Unprocessable Entity', ['Body can not be blank']);
    }
    const review: Review = {
      id: nextId(draft),
      pull: issue.number,
      user: user.login,
      body: asked.body,
      state: stateOf(asked.event),
      commit: asked.commit_id ?? issue.pull.headSha,
      submittedAt: now,
    };
    draft.reviews.push(review);
    issue.pull.reviewers = issue.pull.reviewers.filter((login) => login !== user.login);
    issue.updatedAt = now;
    return ok(shapeReview({ store, urls, repo: draft }, review));
  });
}

function shapeRequested({ store, urls, repo }: RepoContext, { pull }: PullIssue) {
  return {
    users: pull.reviewers.map((login) => shapeUser(store, urls, login)),
    teams: pull.teams.map((slug) => shapeTeam(urls, repo.owner, slug)),
  };
}

function requestReviews(context: RepoContext): Promise<Reply> {
  const { store, urls, repo, params, user, body, now } = context;
  requirePull(repo, params['number']);
  const asked = take(Reviewers, body, 'PullRequestReview');
  const stranger = asked.reviewers.find((login) => store.userByLogin(login) === undefined);
  const own = asked.team_reviewers.find(
    (slug) => !store.teams().some((team) => team.org === repo.owner && team.slug === slug),
  );
  if (stranger !== undefined || own !== undefined) {
    throw new HttpError(422, 'Reviews may only be requested from collaborators.');
  }
  return store.change(repo, (draft) => {
    const issue = requirePull(draft, params['number']);
    if (asked.reviewers.includes(issue.user)) {
      throw new HttpError(422, 'Review cannot be requested from pull request author.');
    }
    const facts = { issue: issue.number, event: 'review_requested', actor: user.login, at: now } as const;
    for (const reviewer of asked.reviewers) addEvent(draft, { ...facts, reviewer });
    for (const team of asked.team_reviewers) addEvent(draft, { ...facts, team });
    issue.pull.reviewers = [...new Set([...issue.pull.reviewers, ...asked.reviewers])];
    issue.pull.teams = [...new Set([...issue.pull.teams, ...asked.team_reviewers])];
    return created(shapePullInList({ store, urls, repo: draft }, issue, null));
  });
}

function stateOf(event: z.infer<typeof NewReview>['event']): Review['state'] {
  switch (event) {
    case 'APPROVE':
      return 'APPROVED';
    case 'REQUEST_CHANGES':
      return 'CHANGES_REQUESTED';
    case 'COMMENT':
      return 'COMMENTED';
    case undefined:
      return 'PENDING';
  }
}

/** Updates the head branch with the base, as the button "Update branch" does. */
function updateBranch(context: RepoContext): Promise<Reply> {
  const { store, urls, repo, gitDir, params, user, now } = context;
  return store.change(repo, async (draft) => {
    const { number, pull } = requirePull(draft, params['number']);
    const head = await readRef(gitDir, `refs/heads/${pull.head}`);
    if (head === undefined) throw new HttpError(422, 'Head branch does not exist');
    if (await isAncestor(gitDir, pull.baseSha, head.sha)) {
      throw new HttpError(422, 'There are no new commits on the base branch.');
    }
    const person = { name: user.name, email: user.email, date: now };
    const message = `Merge branch '${pull.base}' into ${pull.head}`;
    const merged = await makeMerge(gitDir, {
      method: 'merge',
      base: head.sha,
      head: pull.baseSha,
      message,
      author: person,
      committer: person,
    });
    if (merged === null) throw new HttpError(422, 'merge conflict between base and head');
    await moveRef(gitDir, `refs/heads/${pull.head}`, merged, head.sha);
    await followRefs(draft, gitDir, { login: user.login, at: now });
    const url = `${urls.web}/${draft.owner}/${draft.name}/pull/${number}`;
    return { status: 202, body: { message: 'Updating pull request branch.', url } };
  });
}

export const mergeRoutes: readonly Route[] = [
  onRepo('PUT', '/pulls/:number/merge', 'write', mergePull),
  onRepo('GET', '/pulls/:number/merge', 'read', ({ repo, params }) => {
    if (requirePull(repo, params['number']).pull.mergedAt === null) throw new HttpError(404, 'Not Found');
    return { status: 204 };
  }),
  onRepo('PUT', '/pulls/:number/update-branch', 'write', updateBranch),
  onRepo('GET', '/pulls/:number/reviews', 'read', ({ store, urls, repo, params, url }) => {
    const { number } = requirePull(repo, params['number']);
    const own = repo.reviews.filter((review) => review.pull === number);
    return paged(url, own, (review) => shapeReview({ store, urls, repo }, review));
  }),
  onRepo('POST', '/pulls/:number/reviews', 'read', createReview),
  onRepo('GET', '/pulls/:number/requested_reviewers', 'read', (context) =>
    ok(shapeRequested(context, requirePull(context.repo, context.params['number']))),
  ),
  onRepo('POST', '/pulls/:number/requested_reviewers', 'write', requestReviews),
];
