import { observe } from '../../domain/observation.ts';
import { readChangeName } from '../../history/change.ts';
import type { App } from '../app.ts';
import { repoNamed } from '../repo-named.ts';

/** A pull request as people know it. */
export interface SeenPull {
  readonly number: number;
  readonly title: string;
  readonly author: string;
  readonly state: 'open' | 'merged' | 'closed';
  readonly base: string;
  readonly link: string;
}

/** The pull request of a number as the forge has it; null where there is no forge, it does not answer, or has none: git alone tells the rest. */
export async function seenPull(app: App, repo: string, pull: number): Promise<SeenPull | null> {
  const { forge } = app;
  const named = repoNamed(app, repo);
  const slug = named.ok ? app.loaded.train.repos[named.value]?.slug : undefined;
  if (forge === null || slug === undefined) return null;
  const seen = await observe(`forge ${slug}`, app.clock.now(), () => forge.pulls.get(slug, pull));
  if (!seen.known || seen.value === null) return null;
  const { number, title, author, state, base, link } = seen.value;
  return { number, title, author, state, base, link };
}

const MOST_ASKED = 3;

/** What a number names that main has not: a pull request that is open, was closed, or was merged into another branch. Asks of a few repositories. */
export async function pullsNotOnMain(
  app: App,
  text: string,
  repos: readonly string[],
): Promise<readonly { readonly repo: string; readonly pull: SeenPull }[]> {
  const name = readChangeName(text);
  if (name?.kind !== 'number') return [];
  const seen = await Promise.all(
    repos.slice(0, MOST_ASKED).map(async (repo) => ({ repo, pull: await seenPull(app, repo, name.number) })),
  );
  return seen.flatMap(({ repo, pull }) => (pull === null ? [] : [{ repo, pull }]));
}
