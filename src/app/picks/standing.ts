import type { ObjectId } from '../../domain/git-names.ts';
import { judgeJobs } from '../../domain/jobs.ts';
import { observe, type Observed } from '../../domain/observation.ts';
import type { RepoSlug } from '../../domain/repo.ts';
import { reposOf, type RepoInRelease } from '../../domain/train/naming.ts';
import {
  compareVersions,
  lineOf,
  parseTag,
  tagOf,
  type CandidateVersion,
  type ReleaseVersion,
} from '../../domain/version.ts';
import { historyAt } from '../../history/standing.ts';
import {
  foldPicks,
  generatedFiles,
  namesPick,
  pickBranches,
  standingOf,
  type ChangeHistory,
  type PickObserved,
  type PickRecord,
  type StandingPick,
} from '../../process/06-cherry-pick/index.ts';
import type { PullRequest } from '../../ports/forge.ts';
import type { App } from '../app.ts';
import { entriesOf } from '../record.ts';
import { historyOf, readPickLine, type ReadLine } from './line.ts';

/** The picks of a release as they stand: what people decided, and what the world shows now. Fails where one of them cannot be read. */
export async function standingPicks(app: App, release: ReleaseVersion): Promise<readonly StandingPick[]> {
  return Promise.all((await picksToLookAt(app, release)).map(({ look }) => look()));
}

/** A pick of which the ledger knows, and how it stands; or why that could not be read. */
export interface SeenPick {
  readonly record: PickRecord;
  readonly standing: Observed<StandingPick>;
}

/** The same, where what cannot be read of one pick keeps nobody from seeing the others, nor what was decided about it. */
export async function seenPicks(app: App, release: ReleaseVersion): Promise<readonly SeenPick[]> {
  const now = app.clock.now();
  const picks = await picksToLookAt(app, release);
  return Promise.all(
    picks.map(async ({ record, look }) => ({
      record,
      standing: await observe(`${record.pick.repo} and its forge`, now, look),
    })),
  );
}

interface PickToLookAt {
  readonly record: PickRecord;
  readonly look: () => Promise<StandingPick>;
}

async function picksToLookAt(app: App, release: ReleaseVersion): Promise<readonly PickToLookAt[]> {
  const records = foldPicks(await entriesOf(app, release)).filter((record) => record.release === release);
  const managers = app.loaded.train.roles['release-manager'];
  const repos = reposOf(app.loaded.train, release);
  const lines = new Map<string, Promise<ReadLine | null>>();
  const lineOfPick = (repo: RepoInRelease, { pick }: PickRecord): Promise<ReadLine | null> => {
    const name = `${pick.repo} ${pick.onto}`;
    const line = lines.get(name) ?? readPickLine(app, repo, pick.onto);
    lines.set(name, line);
    return line;
  };
  return records.flatMap((record) => {
    const repo = repos.find(({ key }) => key === record.pick.repo);
    if (repo === undefined) return [];
    const look = async (): Promise<StandingPick> =>
      standingOf(record, await observed(app, { repo, record, line: await lineOfPick(repo, record) }), managers);
    return [{ record, look }];
  });
}

interface Looking {
  readonly repo: RepoInRelease;
  readonly record: PickRecord;
  readonly line: ReadLine | null;
}

/** Decided so that the pick may still be made: then it matters whether it can be. */
const WAITING: ReadonlySet<PickRecord['decided']['is']> = new Set(['open', 'needs-info', 'approved']);

/** What the world says of one pick. */
export async function observed(app: App, { repo, record, line }: Looking): Promise<PickObserved> {
  const { pr, onto } = record.pick;
  const { slug } = repo.entry;
  const change = app.forge === null || slug === undefined ? null : await app.forge.pulls.get(slug, pr);
  const landed = line === null ? [] : await landedOn(app, line, pr);
  const byLine = line === null ? null : historyOf(line.history, landed);
  const landedBy = byLine?.onLine?.commits.at(-1) ?? null;
  const at = { repo, branch: onto };
  const attempts = { pick: pickBranches(pr, at), revert: pickBranches(pr, at, 'revert') };
  const people = [record.askedBy, change?.author ?? record.askedBy];
  const pulls = await pullsOfPick(app, slug, { pr, base: onto, heads: [...attempts.pick, ...attempts.revert], people });
  const doesOf = ({ head }: PullRequest): 'pick' | 'revert' =>
    attempts.revert.some((branch) => branch === head.branch) ? 'revert' : 'pick';
  const pull = await newestPull(app, slug, pulls, doesOf);
  const isMerged = change?.state === 'merged';
  const isWaiting = isMerged && landedBy === null && pull?.state !== 'open' && WAITING.has(record.decided.is);
  const versions = line === null ? [] : await versionsOf(app, line, { record, landed, landedBy, pulls });
  return {
    author: change?.author ?? record.askedBy,
    title: change?.title ?? `#${pr}`,
    isMerged,
    pull,
    landings: pulls
      .filter(({ state }) => state === 'merged')
      .map((landing) => ({ does: doesOf(landing), number: landing.number, link: landing.link })),
    landedBy,
    takenBack: byLine?.revertedOnLine ?? null,
    candidate: versions.find((version) => isCandidate(version)) ?? null,
    released: versions.find((version) => isRelease(version)) ?? null,
    conflict: isWaiting && line !== null && byLine !== null ? await conflictOf(app, line, byLine) : null,
  };
}

/** What keeps a pick from being made that was asked for; null where nothing does, or generated files alone, which are made again when it is retried. */
async function conflictOf(
  app: App,
  { repo, history }: ReadLine,
  { landed, revertedOnMain }: ChangeHistory,
): Promise<PickObserved['conflict']> {
  if (landed.length === 0 || revertedOnMain !== null) return null;
  const { committer, picks } = app.loaded.train;
  const draft = { onto: history.head, commits: landed, does: 'pick', committer, conflicts: 'stop' } as const;
  const made = await app.git.pickCommits(repo.at, draft);
  if (made.picked || made.because !== 'conflict') return null;
  const { conflicts, prerequisites } = made;
  const paths = conflicts.map(({ path }) => path);
  return generatedFiles(picks.generated, paths).length === paths.length ? null : { conflicts, prerequisites };
}

async function landedOn(app: App, { repo }: ReadLine, pr: number) {
  const found = await app.history.find(
    repo.at,
    { head: repo.main, slug: repo.slug },
    { ids: [], pulls: [pr], issues: [] },
  );
  return found.toSorted((left, right) => left.committedAt - right.committedAt).map(({ id }) => id);
}

/**
 * The pull requests that bring the change to the line, or take it back there, oldest first: each attempt has a branch of its own. One from a fork with
 * the same branch name is somebody else's; one that somebody of the pick opened by hand and named
 * as this pick counts while none of ours is open, and whoever opened it once it was merged.
 */
async function pullsOfPick(
  app: App,
  slug: RepoSlug | undefined,
  {
    pr,
    base,
    heads,
    people,
  }: {
    readonly pr: number;
    readonly base: string;
    readonly heads: readonly string[];
    readonly people: readonly string[];
  },
): Promise<readonly PullRequest[]> {
  if (app.forge === null || slug === undefined) return [];
  const trusted = [...people, ...app.loaded.train.roles['release-manager']].map((login) => login.toLowerCase());
  const onto = await app.forge.pulls.onto(slug, base, 'all');
  const isOurs = ({ head }: PullRequest): boolean =>
    heads.includes(head.branch) && head.repo?.toLowerCase() === slug.toLowerCase();
  const hasOpen = onto.some((pull) => isOurs(pull) && pull.state === 'open');
  const isByHand = (pull: PullRequest): boolean =>
    namesPick(pull.body, slug, pr) &&
    (pull.state === 'merged' || (pull.state === 'open' && !hasOpen && trusted.includes(pull.author.toLowerCase())));
  return onto.filter((pull) => isOurs(pull) || isByHand(pull)).toSorted((left, right) => left.number - right.number);
}

async function newestPull(
  app: App,
  slug: RepoSlug | undefined,
  pulls: readonly PullRequest[],
  doesOf: (pull: PullRequest) => 'pick' | 'revert',
): Promise<PickObserved['pull']> {
  const pull = pulls.findLast(({ state }) => state === 'open') ?? pulls.at(-1);
  if (app.forge === null || slug === undefined || pull === undefined) return null;
  const jobs = await app.forge.checks.onCommit(slug, pull.head.commit);
  return {
    does: doesOf(pull),
    number: pull.number,
    state: pull.state,
    head: pull.head.commit,
    link: pull.link,
    jobs: jobs.length === 0 ? null : judgeJobs({ jobs: ['*'] }, jobs),
  };
}

type Version = CandidateVersion | ReleaseVersion;

interface Landed {
  readonly record: PickRecord;
  readonly landed: Parameters<typeof historyOf>[1];
  readonly landedBy: ObjectId | null;
  readonly pulls: readonly PullRequest[];
}

/** The versions that have the change: by correspondence, or where people changed so much that nothing proves it, those after the merge of its pull request. */
async function versionsOf(
  app: App,
  line: ReadLine,
  { record, landed, landedBy, pulls }: Landed,
): Promise<readonly Version[]> {
  const own = lineOf(record.release);
  if (landedBy !== null) return versionsWith(line, landed, own);
  const merge = pulls.findLast(({ state }) => state === 'merged')?.mergeCommit ?? null;
  if (merge === null || !line.history.commits.some(({ id }) => id === merge)) return [];
  const tags = line.repo.tags.filter(({ version }) => lineOf(version) === own);
  const after = await Promise.all(
    tags.map(async ({ version, commit }) => ((await app.git.isAncestor(line.repo.at, merge, commit)) ? [version] : [])),
  );
  return after.flat().toSorted(compareVersions);
}

/** The candidates and releases of the line that have the change, oldest first. */
function versionsWith(
  { repo, history }: ReadLine,
  landed: Parameters<typeof historyOf>[1],
  line: string,
): readonly Version[] {
  return repo.tags
    .filter(({ version }) => lineOf(version) === line)
    .filter(({ commit }) => {
      const then = historyAt(history, commit);
      return then !== null && historyOf(then, landed).onLine !== null;
    })
    .map(({ version }) => version)
    .toSorted(compareVersions);
}

function isCandidate(version: Version): version is CandidateVersion {
  return parseTag(tagOf(version))?.kind === 'candidate';
}

function isRelease(version: Version): version is ReleaseVersion {
  return parseTag(tagOf(version))?.kind === 'final';
}
