import { BranchName, branchRef, type ObjectId } from '../../../domain/git-names.ts';
import type { Instant } from '../../../domain/instant.ts';
import { observe, unknown, type Observed } from '../../../domain/observation.ts';
import { RepoKey } from '../../../domain/repo.ts';
import type { GetStarted } from '../../../domain/train/get-started.ts';
import { remoteOf } from '../../../domain/train/naming.ts';
import type { RepoEntry } from '../../../domain/train/repo-entry.ts';
import type { Train } from '../../../domain/train/train.ts';
import type { ReleaseVersion } from '../../../domain/version.ts';
import type { Forge, PullRequest } from '../../../ports/forge.ts';
import type { Git, GitCommit, GitFile, RemoteRepo } from '../../../ports/git.ts';
import { NotThereError } from '../not-there.ts';

/** The website's repository. */
export interface Website {
  readonly key: RepoKey;
  readonly entry: RepoEntry;
  readonly remote: string | null;
}

/** The page's files on a commit; null for one that is not there as text. */
export interface PageAt {
  readonly commit: GitCommit;
  readonly versions: GitFile | null;
  readonly script: GitFile | null;
}

/** The page as everybody sees it, and the pull request that changes it, if there is one. */
export interface PageState {
  readonly base: PageAt;
  /** Branch for the commit: a number is added after a pull request from it was merged. */
  readonly head: BranchName;
  readonly headAt: PageAt | null;
  readonly pull: PullRequest | null;
  readonly merged: readonly PullRequest[];
}

export interface PagePorts {
  readonly train: Train;
  readonly settings: GetStarted;
  readonly release: ReleaseVersion;
  readonly git: Git;
  readonly forge: Forge | null;
  readonly now: Instant;
}

/** The repository that the train names for the page; null where it has none of the name. */
export function websiteOf(train: Train, { repo }: Pick<GetStarted, 'repo'>): Website | null {
  const key = RepoKey.safeParse(repo);
  const entry = key.success ? train.repos[key.data] : undefined;
  return key.success && entry !== undefined ? { key: key.data, entry, remote: remoteOf(train, entry) } : null;
}

/** Reads the page on the website's branch, and on the branch of our pull request. */
export async function readPage(ports: PagePorts): Promise<Observed<PageState>> {
  const { train, settings, now } = ports;
  const website = websiteOf(train, settings);
  const source = website?.entry.slug ?? settings.repo;
  if (website === null || website.remote === null)
    return unknown(`the train file does not say where the repository ${settings.repo} lies`, now, 'train file');
  const at: RemoteRepo = { repo: website.key, remote: website.remote };
  return observe(`${source} (git and forge)`, now, () => readState(ports, website, at));
}

async function readState(ports: PagePorts, { entry }: Website, at: RemoteRepo): Promise<PageState> {
  const { git } = ports;
  const { head, pull, merged } = await readPulls(ports, entry);
  const [baseRef, headRef] = [branchRef(entry.main), branchRef(head)];
  const refs = await git.remoteRefs(at, [baseRef, headRef]);
  const idOf = (name: string): ObjectId | null => refs.find(({ ref }) => ref === name)?.id ?? null;
  const [baseId, headId] = [idOf(baseRef), idOf(headRef)];
  if (baseId === null) throw new NotThereError(`it has no branch ${entry.main}`);
  await git.fetch(at, headId === null ? [baseRef] : [baseRef, headRef]);
  const [base, headAt] = await Promise.all([
    pageAt(ports, at, baseId),
    headId === null ? null : pageAt(ports, at, headId),
  ]);
  return { base, head, headAt, pull, merged };
}

async function pageAt({ git, settings }: PagePorts, at: RemoteRepo, id: ObjectId): Promise<PageAt> {
  const [commit, files] = await Promise.all([
    git.commit(at, id),
    git.files(at, id, [settings.versions, settings.script]),
  ]);
  const named = (path: string): GitFile | null =>
    files.find((file) => file.path === path && file.text !== null && file.mode !== '120000') ?? null;
  return { commit, versions: named(settings.versions), script: named(settings.script) };
}

async function readPulls(
  { train, forge, release }: PagePorts,
  { slug, main }: RepoEntry,
): Promise<Pick<PageState, 'head' | 'pull' | 'merged'>> {
  const merged: PullRequest[] = [];
  if (slug === undefined || train.forge === undefined) return { head: headName(release, 1), pull: null, merged };
  if (forge === null) throw new NotSignedInError(`nobody is signed in to the forge of ${slug}`);
  for (let attempt = 1; ; attempt += 1) {
    const head = headName(release, attempt);
    const pulls = await forge.pulls.find(slug, { head, base: main });
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

function headName(release: ReleaseVersion, attempt: number): BranchName {
  return BranchName.parse(`signalbox/get-started/${release}${attempt === 1 ? '' : `-${attempt}`}`);
}
