import { BranchName, branchRef, ObjectId, type RefName } from '../../domain/git-names.ts';
import type { Instant } from '../../domain/instant.ts';
import { failureCode, observe, unknown, type Observed } from '../../domain/observation.ts';
import type { Edit } from '../../domain/train/edit.ts';
import { RepoKey } from '../../domain/repo.ts';
import { reposOf, takesPart, type RepoInRelease } from '../../domain/train/naming.ts';
import type { Train } from '../../domain/train/train.ts';
import { compareVersions, lineOf, nextLine, type Line, type ReleaseVersion } from '../../domain/version.ts';
import type { Forge, PullRequest } from '../../ports/forge.ts';
import type { Git, GitCommit, GitFile, RemoteRef, RemoteRepo } from '../../ports/git.ts';
import { patternsOf } from './edits/apply.ts';
import { otherRepos, pinnedRepos } from './edits/placeholders.ts';

/** The release branch gets the release-only changes, main the next version. */
export type Target = 'branch' | 'main';

/** One branch that edits are for, as it stands. */
export interface TargetState {
  /** Null when the remote has no such branch. */
  readonly baseCommit: GitCommit | null;
  readonly files: readonly GitFile[];
  /** Branch for the commit: a number is added after a pull request from it was merged. */
  readonly head: BranchName;
  readonly headCommit: GitCommit | null;
  readonly headFiles: readonly GitFile[];
  /** The pull request from `head`, open or closed; null when there is none, or no forge. */
  readonly pull: PullRequest | null;
  readonly merged: readonly PullRequest[];
}

export interface TargetFacts {
  readonly target: Target;
  readonly base: BranchName;
  readonly edits: readonly Edit[];
  readonly state: Observed<TargetState>;
}

export interface RepoReleaseOnly {
  readonly repo: RepoInRelease;
  /** Head of the release branch; null when it was not cut yet. */
  readonly head: Observed<ObjectId | null>;
  readonly targets: readonly TargetFacts[];
  /** Pins of other repositories found in this one's files that are on their release branches, by repository. */
  readonly goodPins: ReadonlyMap<string, readonly ObjectId[]>;
}

export interface ReleaseOnlyFacts {
  readonly release: ReleaseVersion;
  readonly repos: readonly RepoReleaseOnly[];
}

export interface ReleaseOnlyPorts {
  readonly train: Train;
  readonly release: ReleaseVersion;
  readonly git: Git;
  readonly forge: Forge | null;
  readonly now: Instant;
}

/** Where references to other repositories are looked for, besides the files that edits name. */
const WORKFLOWS = ['.github/**/*.yml', '.github/**/*.yaml', '**/action.yml', '**/action.yaml'];

/** Reads the branches, files and pull requests that release-only changes are about, every repository side by side. */
export async function readReleaseOnly(ports: ReleaseOnlyPorts): Promise<ReleaseOnlyFacts> {
  const repos = reposOf(ports.train, ports.release);
  const read = await Promise.all(repos.map((repo) => readRepo(ports, repo, repos)));
  return { release: ports.release, repos: read };
}

async function readRepo(
  ports: ReleaseOnlyPorts,
  repo: RepoInRelease,
  repos: readonly RepoInRelease[],
): Promise<RepoReleaseOnly> {
  const { now } = ports;
  const { remote, key, entry } = repo;
  if (remote === null) {
    const nowhere = unknown(`the train file gives ${key} no remote`, now, 'train file');
    const targets = planTargets(ports, repo).map((target) => ({ ...target, state: nowhere }));
    return { repo, head: nowhere, targets, goodPins: new Map() };
  }
  const at: RemoteRepo = { repo: key, remote };
  const head = observe(`git remote of ${key}`, now, async () => {
    const ref = branchRef(repo.branch);
    return idOf(await ports.git.remoteRefs(at, [ref]), ref);
  });
  const targets = await Promise.all(
    planTargets(ports, repo).map(async (target) => ({
      ...target,
      state: await observe(`${entry.slug ?? key} (git and forge)`, now, () => readTarget(ports, repo, at, target)),
    })),
  );
  return { repo, head: await head, targets, goodPins: await readPins(ports, targets, repos) };
}

/** The branches of a repository that edits are for, with those of this line. */
export function planTargets(
  { release, train }: Pick<ReleaseOnlyPorts, 'release' | 'train'>,
  { entry, branch }: RepoInRelease,
): readonly Omit<TargetFacts, 'state'>[] {
  const line = lineOf(release);
  const isFor = (edit: Edit): boolean =>
    (edit.since === undefined || compareVersions(line, edit.since) >= 0) &&
    (edit.until === undefined || compareVersions(line, edit.until) <= 0) &&
    namedRepos(edit).every((key) => takesPartIn(train, key, line));
  const all = [
    { target: 'branch' as const, base: branch, edits: entry.onBranch.filter(isFor) },
    { target: 'main' as const, base: entry.main, edits: entry.onMain.filter(isFor) },
  ];
  // A train without the repository on the next line has nothing to bump there.
  const goesOn = takesPart(entry, nextLine(line));
  return all.filter(({ target, edits }) => edits.length > 0 && (target === 'branch' || goesOn));
}

/** The other repositories that an edit's text points to. One that has no part in the line takes its edit with it. */
function namedRepos(edit: Edit): readonly string[] {
  return 'to' in edit ? otherRepos(edit.to) : [];
}

/** A name that the train does not have at all is told as the mistake it is, when the text is filled. */
function takesPartIn(train: Train, key: string, line: Line): boolean {
  const named = RepoKey.safeParse(key);
  const entry = named.success ? train.repos[named.data] : undefined;
  return entry === undefined || takesPart(entry, line);
}

async function readTarget(
  ports: ReleaseOnlyPorts,
  repo: RepoInRelease,
  at: RemoteRepo,
  { target, base, edits }: Omit<TargetFacts, 'state'>,
): Promise<TargetState> {
  const { git } = ports;
  const { head, pull, merged } = await readPulls(ports, repo, target, base);
  const [baseRef, headRef] = [branchRef(base), branchRef(head)];
  const refs = await git.remoteRefs(at, [baseRef, headRef]);
  const [baseId, headId] = [idOf(refs, baseRef), idOf(refs, headRef)];
  const wanted = [baseId === null ? [] : [baseRef], headId === null ? [] : [headRef]].flat();
  if (wanted.length > 0) await git.fetch(at, wanted);
  const own = edits.flatMap(patternsOf);
  const patterns = edits.some(({ kind }) => kind === 'workflow-refs') ? [...own, ...WORKFLOWS] : own;
  const [files, headFiles, baseCommit, headCommit] = await Promise.all([
    baseId === null ? [] : git.files(at, baseId, patterns),
    headId === null ? [] : git.files(at, headId, patterns),
    baseId === null ? null : git.commit(at, baseId),
    headId === null ? null : git.commit(at, headId),
  ]);
  return { baseCommit, files, head, headCommit, headFiles, pull, merged };
}

interface Pulls {
  readonly head: BranchName;
  readonly pull: PullRequest | null;
  readonly merged: readonly PullRequest[];
}

/** The first name of a head branch whose pull request was not merged yet. */
async function readPulls(
  { train, forge }: ReleaseOnlyPorts,
  repo: RepoInRelease,
  target: Target,
  base: BranchName,
): Promise<Pulls> {
  const { slug } = repo.entry;
  const merged: PullRequest[] = [];
  if (slug === undefined || train.forge === undefined) return { head: headName(repo, target, 1), pull: null, merged };
  if (forge === null) throw new NotSignedInError(`nobody is signed in to the forge of ${slug}`);
  for (let attempt = 1; ; attempt += 1) {
    const head = headName(repo, target, attempt);
    const pulls = await forge.pulls.find(slug, { head, base });
    const open = pulls.find(({ state }) => state === 'open');
    const landed = pulls.find(({ state }) => state === 'merged');
    if (open !== undefined || landed === undefined) return { head, pull: open ?? pulls[0] ?? null, merged };
    merged.push(landed);
  }
}

/** The forge cannot be asked: a failure of the world like any other, found before the first request. */
class NotSignedInError extends Error {
  readonly code = 'not-signed-in';
}

function headName({ line }: RepoInRelease, target: Target, attempt: number): BranchName {
  const name = target === 'branch' ? `signalbox/release-only/${line}` : `signalbox/next/${nextLine(line)}`;
  return BranchName.parse(attempt === 1 ? name : `${name}-${attempt}`);
}

/** Which commits that stand in files are on the release branch, since its cut, of the repository they pin. */
async function readPins(
  ports: ReleaseOnlyPorts,
  targets: readonly TargetFacts[],
  repos: readonly RepoInRelease[],
): Promise<ReadonlyMap<string, readonly ObjectId[]>> {
  const files = targets.flatMap(({ state }) => (state.known ? state.value.files : []));
  const found = new Set(files.flatMap(({ text }) => ObjectId.safeParse(text?.trim()).data ?? []));
  const keys = new Set(
    targets.flatMap(({ edits }) => edits.flatMap((edit) => ('to' in edit ? pinnedRepos(edit.to) : []))),
  );
  const pins = await Promise.all(
    repos
      .filter(({ key }) => keys.has(key) && found.size > 0)
      .map(async (repo) => [repo.key, await onReleaseBranch(ports, repo, [...found])] as const),
  );
  return new Map(pins);
}

async function onReleaseBranch(
  { git }: ReleaseOnlyPorts,
  repo: RepoInRelease,
  commits: readonly ObjectId[],
): Promise<readonly ObjectId[]> {
  if (repo.remote === null) return [];
  const at: RemoteRepo = { repo: repo.key, remote: repo.remote };
  const wanted = [repo.branch, repo.cutPoint ?? repo.branch].map(branchRef);
  try {
    const refs = await git.remoteRefs(at, wanted);
    const [head, cutPoint] = wanted.map((ref) => idOf(refs, ref));
    if (head === undefined || head === null || cutPoint === undefined || cutPoint === null) return [];
    await git.fetch(at, wanted);
    const judged = await Promise.all(
      commits.map(async (commit) => {
        const isOn = (await isIn(git, at, commit, head)) && (await isIn(git, at, cutPoint, commit));
        return isOn ? [commit] : [];
      }),
    );
    return judged.flat();
  } catch (error) {
    // Without an answer no pin is known to be good: the head of the branch stays what is wanted.
    if (failureCode(error) === null) throw error;
    return [];
  }
}

async function isIn(git: Git, at: RemoteRepo, ancestor: ObjectId, descendant: ObjectId): Promise<boolean> {
  try {
    return ancestor === descendant || (await git.isAncestor(at, ancestor, descendant));
  } catch (error) {
    if (failureCode(error) !== 'object-missing') throw error;
    return false;
  }
}

function idOf(refs: readonly RemoteRef[], name: RefName): ObjectId | null {
  return refs.find(({ ref }) => ref === name)?.id ?? null;
}
