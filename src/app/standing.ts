import { candidatesIn } from '../domain/release-tags.ts';
import { branchRef, tagRef, type ObjectId } from '../domain/git-names.ts';
import type { Job } from '../domain/jobs.ts';
import { observe, unknown, type Observed } from '../domain/observation.ts';
import { reposOf, type RepoInRelease } from '../domain/train/naming.ts';
import { tagOf, type CandidateVersion, type ReleaseVersion } from '../domain/version.ts';
import type { RemoteRef } from '../ports/git.ts';
import type { App } from './app.ts';

/** A candidate of one repository: its tag, as the remote has it. */
export interface TaggedCandidate {
  readonly candidate: CandidateVersion;
  readonly commit: ObjectId;
}

/** What the remote has of one repository in a release. */
export interface RepoRefs {
  /** Head of the release branch; null before the cut. */
  readonly branch: ObjectId | null;
  readonly cutPoint: ObjectId | null;
  /** Newest first. */
  readonly candidates: readonly TaggedCandidate[];
  readonly final: ObjectId | null;
}

/** Where one repository stands in a release, as observed. */
export interface RepoStanding {
  readonly repo: RepoInRelease;
  readonly refs: Observed<RepoRefs>;
  /** Jobs on the head of the release branch; null when there is no branch, or no forge to ask. */
  readonly jobs: Observed<readonly Job[]> | null;
}

/** Reads every repository of a release side by side: one `ls-remote` each, and the jobs of the branch's head. */
export async function readStanding(app: App, release: ReleaseVersion): Promise<readonly RepoStanding[]> {
  return Promise.all(reposOf(app.loaded.train, release).map((repo) => readRepo(app, repo)));
}

async function readRepo(app: App, repo: RepoInRelease): Promise<RepoStanding> {
  const now = app.clock.now();
  const { remote, key } = repo;
  if (remote === null)
    return { repo, refs: unknown(`the train file gives ${key} no remote`, now, 'train file'), jobs: null };
  const refs = await observe(`git remote of ${key}`, now, () => readRefs(app, repo, remote));
  const head = refs.known ? refs.value.branch : null;
  const slug = repo.entry.slug;
  const { forge } = app;
  if (head === null || slug === undefined || forge === null) return { repo, refs, jobs: null };
  return { repo, refs, jobs: await observe(`forge ${slug}`, now, () => forge.checks.onCommit(slug, head)) };
}

async function readRefs(app: App, repo: RepoInRelease, remote: string): Promise<RepoRefs> {
  const finalRef = tagRef(tagOf(repo.release));
  const names = [branchRef(repo.branch), ...(repo.cutPoint === null ? [] : [branchRef(repo.cutPoint)]), finalRef];
  const refs = await app.git.remoteRefs({ repo: repo.key, remote }, [...names, `${finalRef}-rc*`]);
  return {
    branch: commitAt(refs, branchRef(repo.branch)),
    cutPoint: repo.cutPoint === null ? null : commitAt(refs, branchRef(repo.cutPoint)),
    candidates: candidatesIn(refs).map(({ candidate, commit }) => ({ candidate, commit })),
    final: commitAt(refs, finalRef),
  };
}

function commitAt(refs: readonly RemoteRef[], name: string): ObjectId | null {
  const found = refs.find(({ ref }) => ref === name);
  return found === undefined ? null : (found.peeled ?? found.id);
}
