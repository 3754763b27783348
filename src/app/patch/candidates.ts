import { inLanes } from '../../domain/in-lanes.ts';
import type { ObjectId } from '../../domain/git-names.ts';
import { dateOf } from '../../domain/instant.ts';
import { observe, unknown, type Observed } from '../../domain/observation.ts';
import { spanOf } from '../../domain/month.ts';
import type { RepoSlug } from '../../domain/repo.ts';
import { reposOf, type RepoInRelease } from '../../domain/train/naming.ts';
import { lineOf, type ReleaseVersion } from '../../domain/version.ts';
import { judgeWanted } from '../../history/missing.ts';
import type { Forge, ForgeComment, ForgeItem } from '../../ports/forge.ts';
import type { FixFound, TriageFacts } from '../../process/10-patch/index.ts';
import type { App } from '../app.ts';
import { fetchRepoLines, lineNamed, readLineOf } from '../history/repo-lines.ts';
import { commitsOfItem } from '../history/wanted.ts';

/** The candidates of one repository of a patch release; unknown where its forge could not be read. */
export interface RepoCandidates {
  readonly repo: RepoInRelease;
  readonly found: Observed<readonly TriageFacts[]>;
}

/** Comments of so many candidates are asked for at a time. */
const LANES = 8;

/**
 * What carries the label of triage in every repository of the release, each with its comments and where its fix is. Open ones, and of those that are closed
 * (a merged fix is) those that something happened to since the line was cut.
 */
export function readCandidates(app: App, release: ReleaseVersion): Promise<readonly RepoCandidates[]> {
  const { train } = app.loaded;
  return Promise.all(
    reposOf(train, release)
      .filter(({ entry }) => entry.slug !== undefined)
      .map(async (repo) => {
        const { slug } = repo.entry;
        const { forge } = app;
        const now = app.clock.now();
        if (forge === null || slug === undefined) {
          return { repo, found: unknown('no forge to ask: the train file names none', now, repo.key) };
        }
        const found = await observe(`forge ${slug}`, now, async () => {
          const items = await labelledItems(app, forge, slug, release);
          return readFacts(app, { repo, slug, forge }, items);
        });
        return { repo, found };
      }),
  );
}

interface Place {
  readonly repo: RepoInRelease;
  readonly slug: RepoSlug;
  readonly forge: Forge;
}

async function labelledItems(
  app: App,
  forge: Forge,
  slug: RepoSlug,
  release: ReleaseVersion,
): Promise<readonly ForgeItem[]> {
  const { patches, calendar, tracker } = app.loaded.train;
  const cut = calendar.cadence[lineOf(release)]?.cut.on;
  const since = cut === undefined ? null : spanOf(cut).from;
  const items = await forge.items.labelled(slug, patches.triageLabel, 'all');
  return items
    .filter(({ open, updatedAt }) => open || since === null || dateOf(updatedAt) >= since)
    .filter(({ labels }) => !labels.some((label) => label.toLowerCase() === tracker.label.toLowerCase()));
}

/** Candidates with all that is looked at to suggest something. */
export async function readFacts(
  app: App,
  { repo, slug, forge }: Place,
  items: readonly ForgeItem[],
): Promise<readonly TriageFacts[]> {
  const now = app.clock.now();
  const [comments, fixes] = await Promise.all([
    inLanes(items, LANES, ({ number }): Promise<Observed<readonly ForgeComment[]>> =>
      observe(`forge ${slug}`, now, () => forge.comments.list(slug, number)),
    ),
    observe(`git remote of ${repo.key}`, now, () => fixesOf(app, repo, items)),
  ]);
  return items.map((item, index) => ({
    repo: repo.key,
    role: repo.entry.role,
    item,
    comments: comments[index] ?? unknown('they were not asked for', now, `forge ${slug}`),
    fix: fixFor(fixes, item.number),
  }));
}

function fixFor(fixes: Observed<ReadonlyMap<number, FixFound> | null>, item: number): Observed<FixFound> {
  if (!fixes.known) return fixes;
  const { at, source } = fixes;
  if (fixes.value === null) return unknown('its repository has no main branch or no remote', at, source);
  const found = fixes.value.get(item);
  return found === undefined ? unknown('it was not looked for', at, source) : { known: true, value: found, at, source };
}

/** Where the fixes of items are, by what commits of main say of themselves and by the correspondence with the line; null without a remote. */
async function fixesOf(
  app: App,
  { key, entry, remote, branch }: RepoInRelease,
  items: readonly ForgeItem[],
): Promise<ReadonlyMap<number, FixFound> | null> {
  if (remote === null) return null;
  if (items.length === 0) return new Map();
  const lines = await fetchRepoLines(app, { key, entry, remote });
  if (lines === null) return null;
  const line = lineNamed(lines, branch);
  const commits = new Map(
    await inLanes(items, LANES, async (item) => [item.number, await commitsOfItem(app, lines, item)] as const),
  );
  const commitsOf = ({ number }: { readonly number: number }) => commits.get(number) ?? [];
  const ids = [...commits.values()].flatMap((found) => found.map(({ id }) => id));
  const patches = await app.history.patches(lines.at, ids);
  const sized = (commit: ObjectId, { title, pull }: Named): FixFound['commits'][number] => {
    const files = patches.get(commit)?.files ?? null;
    const changed = files?.reduce((sum, file) => sum + file.lines.length, 0) ?? 0;
    return {
      commit,
      title,
      pull,
      size: files === null ? null : { files: files.map(({ path }) => path), lines: changed },
    };
  };
  if (line === null) {
    return new Map(
      items.map((item) => {
        const found = commitsOf(item).map(({ id, ...named }) => sized(id, named));
        return [item.number, { commits: found, verdict: found.length === 0 ? 'no-commit' : 'missing' }] as const;
      }),
    );
  }
  const verdicts = judgeWanted(await readLineOf(app, lines, line), { items, commitsOf, isNothingDue: () => false });
  return new Map(
    verdicts.map(({ item, verdict, commits: found }) => [
      item.number,
      // Of candidates nobody has said yet whether anything has to land.
      {
        verdict: verdict === 'nothing-due' ? 'no-commit' : verdict,
        commits: found.map(({ commit, ...named }) => sized(commit, named)),
      },
    ]),
  );
}

interface Named {
  readonly title: string;
  readonly pull: number | null;
}
