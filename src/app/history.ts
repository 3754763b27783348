import {
  candidateNumber,
  candidateOf,
  compareVersions,
  releaseOf,
  type CandidateVersion,
  type ReleaseVersion,
} from '../domain/version.ts';
import { observe, unknown, type Observed } from '../domain/observation.ts';
import { refuse, succeed, type Result } from '../domain/result.ts';
import type { CommitText } from '../domain/history.ts';
import { fillText, reposOf, type RepoInRelease } from '../domain/train/naming.ts';
import { auditOf, type Audit } from '../history/audit.ts';
import { differenceOf, type RepoDifference } from '../history/difference.ts';
import {
  missingReverts as revertsMissingOn,
  judgeWanted,
  type MissingRevert,
  type WantedVerdict,
} from '../history/missing.ts';
import { readMessage } from '../history/message.ts';
import type { LineHistory } from '../history/types.ts';
import type { App } from './app.ts';
import { readPins } from './history/pins.ts';
import { readWanted } from './history/wanted.ts';
import { fetchRepoLines, lineNamed, readLineOf, type RepoLines } from './history/repo-lines.ts';
import { repoNamed } from './repo-named.ts';
import type { AppProblem } from './problem.ts';

export { pullsNotOnMain, seenPull, type SeenPull } from './history/change-people.ts';
export { findChange, type FoundChange } from './history/find-change.ts';

/** What was found out for one repository; `null` when it has no such branch yet. Unknown when it could not be read. */
export interface RepoReport<Found> {
  readonly repo: string;
  readonly found: Observed<Found | null>;
}

/** A line of a repository with what is known of its commits. */
interface LineOfRepo {
  readonly repo: RepoInRelease;
  readonly lines: RepoLines;
  readonly history: LineHistory;
}

/**
 * Judges every closed item of the release's milestones on its branches: what is there, what is missing, what people must look at. A repository
 * without the milestone is unknown.
 */
export async function missingPicks(
  app: App,
  release: ReleaseVersion,
): Promise<readonly RepoReport<readonly WantedVerdict[]>[]> {
  const reports = await perRepo(app, release, async ({ repo, lines, history }) => {
    const title = fillText(app.loaded.train.milestone, { release: repo.release });
    const wanted = await readWanted(app, lines, title);
    if (!wanted.known) return wanted;
    return { ...wanted, value: judgeWanted(history, wanted.value) };
  });
  return reports.map(({ repo, found }) => ({
    repo,
    found: found.known ? (found.value ?? { ...found, value: null }) : found,
  }));
}

/** The reverts on main that are missing on the release's branches, with the proof that the reverted change is there. */
export async function missingReverts(
  app: App,
  release: ReleaseVersion,
): Promise<readonly RepoReport<readonly MissingRevert[]>[]> {
  return perRepo(app, release, ({ history }) => Promise.resolve(revertsMissingOn(history)));
}

/** Main against the release branch of one repository: picks, release-only changes, and the rest. */
export async function auditBranch(
  app: App,
  repo: string,
  release: ReleaseVersion,
): Promise<Result<RepoReport<Audit & { readonly history: LineHistory }>, AppProblem>> {
  const named = repoNamed(app, repo);
  if (!named.ok) return named;
  const found = reposOf(app.loaded.train, release).find(({ key }) => key === named.value);
  if (found === undefined) {
    return refuse({
      kind: 'usage',
      code: 'not-in-release',
      text: `${repo} is not part of ${release}: see since, until and version in the train file.`,
    });
  }
  return succeed(
    await reportOn(app, found, async ({ repo: of, lines, history }) => ({
      ...auditOf(history, await readPins(app, { release, repo: of, lines, history })),
      history,
    })),
  );
}

/** What changed from one candidate to another, in every repository that has both tags. Both must be of one train's release lines. */
export async function compareCandidates(
  app: App,
  from: CandidateVersion,
  to: CandidateVersion,
): Promise<readonly RepoReport<RepoDifference>[]> {
  const later = compareVersions(from, to) <= 0 ? to : from;
  return Promise.all(
    reposOf(app.loaded.train, releaseOf(later)).map((repo) =>
      reportOn(app, repo, async ({ lines, history }) => {
        const [first, second] = [tagIn(app, lines, repo, from), tagIn(app, lines, repo, to)];
        if (first === null || second === null) return null;
        const heads = { main: first, line: second };
        const listed: Readonly<Record<'main' | 'line', Listed[]>> = { main: [], line: [] };
        for await (const batch of app.history.sides(lines.at, heads)) {
          for (const { side, commit } of batch) listed[side].push(listedOf(commit, lines.slug));
        }
        return differenceOf({ from: first, to: second }, { added: listed.line, removed: listed.main }, [history]);
      }),
    ),
  );
}

type Listed = Pick<WantedVerdict['commits'][number], 'title' | 'pull'> & { readonly id: CommitText['id'] };

function listedOf({ id, message }: CommitText, slug: string | null): Listed {
  const { title, pull } = readMessage(message, slug);
  return { id, title: title.text, pull };
}

/** The commit of a repository's tag for a candidate of the train; null when it has none. */
function tagIn(app: App, lines: RepoLines, repo: RepoInRelease, candidate: CandidateVersion): CommitText['id'] | null {
  const own = reposOf(app.loaded.train, releaseOf(candidate)).find(({ key }) => key === repo.key);
  if (own === undefined) return null;
  const wanted = candidateOf(own.release, candidateNumber(candidate));
  return lines.tags.find(({ version }) => version === wanted)?.commit ?? null;
}

function perRepo<Found>(
  app: App,
  release: ReleaseVersion,
  read: (line: LineOfRepo) => Promise<Found | null>,
): Promise<readonly RepoReport<Found>[]> {
  return Promise.all(reposOf(app.loaded.train, release).map((repo) => reportOn(app, repo, read)));
}

async function reportOn<Found>(
  app: App,
  repo: RepoInRelease,
  read: (line: LineOfRepo) => Promise<Found | null>,
): Promise<RepoReport<Found>> {
  const { key, entry, remote } = repo;
  const now = app.clock.now();
  if (remote === null) return { repo: key, found: unknown(`the train file gives ${key} no remote`, now, 'train file') };
  const found = await observe(`git remote of ${key}`, now, async () => {
    const lines = await fetchRepoLines(app, { key, entry, remote });
    const line = lines === null ? null : lineNamed(lines, repo.branch);
    if (lines === null || line === null) return null;
    return read({ repo, lines, history: await readLineOf(app, lines, line) });
  });
  return { repo: key, found };
}
