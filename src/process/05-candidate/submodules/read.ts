import { branchRef, BranchName, type ObjectId, type RefName } from '../../../domain/git-names.ts';
import { inLanes } from '../../../domain/in-lanes.ts';
import type { Instant } from '../../../domain/instant.ts';
import { failureCode, observe, unknown, type Observed } from '../../../domain/observation.ts';
import { reposOf, type RepoInRelease } from '../../../domain/train/naming.ts';
import type { Train } from '../../../domain/train/train.ts';
import type { ReleaseVersion } from '../../../domain/version.ts';
import type { Git, RemoteRepo } from '../../../ports/git.ts';
import { readGitmodules, submoduleAddress, type DeclaredSubmodule } from './gitmodules.ts';

/** By what a pinned commit is found at the submodule's remote. */
export type Reach =
  | { readonly by: 'branch' | 'tag'; readonly name: string }
  /** `why`: not on the recorded branch, or the branch is not there. */
  | { readonly by: 'nothing'; readonly why: string }
  /** Its address is one that is never asked. */
  | { readonly by: 'address' };

/** A commit of another repository that a commit of this one pins. */
export interface PinnedSubmodule {
  readonly path: string;
  readonly commit: ObjectId;
  /** Null where .gitmodules does not tell of it. */
  readonly declared: DeclaredSubmodule | null;
  /** Null where it was not looked at. */
  readonly reach: Observed<Reach> | null;
}

export interface RepoSubmodules {
  readonly repo: RepoInRelease;
  /** Null before the cut. */
  readonly found: Observed<{
    readonly commit: ObjectId;
    readonly pinned: readonly PinnedSubmodule[];
    /** Submodules of .gitmodules that the commit does not have. */
    readonly gone: readonly string[];
  } | null>;
}

export interface SubmoduleFacts {
  readonly release: ReleaseVersion;
  readonly repos: readonly RepoSubmodules[];
}

interface SubmodulePorts {
  readonly train: Train;
  readonly release: ReleaseVersion;
  readonly git: Git;
  readonly now: Instant;
  /** Whether many of them are looked at too: each is another remote. */
  readonly inFull: boolean;
}

/** So many remotes are asked whenever gates are judged. */
const QUICKLY_ASKED = 8;
const LANES = 4;
/** Asked where .gitmodules records no branch. */
const USUAL_BRANCHES = ['main', 'master'];

/** Reads the submodules of every release branch for which the train says something of them, and looks for each commit at its remote. */
export async function readSubmodules(ports: SubmodulePorts): Promise<SubmoduleFacts> {
  const repos = reposOf(ports.train, ports.release).filter(({ entry }) => entry.submodules !== undefined);
  const read = repos.map(async (repo): Promise<RepoSubmodules> => ({ repo, found: await readRepo(ports, repo) }));
  return { release: ports.release, repos: await Promise.all(read) };
}

async function readRepo(
  { git, now, inFull }: SubmodulePorts,
  { key, remote, branch, entry }: RepoInRelease,
): Promise<RepoSubmodules['found']> {
  if (remote === null) return unknown(`the train file gives ${key} no remote`, now, 'train file');
  const at: RemoteRepo = { repo: key, remote };
  return observe(`git remote of ${key}`, now, async () => {
    const ref = branchRef(branch);
    const commit = (await git.remoteRefs(at, [ref])).find((found) => found.ref === ref)?.id;
    if (commit === undefined) return null;
    await git.fetch(at, [ref]);
    const [links, files] = await Promise.all([git.submodules(at, commit), git.files(at, commit, ['.gitmodules'])]);
    const declared = readGitmodules(files.find(({ path }) => path === '.gitmodules')?.text ?? '');
    const except = entry.submodules?.except ?? {};
    const wanted = links.filter(({ path }) => except[path] === undefined);
    const asks = inFull || wanted.length <= QUICKLY_ASKED;
    const pinned = await inLanes(wanted, LANES, async (link): Promise<PinnedSubmodule> => {
      const own = declared.find(({ path }) => path === link.path) ?? null;
      const reach = own === null || !asks ? null : await reachOf({ git, now, at, branch }, own, link.commit);
      return { ...link, declared: own, reach };
    });
    const gone = declared.map(({ path }) => path).filter((path) => !links.some((link) => link.path === path));
    return { commit, pinned, gone };
  });
}

interface Asking {
  readonly git: Git;
  readonly now: Instant;
  readonly at: RemoteRepo;
  readonly branch: string;
}

async function reachOf(
  { git, now, at, branch: own }: Asking,
  { name, url, branch: recorded }: DeclaredSubmodule,
  commit: ObjectId,
): Promise<Observed<Reach>> {
  const remote = submoduleAddress(url, at.remote);
  const source = `git remote ${url}`;
  if (remote === null) return { known: true, value: { by: 'address' }, at: now, source };
  const there: RemoteRepo = { repo: `submodule-${name.replaceAll(/[^A-Za-z0-9._-]/g, '-')}`, remote };
  const names = recorded === null ? USUAL_BRANCHES : [recorded === '.' ? own : recorded];
  const branches = names.flatMap((each) => BranchName.safeParse(each).data ?? []);
  return observe(source, now, () => lookFor(git, there, { branches, recorded, commit }));
}

async function lookFor(
  git: Git,
  there: RemoteRepo,
  {
    branches,
    recorded,
    commit,
  }: { readonly branches: readonly BranchName[]; readonly recorded: string | null; readonly commit: ObjectId },
): Promise<Reach> {
  const tags = 'refs/tags/';
  const refs = await git.remoteRefs(there, [...branches.map(branchRef), ...(recorded === null ? [`${tags}*`] : [])]);
  const at = refs.find(({ id, peeled }) => (peeled ?? id) === commit);
  if (at !== undefined) {
    return at.ref.startsWith(tags)
      ? { by: 'tag', name: at.ref.slice(tags.length) }
      : { by: 'branch', name: at.ref.replace('refs/heads/', '') };
  }
  for (const name of branches) {
    const ref = branchRef(name);
    const head = refs.find((found) => found.ref === ref)?.id;
    if (head !== undefined && (await contains(git, there, { ref, head, commit }))) return { by: 'branch', name };
  }
  if (recorded === null)
    return { by: 'nothing', why: `is no tag and not on ${USUAL_BRANCHES.join(' or ')}; .gitmodules records no branch` };
  const isThere = refs.some(({ ref }) => branches.some((name) => branchRef(name) === ref));
  return { by: 'nothing', why: isThere ? `is not on ${recorded}` : `its remote has no branch ${recorded}` };
}

async function contains(
  git: Git,
  there: RemoteRepo,
  { ref, head, commit }: { readonly ref: RefName; readonly head: ObjectId; readonly commit: ObjectId },
): Promise<boolean> {
  await git.fetch(there, [ref]);
  try {
    return await git.isAncestor(there, commit, head);
  } catch (error) {
    // After a fetch of the branch with its history, a commit that git does not know is not in it.
    if (failureCode(error) !== 'object-missing') throw error;
    return false;
  }
}
