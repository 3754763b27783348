import type { IndexedCommit } from '../../domain/history.ts';
import type { ObjectId } from '../../domain/git-names.ts';
import { observe, type Observed } from '../../domain/observation.ts';
import { refuse, succeed, type Result } from '../../domain/result.ts';
import { lineOf, type CandidateVersion, type ReleaseVersion } from '../../domain/version.ts';
import { readChangeName, type ChangeName } from '../../history/change.ts';
import { historyAt, lastEffect, standingsOf, type Standing } from '../../history/standing.ts';
import type { Effect, LineCommit, LineHistory } from '../../history/types.ts';
import type { App } from '../app.ts';
import type { AppProblem } from '../problem.ts';
import { fetchRepoLines, readLineOf, type FetchedLine, type RepoLines, type RepoPlace } from './repo-lines.ts';

/** Where a change of main stands on one line. */
export interface OnOneLine {
  readonly branch: string;
  readonly standing: Standing;
  /** The candidates and releases of the line that have it, newest first. */
  readonly versions: readonly Version[];
  /** Those that have it not, newest first, with why. */
  readonly lacking: readonly Lacking[];
}

type Version = CandidateVersion | ReleaseVersion;

/** A candidate or release without a change: tagged before the change was on main, before it came to the line, or after the line took it back. */
export interface Lacking {
  readonly version: Version;
  readonly because: 'before-the-change' | 'before-it-came' | 'taken-back';
}

/** A change of main, and where it is. */
export interface FoundChange {
  readonly commit: IndexedCommit;
  /** The commit of main that took it back, when main has it not any more. */
  readonly takenBack: ObjectId | null;
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
  const changes = commits.map((commit) => {
    const effects = effectsOnMain(
      commit.id,
      histories.map(({ history }) => history),
    );
    const last = lastEffect(effects);
    return {
      commit,
      takenBack: last?.effect === 'absent' ? last.commit : null,
      lines: histories.map(({ line, history }) => onLine({ commit, effects, line, history, repo })),
    };
  });
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

/** What happened to a change on main, as far as any of the lines reaches back: the one that was cut first tells most. */
function effectsOnMain(id: ObjectId, histories: readonly LineHistory[]): readonly Effect[] {
  const told = histories.flatMap(({ chains }) =>
    chains.filter(({ root, onMain }) => root === id || onMain.some(({ commit }) => commit === id)),
  );
  return told.map(({ onMain }) => onMain).toSorted((one, other) => other.length - one.length)[0] ?? [];
}

interface Looking {
  readonly commit: IndexedCommit;
  readonly effects: readonly Effect[];
  readonly line: FetchedLine;
  readonly history: LineHistory;
  readonly repo: RepoLines;
}

function onLine({ commit, effects, line, history, repo: { tags } }: Looking): OnOneLine {
  const own = tags.filter(({ version }) => lineOf(version) === line.line && line.variant === null);
  const versions: Version[] = [];
  const lacking: Lacking[] = [];
  for (const { version, commit: tagged } of own.toReversed()) {
    const then = historyAt(history, tagged);
    const standing = then === null ? null : netOfCut(standingsOf(then).of(commit.id), effects, then);
    if (standing?.kind === 'on-line' || standing?.kind === 'inherited') versions.push(version);
    else lacking.push({ version, because: whyLacking(standing, commit, taggedAt(history, tagged)) });
  }
  return {
    branch: line.branch,
    standing: netOfCut(standingsOf(history).of(commit.id), effects, history),
    versions,
    lacking,
  };
}

/** A line has not got with its cut what main had taken back by then. */
function netOfCut(standing: Standing, effects: readonly Effect[], { mainCommits }: LineHistory): Standing {
  if (standing.kind !== 'inherited' || effects.length === 0) return standing;
  const later = new Set<string>(mainCommits.map(({ id }) => id));
  const before = effects.filter(({ commit }) => !later.has(commit));
  const last = lastEffect(before);
  return last?.effect === 'absent' ? { kind: 'reverted-on-main', by: last.commit } : standing;
}

/** Null for the point where the line was cut, which is no commit of its own. */
function taggedAt({ commits }: LineHistory, tagged: ObjectId): number | null {
  return commits.find(({ id }) => id === tagged)?.committedAt ?? null;
}

function whyLacking(standing: Standing | null, { committedAt }: IndexedCommit, at: number | null): Lacking['because'] {
  if (standing?.kind === 'taken-back') return 'taken-back';
  return at === null || at < committedAt ? 'before-the-change' : 'before-it-came';
}
