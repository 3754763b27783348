import { known, unknown, type Observed } from '../../domain/observation.ts';
import type { IndexedCommit } from '../../domain/history.ts';
import type { ObjectId } from '../../domain/git-names.ts';
import type { RepoSlug } from '../../domain/repo.ts';
import { closesIssue, readClosed } from '../../history/issues.ts';
import type { WantedFacts } from '../../history/missing.ts';
import type { Forge, ForgeItem } from '../../ports/forge.ts';
import type { App } from '../app.ts';
import type { RepoLines } from './repo-lines.ts';

/** Reads a milestone's closed items and looks for their commits. Without a milestone nobody said what is wanted, which is not the same as nothing. */
export async function readWanted(
  app: App,
  lines: RepoLines,
  milestone: string,
): Promise<Observed<WantedFacts<ForgeItem>>> {
  const { forge } = app;
  const { slug, key } = lines;
  const now = app.clock.now();
  if (forge === null || slug === null)
    return unknown(
      `the train file gives ${key} no ${forge === null ? 'forge' : 'slug'}, so no milestone can be read`,
      now,
      'train file',
    );
  const source = `milestones of ${slug}`;
  const found = await forge.milestones.find(slug, milestone);
  if (found === null) {
    const at = `${app.loaded.train.forge?.web.replace(/\/$/, '') ?? ''}/${slug}/milestones/new`;
    return unknown(
      `there is no milestone "${milestone}": open it at ${at} and put into it what the release must have, then look again`,
      now,
      source,
    );
  }
  const listed = await forge.milestones.items(slug, found.number, 'closed');
  const items = listed.filter((item) => !isTracker(app, item));
  const ended = new Map<number, Ended>();
  for (const item of items) {
    ended.set(item.number, await endOf({ app, forge, slug, lines }, item));
  }
  return known(
    {
      items: items.filter(({ number }) => ended.get(number)?.isForBranch !== true),
      commitsOf: ({ number }) => ended.get(number)?.commits ?? [],
      isNothingDue: ({ number }) => ended.get(number)?.isNothingDue === true,
    },
    now,
    source,
  );
}

function isTracker(app: App, { labels }: ForgeItem): boolean {
  return labels.some((label) => label.toLowerCase() === app.loaded.train.tracker.label.toLowerCase());
}

interface Place {
  readonly app: App;
  readonly forge: Forge;
  readonly slug: RepoSlug;
  readonly lines: RepoLines;
}

/** How an item came to be closed. */
interface Ended {
  readonly commits: readonly IndexedCommit[];
  readonly isNothingDue: boolean;
  /** It was made for another branch than main: a pick, which is on its branch by having been merged there. What it picks is judged itself. */
  readonly isForBranch?: boolean;
}

/** What commits say of themselves comes first; the forge is asked only of items that none names. */
async function endOf(place: Place, item: ForgeItem): Promise<Ended> {
  const { app, lines } = place;
  const said = await saidOf(app, lines, item);
  if (said.length > 0) return { commits: said, isNothingDue: false };
  return item.isPullRequest ? pullEnd(place, item) : issueEnd(place, item);
}

/** A pull request by what it was merged as; one that was closed without being merged, and that no commit names, brought nothing. */
async function pullEnd({ app, forge, slug, lines }: Place, { number }: ForgeItem): Promise<Ended> {
  const pull = await forge.pulls.get(slug, number);
  if (pull !== null && pull.base !== mainOf(app, lines)) return { commits: [], isNothingDue: false, isForBranch: true };
  const isMerged = pull?.state === 'merged' && pull.mergeCommit !== null;
  const commits = isMerged ? await commitsNamed({ app, slug, lines }, pull.mergeCommit) : [];
  return { commits, isNothingDue: pull?.state === 'closed' };
}

/** The default branch of a repository by its name. */
function mainOf(app: App, { key }: RepoLines): string | undefined {
  return Object.entries(app.loaded.train.repos).find(([name]) => name === key)?.[1].main;
}

/**
 * An issue by the commit that the forge says closed it, else by the merged pull requests whose text says that they close exactly it: a mention alone proves
 * nothing. Closed as not planned, without either, nothing was to land.
 */
async function issueEnd(place: Place, item: ForgeItem): Promise<Ended> {
  const { forge, slug } = place;
  const events = await forge.items.timeline(slug, item.number);
  const closed = events.findLast(({ kind }) => kind === 'closed');
  const direct = closed?.kind === 'closed' && closed.commit !== null ? await commitsNamed(place, closed.commit) : [];
  if (direct.length > 0) return { commits: direct, isNothingDue: false };
  const pulls = events.flatMap((event) =>
    event.kind === 'mentioned-in' && event.isPullRequest && event.repo.toLowerCase() === slug.toLowerCase()
      ? [event.item]
      : [],
  );
  const commits: IndexedCommit[] = [];
  for (const pull of pulls.length === 0 ? [] : await forge.pulls.many(slug, [...new Set(pulls)])) {
    const isCloser =
      pull?.state === 'merged' &&
      closesIssue(readClosed(`${pull.title}\n${pull.body}`, slug), { repo: slug, number: item.number });
    if (isCloser && pull.mergeCommit !== null) commits.push(...(await commitsNamed(place, pull.mergeCommit)));
  }
  return { commits, isNothingDue: commits.length === 0 && item.closedAs === 'not-planned' };
}

function commitsNamed(
  { app, slug, lines }: Pick<Place, 'app' | 'slug' | 'lines'>,
  commit: ObjectId,
): Promise<readonly IndexedCommit[]> {
  return app.history.find(lines.at, { head: lines.main, slug }, { ids: [commit], pulls: [], issues: [] });
}

type Numbered = Pick<ForgeItem, 'number' | 'isPullRequest'>;

/** The commits of main that say they are the pull request, or that they close exactly the issue. */
function saidOf(app: App, { at, main, slug }: RepoLines, item: Numbered): Promise<readonly IndexedCommit[]> {
  const pulls = item.isPullRequest ? [item.number] : [];
  const issues = item.isPullRequest ? [] : [`${slug ?? ''}#${item.number}`];
  return app.history.find(at, { head: main, slug }, { ids: [], pulls, issues });
}

/** A pull request's own commit, by its number or else by what the forge says it was merged as; for an issue those that close it. */
export async function commitsOfItem(app: App, lines: RepoLines, item: Numbered): Promise<readonly IndexedCommit[]> {
  const { forge } = app;
  const { slug } = lines;
  const said = await saidOf(app, lines, item);
  if (said.length > 0 || !item.isPullRequest || forge === null || slug === null) return said;
  const pull = await forge.pulls.get(slug, item.number);
  if (pull === null || pull.state !== 'merged' || pull.mergeCommit === null) return [];
  return commitsNamed({ app, slug, lines }, pull.mergeCommit);
}
