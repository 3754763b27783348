import { branchRef, type ObjectId } from '../../domain/git-names.ts';
import type { Instant } from '../../domain/instant.ts';
import { failureCode, observe, unknown, type Observed } from '../../domain/observation.ts';
import { reposOf, type RepoInRelease } from '../../domain/train/naming.ts';
import type { Train } from '../../domain/train/train.ts';
import {
  compareVersions,
  parseTag,
  releaseOf,
  tagOf,
  type CandidateVersion,
  type ReleaseVersion,
} from '../../domain/version.ts';
import type { VersionFile } from '../../domain/version-file.ts';
import type { Git, GitCommit, RemoteRef, RemoteRepo } from '../../ports/git.ts';

/** A candidate's tag at the remote and the commit it names. */
export interface TaggedCandidate {
  readonly candidate: CandidateVersion;
  readonly commit: ObjectId;
}

/** What the next candidate of one repository rests on. */
export interface CandidateState {
  readonly branchHead: ObjectId | null;
  /** The commit to tag: the head, or the one that was asked for; null when it does not exist. */
  readonly commit: GitCommit | null;
  readonly isOnBranch: boolean;
  /** Candidates of this release, newest first. */
  readonly candidates: readonly TaggedCandidate[];
  readonly finalAt: ObjectId | null;
  /** Tags that look like this release and are not of the one accepted form. */
  readonly oddTags: readonly string[];
  readonly versionFiles: readonly VersionFile[];
  /** Commits since the last candidate (since the cut point for the first), newest first, at most as many as are shown. */
  readonly history: { readonly since: string | null; readonly commits: readonly GitCommit[]; readonly count: number };
}

export interface RepoCandidate {
  readonly repo: RepoInRelease;
  readonly state: Observed<CandidateState>;
}

export interface CandidateFacts {
  readonly release: ReleaseVersion;
  readonly repos: readonly RepoCandidate[];
}

export interface CandidatePorts {
  readonly train: Train;
  readonly release: ReleaseVersion;
  readonly git: Git;
  readonly now: Instant;
  /** An explicit commit to tag in one repository; it must be on the release branch. */
  readonly at?: { readonly repo: string; readonly commit: ObjectId };
}

const MOST_COMMITS = 100;

/** Whether a repository gets candidates: core and domain repositories, and others that build packages. */
export function hasCandidates({ entry }: RepoInRelease): boolean {
  return entry.role === 'core' || entry.role === 'domain' || entry.packages.length > 0;
}

/** Reads tags, heads, version files and history of every repository that gets candidates, side by side. */
export async function readCandidate(ports: CandidatePorts): Promise<CandidateFacts> {
  const repos = reposOf(ports.train, ports.release).filter(hasCandidates);
  const read = repos.map(async (repo): Promise<RepoCandidate> => {
    const { key, remote } = repo;
    if (remote === null)
      return { repo, state: unknown(`the train file gives ${key} no remote`, ports.now, 'train file') };
    const at: RemoteRepo = { repo: key, remote };
    return { repo, state: await observe(`git remote of ${key}`, ports.now, () => readState(ports, repo, at)) };
  });
  return { release: ports.release, repos: await Promise.all(read) };
}

async function readState(ports: CandidatePorts, repo: RepoInRelease, at: RemoteRepo): Promise<CandidateState> {
  const { git } = ports;
  const branch = branchRef(repo.branch);
  const cutPoint = repo.cutPoint === null ? null : branchRef(repo.cutPoint);
  const patterns = [
    branch,
    ...(cutPoint === null ? [] : [cutPoint]),
    `refs/tags/v${repo.line}*`,
    `refs/tags/${repo.line}*`,
  ];
  const refs = await git.remoteRefs(at, patterns);
  const branchHead = refs.find(({ ref }) => ref === branch)?.id ?? null;
  const tags = readTags(refs, repo.release);
  if (branchHead === null) {
    const history = { since: null, commits: [], count: 0 };
    return { branchHead, commit: null, isOnBranch: false, ...tags, versionFiles: [], history };
  }
  const last = tags.candidates[0];
  const start = cutPoint === null ? undefined : refs.find(({ ref }) => ref === cutPoint);
  const tagRefs = refs.flatMap(({ ref }) =>
    last !== undefined && ref === `refs/tags/${tagOf(last.candidate)}` ? [ref] : [],
  );
  await git.fetch(at, [branch, ...(start === undefined ? [] : [start.ref]), ...tagRefs]);
  const wanted = ports.at?.repo === repo.key ? ports.at.commit : branchHead;
  const commit = await whenKnown(() => git.commit(at, wanted));
  if (commit === null) {
    const history = { since: null, commits: [], count: 0 };
    return { branchHead, commit, isOnBranch: false, ...tags, versionFiles: [], history };
  }
  const isOnBranch = wanted === branchHead || (await whenKnown(() => git.isAncestor(at, wanted, branchHead))) === true;
  const from = last?.commit ?? start?.id ?? null;
  const since = last === undefined ? (start === undefined ? null : (repo.cutPoint ?? null)) : tagOf(last.candidate);
  const [versionFiles, history] = await Promise.all([
    readVersionFiles(git, repo, at, wanted),
    git.log(at, { from, to: wanted, limit: MOST_COMMITS }),
  ]);
  return { branchHead, commit, isOnBranch, ...tags, versionFiles, history: { since, ...history } };
}

function readTags(
  refs: readonly RemoteRef[],
  release: ReleaseVersion,
): Pick<CandidateState, 'candidates' | 'finalAt' | 'oddTags'> {
  const candidates: TaggedCandidate[] = [];
  const oddTags: string[] = [];
  let finalAt: ObjectId | null = null;
  for (const { ref, id, peeled } of refs) {
    if (!ref.startsWith('refs/tags/')) continue;
    const name = ref.slice('refs/tags/'.length);
    const tag = parseTag(name);
    if (tag === null) oddTags.push(name);
    else if (tag.kind === 'final' && tag.release === release) finalAt = peeled ?? id;
    else if (tag.kind === 'candidate' && releaseOf(tag.candidate) === release) {
      candidates.push({ candidate: tag.candidate, commit: peeled ?? id });
    }
  }
  const sorted = candidates.toSorted((left, right) => compareVersions(right.candidate, left.candidate));
  return { candidates: sorted, finalAt, oddTags: oddTags.filter((name) => looksLike(name, release)) };
}

/** `v2.8-rc1`, `2.8.0rc1`, `v2.8.0-rc01`, but not `v2.80.0`. */
function looksLike(name: string, release: ReleaseVersion): boolean {
  const line = release.replace(/\.\d+$/, '');
  const rest = name.replace(/^v/, '');
  return rest.startsWith(line) && !/^\d/.test(rest.slice(line.length));
}

async function readVersionFiles(
  git: Git,
  repo: RepoInRelease,
  at: RemoteRepo,
  commit: ObjectId,
): Promise<readonly VersionFile[]> {
  const paths = repo.entry.versionFiles;
  if (paths.length === 0) return [];
  const files = await git.files(at, commit, paths);
  return paths.map((path) => ({ path, content: files.find((file) => file.path === path)?.text ?? null }));
}

async function whenKnown<Value>(read: () => Promise<Value>): Promise<Value | null> {
  try {
    return await read();
  } catch (error) {
    if (failureCode(error) !== 'object-missing') throw error;
    return null;
  }
}
