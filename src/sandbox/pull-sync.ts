/* oxlint-disable no-param-reassign -- a change is made on a copy of the state, which the store keeps or drops as a whole (store.ts) */
import { startBuilds } from './builds.ts';
import { gitText, isAncestor, listRefs, moveRef, readRef } from './git.ts';
import { makeCommit, mergeTrees } from './git-merge.ts';
import { isPull, type PullIssue } from './shape-pull.ts';
import { addEvent, type RepoState } from './state.ts';
import type { Store } from './store.ts';

/** Who moved refs, and when. */
export interface Mover {
  readonly login: string;
  readonly at: string;
}

const githubPerson = (date: string) => ({ name: 'GitHub', email: 'noreply@github.com', date });

/** Marks a pull request as merged; changes the draft. */
export function markMerged(draft: RepoState, issue: PullIssue, sha: string, mover: Mover): void {
  issue.pull.mergedAt = mover.at;
  issue.pull.mergedBy = mover.login;
  issue.pull.mergeSha = sha;
  issue.pull.intent = null;
  addEvent(draft, { issue: issue.number, event: 'merged', actor: mover.login, at: mover.at, commit: sha });
  close(draft, issue, mover);
}

function close(draft: RepoState, issue: PullIssue, mover: Mover): void {
  addEvent(draft, { issue: issue.number, event: 'closed', actor: mover.login, at: mover.at });
  issue.state = 'closed';
  issue.closedAt = mover.at;
  issue.closedBy = mover.login;
  issue.updatedAt = mover.at;
}

/** Points `refs/pull/N/head` and, when it merges cleanly, `refs/pull/N/merge` at what the pull request is now. */
export async function keepPullRefs(gitDir: string, issue: PullIssue, at: string): Promise<void> {
  const { headSha, baseSha } = issue.pull;
  await gitText(gitDir, ['update-ref', `refs/pull/${issue.number}/head`, headSha]);
  const mergeRef = `refs/pull/${issue.number}/merge`;
  const tree = await mergeTrees(gitDir, baseSha, headSha);
  if (tree === null) {
    const old = await readRef(gitDir, mergeRef);
    if (old !== undefined) await moveRef(gitDir, mergeRef, null, old.sha);
    return;
  }
  const person = githubPerson(at);
  const merge = await makeCommit(gitDir, {
    tree,
    parents: [baseSha, headSha],
    message: `Merge ${headSha} into ${baseSha}`,
    author: person,
    committer: person,
  });
  await gitText(gitDir, ['update-ref', mergeRef, merge]);
}

/** The commit of `refs/pull/N/merge`, or null when the pull request conflicts. */
export async function testMergeOf(gitDir: string, issue: PullIssue): Promise<string | null> {
  return (await readRef(gitDir, `refs/pull/${issue.number}/merge`))?.sha ?? null;
}

interface Moved {
  readonly branches: ReadonlyMap<string, string>;
  readonly mover: Mover;
}

async function syncPull(draft: RepoState, gitDir: string, issue: PullIssue, { branches, mover }: Moved): Promise<void> {
  const { pull } = issue;
  const base = branches.get(pull.base);
  const head = branches.get(pull.head);
  if (base === undefined || head === undefined) return close(draft, issue, mover);
  if (base === pull.baseSha && head === pull.headSha) return;
  const baseMoved = base !== pull.baseSha;
  pull.baseSha = base;
  pull.headSha = head;
  issue.updatedAt = mover.at;
  // GitHub takes a pull request as merged when its commits arrive on the base by a push.
  if (baseMoved && (await isAncestor(gitDir, head, base))) return markMerged(draft, issue, base, mover);
  await keepPullRefs(gitDir, issue, mover.at);
}

/**
 * Brings the state in line with the refs: heads and bases of open pull requests, deleted branches, builds of new
 * candidate tags. Changes the draft; the same refs again change nothing.
 */
export async function followRefs(draft: RepoState, gitDir: string, mover: Mover): Promise<void> {
  const refs = await listRefs(gitDir, 'refs/heads', 'refs/tags');
  const branches = new Map(
    refs.flatMap(({ ref, sha }) => (ref.startsWith('refs/heads/') ? [[ref.slice(11), sha] as const] : [])),
  );
  for (const issue of draft.issues) {
    if (issue.state === 'open' && isPull(issue)) await syncPull(draft, gitDir, issue, { branches, mover });
  }
  startBuilds(draft, refs, mover.login, mover.at);
  if (draft.hooks.length > 0 || Object.keys(draft.knownRefs).length > 0) {
    draft.knownRefs = Object.fromEntries(refs.map(({ ref, sha }) => [ref, sha]));
  }
}

/** Settles merges that a kill interrupted: done when the commit is on the base, else as if never asked. */
async function settleIntents(draft: RepoState, gitDir: string): Promise<void> {
  for (const issue of draft.issues) {
    if (!isPull(issue) || issue.pull.intent === null) continue;
    const { sha, by, at } = issue.pull.intent;
    const base = await readRef(gitDir, `refs/heads/${issue.pull.base}`);
    const landed = base !== undefined && (await isAncestor(gitDir, sha, base.sha));
    if (landed) markMerged(draft, issue, sha, { login: by, at });
    else issue.pull.intent = null;
  }
}

/** After a start: what the refs say that the state does not yet. */
export async function recoverRepo(store: Store, repo: RepoState, at: string): Promise<void> {
  const gitDir = store.gitDir(repo);
  const open = repo.issues.some((issue) => issue.state === 'open' && issue.pull !== null);
  const builds = repo.buildsOnTag.length + repo.jobsOnRelease.length > 0;
  const refs = builds ? await listRefs(gitDir, 'refs/heads', 'refs/tags') : [];
  const unbuilt = startBuilds(structuredClone(repo), refs, 'ghost', at);
  if (!open && unbuilt.length === 0) return;
  await store.change(repo, async (draft) => {
    await settleIntents(draft, gitDir);
    await followRefs(draft, gitDir, { login: draft.owner, at });
  });
}
