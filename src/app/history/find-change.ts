import type { IndexedCommit } from '../../domain/history.ts';
import type { ObjectId } from '../../domain/git-names.ts';
import { observe, type Observed } from '../../domain/observation.ts';
import { refuse, succeed, type Result } from '../../domain/result.ts';
import { lineOf, type CandidateVersion, type ReleaseVersion } from '../../domain/version.ts';
import { readChangeName, type ChangeName } from '../../history/change.ts';
import { historyAt, standingsOf, type Standing } from '../../history/standing.ts';
import type { LineCommit, LineHistory } from '../../history/types.ts';
import type { App } from '../app.ts';
import type { AppProblem } from '../problem.ts';
import { fetchRepoLines, readLineOf, type FetchedLine, type RepoLines, type RepoPlace } from './repo-lines.ts';

/** Where a change of main stands on one line. */
export interface OnOneLine {
  readonly branch: string;
  readonly standing: Standing;
  /** The candidates and releases of the line that have it, newest first. */
  readonly versions: readonly (CandidateVersion | ReleaseVersion)[];
}

/** A change of main, and where it is. */
export interface FoundChange {
  readonly commit: IndexedCommit;
  readonly lines: readonly OnOneLine[];
}

/** What was found in one repository. */
export interface FoundInRepo {
  readonly repo: string;
  readonly slug: string | null;
  readonly changes: readonly FoundChange[];
  /** Commits of release branches that are named themselves; their counterparts on main are among `changes`. */
  readonly lineCommits: readonly { readonly branch: string; readonly commit: LineCommit }[];
}

/** What was looked through, by repository; unknown where it could not be read. */
export interface RepoFinding {
  readonly repo: string;
  readonly found: Observed<FoundInRepo>;
}

/** Looks in every repository of the train for a change, named by a number, an address or a commit id: each line, candidate and release. */
export async function findChange(app: App, text: string): Promise<Result<readonly RepoFinding[], AppProblem>> {
  const name = readChangeName(text);
  if (name === null) {
    const shown = text.length > 80 ? `${text.slice(0, 77)}...` : text;
    return refuse({
      kind: 'usage',
      code: 'not-a-change',
      text: `"${shown}" names no change. Give the number of a pull request or issue, its address, or a commit id of at least 7 digits.`,
    });
  }
  const places = placesOf(app, name);
  if (places.length === 0) {
    return refuse({
      kind: 'usage',
      code: 'not-in-train',
      text: `No repository of the train is ${name.slug ?? 'known with a remote'}. See the repositories in the train file.`,
    });
  }
  const now = app.clock.now();
  return succeed(
    await Promise.all(
      places.map(async (place) => ({
        repo: place.key,
        found: await observe(`git remote of ${place.key}`, now, () => findInRepo(app, place, name)),
      })),
    ),
  );
}

function placesOf(app: App, { slug }: ChangeName): readonly RepoPlace[] {
  const { train } = app.loaded;
  return Object.entries(train.repos).flatMap(([key, entry]) => {
    const web = train.forge?.web.replace(/\/$/, '');
    const remote =
      entry.remote ?? (web === undefined || entry.slug === undefined ? undefined : `${web}/${entry.slug}.git`);
    const isMeant = slug === null || entry.slug?.toLowerCase() === slug.toLowerCase();
    return entry.role === 'external' || remote === undefined || !isMeant ? [] : [{ key, entry, remote }];
  });
}

async function findInRepo(app: App, place: RepoPlace, name: ChangeName): Promise<FoundInRepo> {
  const nothing = { repo: place.key, slug: place.entry.slug ?? null, changes: [], lineCommits: [] };
  const repo = await fetchRepoLines(app, place);
  if (repo === null) return nothing;
  const histories: { readonly line: FetchedLine; readonly history: LineHistory }[] = [];
  for (const line of repo.lines) histories.push({ line, history: await readLineOf(app, repo, line) });
  const lineCommits = histories.flatMap(({ line, history }) =>
    history.commits
      .filter((commit) => commit.class !== 'inherited' && isNamed(commit, name))
      .map((commit) => ({ branch: line.branch, commit })),
  );
  const also = lineCommits.flatMap(({ commit }) =>
    commit.class === 'cross-release' ? [] : commit.counterparts.map(({ commit: id }) => id),
  );
  const commits = await commitsOn(app, repo, name, also);
  const changes = commits.map((commit) => ({
    commit,
    lines: histories.map(({ line, history }) => onLine(commit.id, line, history, repo)),
  }));
  return { ...nothing, changes, lineCommits };
}

function isNamed(commit: LineCommit, name: ChangeName): boolean {
  return name.kind === 'commit' ? commit.id.startsWith(name.id) : commit.pull === name.number;
}

function commitsOn(
  app: App,
  repo: RepoLines,
  name: ChangeName,
  also: readonly ObjectId[],
): Promise<readonly IndexedCommit[]> {
  const isNumber = name.kind === 'number';
  return app.history.find(
    repo.at,
    { head: repo.main, slug: repo.slug },
    {
      ids: [...(isNumber ? [] : [name.id]), ...also],
      pulls: isNumber ? [name.number] : [],
      issues: isNumber ? [`${repo.slug ?? ''}#${name.number}`] : [],
    },
  );
}

function onLine(id: ObjectId, line: FetchedLine, history: LineHistory, { tags }: RepoLines): OnOneLine {
  const versions = tags
    .filter(({ version }) => lineOf(version) === line.line && line.variant === null)
    .filter(({ commit }) => {
      const then = historyAt(history, commit);
      const kind = then === null ? null : standingsOf(then).of(id).kind;
      return kind === 'on-line' || kind === 'inherited';
    })
    .map(({ version }) => version);
  return { branch: line.branch, standing: standingsOf(history).of(id), versions: versions.toReversed() };
}
