import { known, unknown, type Observed } from '../../domain/observation.ts';
import type { IndexedCommit } from '../../domain/history.ts';
import type { WantedItem } from '../../history/missing.ts';
import type { ForgeItem } from '../../ports/forge.ts';
import type { App } from '../app.ts';
import type { RepoLines } from './repo-lines.ts';

/** The closed items of a repository's milestone, and which commits of main are theirs. */
export interface Wanted {
  readonly items: readonly WantedItem[];
  readonly commitsOf: (item: WantedItem) => readonly IndexedCommit[];
}

/** Reads a milestone's closed items and looks for their commits. Without a milestone nobody said what is wanted, which is not the same as nothing. */
export async function readWanted(app: App, lines: RepoLines, milestone: string): Promise<Observed<Wanted>> {
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
  const commits = new Map<number, readonly IndexedCommit[]>();
  for (const item of items) commits.set(item.number, await commitsOfItem(app, lines, item));
  return known({ items, commitsOf: ({ number }) => commits.get(number) ?? [] }, now, source);
}

function isTracker(app: App, { labels }: ForgeItem): boolean {
  return labels.some((label) => label.toLowerCase() === app.loaded.train.tracker.label.toLowerCase());
}

/** A pull request's own commit, by its number or else by what the forge says it was merged as; for an issue those that close it. */
export async function commitsOfItem(
  app: App,
  lines: RepoLines,
  item: Pick<ForgeItem, 'number' | 'isPullRequest'>,
): Promise<readonly IndexedCommit[]> {
  const { at, main, slug } = lines;
  const where = { head: main, slug };
  const pulls = item.isPullRequest ? [item.number] : [];
  const issues = item.isPullRequest ? [] : [`${slug ?? ''}#${item.number}`];
  const said = await app.history.find(at, where, { ids: [], pulls, issues });
  if (said.length > 0 || !item.isPullRequest || app.forge === null || slug === null) return said;
  const pull = await app.forge.pulls.get(slug, item.number);
  if (pull === null || pull.state !== 'merged' || pull.mergeCommit === null) return [];
  return app.history.find(at, where, { ids: [pull.mergeCommit], pulls: [], issues: [] });
}
