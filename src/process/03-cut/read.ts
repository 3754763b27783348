import { branchRef, type ObjectId, type RefName } from '../../domain/git-names.ts';
import type { Instant } from '../../domain/instant.ts';
import { failureCode, observe, unknown, type Observed } from '../../domain/observation.ts';
import type { RepoKey } from '../../domain/repo.ts';
import { fillText, reposOf, type RepoInRelease } from '../../domain/train/naming.ts';
import type { Train } from '../../domain/train/train.ts';
import { lineOf, patchNumber, releaseOn, type ReleaseVersion } from '../../domain/version.ts';
import type { Forge, ForgeItem } from '../../ports/forge.ts';
import type { Git, RemoteRef, RemoteRepo } from '../../ports/git.ts';
import { trackerMarker } from './tracker-marker.ts';

/** The refs of one repository that a cut is about; null for one that does not exist. */
export interface CutRefs {
  readonly source: ObjectId | null;
  readonly branch: ObjectId | null;
  readonly cutPoint: ObjectId | null;
  /** Refs that git keeps the new branches from: `release/2.8/x` or `release` when `release/2.8` is to be made. */
  readonly inTheWay: readonly RefName[];
  /** Of the cut point, the recorded base and the explicit commit: those that the existing release branch contains. */
  readonly inBranch: readonly ObjectId[];
  /** Whether the explicit commit exists in what the source branch and the release branches hold; null when none was given. */
  readonly fromExists: boolean | null;
}

/** One repository of the release before its cut. */
export interface RepoCutFacts {
  readonly repo: RepoInRelease;
  readonly refs: Observed<CutRefs>;
  /** The commit that an earlier, interrupted cut had intended, from the ledger. */
  readonly recordedBase: ObjectId | null;
}

/** What core's repository has on the forge for the time after the cut. */
export interface AftercareFacts {
  readonly nextMilestoneExists: boolean;
  readonly labelExists: boolean;
  /** Everything that bears the tracker's marker, whoever wrote it. */
  readonly trackers: readonly ForgeItem[];
  readonly login: string;
}

export interface CutFacts {
  readonly release: ReleaseVersion;
  readonly repos: readonly RepoCutFacts[];
  /** Null when the train or its core repository has no forge: there is nothing to look after. */
  readonly aftercare: Observed<AftercareFacts> | null;
}

export interface CutPorts {
  readonly train: Train;
  readonly release: ReleaseVersion;
  readonly git: Git;
  readonly forge: Forge | null;
  readonly now: Instant;
  /** An explicit commit to cut one repository from. */
  readonly from?: { readonly repo: string; readonly commit: ObjectId };
  readonly recordedBases: ReadonlyMap<RepoKey, ObjectId>;
}

/** Reads what a cut rests on, every repository side by side. One `ls-remote` per repository unless something exists already. */
export async function readCut(ports: CutPorts): Promise<CutFacts> {
  const repos = reposOf(ports.train, ports.release);
  const [facts, aftercare] = await Promise.all([
    Promise.all(repos.map((repo) => readRepo(ports, repo))),
    readAftercare(ports, repos),
  ]);
  return { release: ports.release, repos: facts, aftercare };
}

async function readRepo(ports: CutPorts, repo: RepoInRelease): Promise<RepoCutFacts> {
  const recordedBase = ports.recordedBases.get(repo.key) ?? null;
  const { remote, key } = repo;
  if (remote === null) {
    return { repo, recordedBase, refs: unknown(`the train file gives ${key} no remote`, ports.now, 'train file') };
  }
  const at: RemoteRepo = { repo: key, remote };
  const refs = await observe(`git remote of ${key}`, ports.now, () => readRefs(ports, repo, at, recordedBase));
  return { repo, recordedBase, refs };
}

async function readRefs(
  { git, from: explicit }: CutPorts,
  repo: RepoInRelease,
  at: RemoteRepo,
  recordedBase: ObjectId | null,
): Promise<CutRefs> {
  const from = explicit?.repo === repo.key ? explicit.commit : null;
  const wanted = [repo.branch, ...(repo.cutPoint === null ? [] : [repo.cutPoint])].map(branchRef);
  const sourceRef = branchRef(repo.entry.source);
  const near = wanted.flatMap((ref) => [...foldersOf(ref), `${ref}/*`]);
  const found = await git.remoteRefs(at, [sourceRef, ...wanted, ...near]);
  const branch = idOf(found, branchRef(repo.branch));
  const cutPoint = repo.cutPoint === null ? null : idOf(found, branchRef(repo.cutPoint));
  const source = idOf(found, sourceRef);
  const inTheWay = found.map(({ ref }) => ref).filter((ref) => wanted.some((want) => blocks(ref, want)));
  const asked = [cutPoint, recordedBase, from].flatMap((commit) => commit ?? []);
  const mustFetch = from !== null || (branch !== null && asked.some((commit) => commit !== branch));
  if (mustFetch)
    await git.fetch(
      at,
      [sourceRef, ...wanted].filter((ref) => idOf(found, ref) !== null),
    );
  const inBranch = branch === null ? [] : await containedIn(git, at, asked, branch);
  const fromExists = from === null ? null : await exists(git, at, from);
  return { source, branch, cutPoint, inTheWay, inBranch, fromExists };
}

async function containedIn(
  git: Git,
  at: RemoteRepo,
  commits: readonly ObjectId[],
  branch: ObjectId,
): Promise<readonly ObjectId[]> {
  const judged = await Promise.all(
    [...new Set(commits)].map(async (commit) => {
      // After a fetch of the branch with its history, a commit that git does not know is not in it.
      const isIn = commit === branch || ((await whenKnown(() => git.isAncestor(at, commit, branch))) ?? false);
      return isIn ? [commit] : [];
    }),
  );
  return judged.flat();
}

async function exists(git: Git, at: RemoteRepo, commit: ObjectId): Promise<boolean> {
  return (await whenKnown(() => git.commit(at, commit))) !== null;
}

async function whenKnown<Value>(read: () => Promise<Value>): Promise<Value | null> {
  try {
    return await read();
  } catch (error) {
    if (failureCode(error) !== 'object-missing') throw error;
    return null;
  }
}

async function readAftercare(
  { train, release, forge, now }: CutPorts,
  repos: readonly RepoInRelease[],
): Promise<Observed<AftercareFacts> | null> {
  const core = repos.find((repo) => repo.entry.role === 'core');
  const slug = core?.entry.slug;
  if (core === undefined || slug === undefined || train.forge === undefined) return null;
  if (forge === null) return unknown('nobody is signed in to the forge', now, `forge ${slug}`);
  const next = releaseOn(lineOf(core.release), patchNumber(core.release) + 1);
  return observe(`forge ${slug}`, now, async () => {
    const [milestone, label, trackers, login] = await Promise.all([
      forge.milestones.find(slug, fillText(train.milestone, { release: next })),
      forge.labels.find(slug, train.tracker.label),
      forge.issues.findByMarker(slug, trackerMarker(release)),
      forge.people.whoami(),
    ]);
    return { nextMilestoneExists: milestone !== null, labelExists: label !== null, trackers, login };
  });
}

function idOf(refs: readonly RemoteRef[], name: RefName): ObjectId | null {
  return refs.find(({ ref }) => ref === name)?.id ?? null;
}

/** `refs/heads/a/b/c` to `refs/heads/a` and `refs/heads/a/b`: a branch of one of these names leaves no room below it. */
function foldersOf(ref: RefName): readonly string[] {
  const parts = ref.split('/');
  return parts.slice(3).map((_part, index) => parts.slice(0, index + 3).join('/'));
}

function blocks(ref: RefName, wanted: RefName): boolean {
  return ref.startsWith(`${wanted}/`) || foldersOf(wanted).includes(ref);
}
