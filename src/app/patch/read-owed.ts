import type { Gate, Waiver } from '../../domain/gate.ts';
import type { Instant } from '../../domain/instant.ts';
import { observe, unknown, type Observed } from '../../domain/observation.ts';
import type { RepoSlug } from '../../domain/repo.ts';
import { fillText, reposOf, type RepoInRelease } from '../../domain/train/naming.ts';
import { patchNumber, type ReleaseVersion } from '../../domain/version.ts';
import type { WantedVerdict } from '../../history/missing.ts';
import type { Forge } from '../../ports/forge.ts';
import { foldPicks, namesPick, type PickRecord } from '../../process/06-cherry-pick/index.ts';
import { decideOwedGate, owedMarker, type OwedFacts, type OwedPick } from '../../process/10-patch/index.ts';
import type { App } from '../app.ts';
import { missingPicks } from '../history.ts';
import { entriesOf } from '../record.ts';
import { phaseEnds } from '../picks/targets.ts';
import { patchDeadline } from './deadline.ts';

export type { OwedFacts } from '../../process/10-patch/index.ts';

/** Fixes of a patch's milestone that are on main and for which nobody has posted a pick. */
export async function readOwed(app: App, release: ReleaseVersion): Promise<OwedFacts> {
  const [reports, entries] = await Promise.all([missingPicks(app, release), entriesOf(app, release)]);
  const records = foldPicks(entries);
  const repos = reposOf(app.loaded.train, release);
  const now = app.clock.now();
  const read = await Promise.all(
    reports.map(async ({ repo: key, found }) => {
      const repo = repos.find((each) => each.key === key);
      const slug = repo?.entry.slug;
      const { forge } = app;
      if (repo === undefined || slug === undefined) return null;
      if (forge === null) {
        return { key, state: unknown('no forge to ask: the train file names none', now, 'train file') };
      }
      if (!found.known) return { key, state: await withoutMilestone(app, forge, repo, found) };
      const state = await observe(`forge ${slug}`, now, () =>
        owedIn(app, { release, repo, slug, forge, records }, found.value ?? []),
      );
      return { key, state };
    }),
  );
  const all = read.flatMap((each) => (each === null ? [] : [each]));
  return {
    release,
    owed: all.flatMap(({ state }) => (state.known ? state.value.owed : [])),
    unclear: all.flatMap(({ key, state }) =>
      state.known ? state.value.unclear.map((item) => ({ repo: key, item })) : [],
    ),
    unread: all.flatMap(({ key, state }) => (state.known ? [] : [{ repo: key, reason: state.reason }])),
    deadline: patchDeadline(app.loaded.train, release, phaseEnds(app, release, now), now),
  };
}

interface Owing {
  readonly owed: readonly OwedPick[];
  readonly unclear: readonly number[];
}

/** The forge knows no such milestone: then nothing is asked of anybody there. Any other reason stays one. */
async function withoutMilestone(
  app: App,
  forge: Forge,
  { entry, release, key }: RepoInRelease,
  unread: Extract<Observed<unknown>, { known: false }>,
): Promise<Observed<Owing>> {
  const { slug } = entry;
  if (slug === undefined || entry.role === 'core') return unread;
  const title = fillText(app.loaded.train.milestone, { release });
  const found = await observe(`milestones of ${key}`, app.clock.now(), () => forge.milestones.find(slug, title));
  if (!found.known || found.value !== null) return unread;
  return { ...found, value: { owed: [], unclear: [] } };
}

interface Place {
  readonly release: ReleaseVersion;
  readonly repo: RepoInRelease;
  readonly slug: RepoSlug;
  readonly forge: Forge;
  readonly records: readonly PickRecord[];
}

async function owedIn(app: App, place: Place, wanted: readonly WantedVerdict[]): Promise<Owing> {
  const { release, repo, slug, forge, records } = place;
  const lacking = wanted.filter(({ verdict }) => verdict === 'missing' || verdict === 'partial');
  const items = new Map<number, { readonly title: string; readonly items: readonly number[] }>();
  for (const { item, commits } of lacking) {
    for (const { pull, title, standing } of commits) {
      if (pull === null || (standing.kind !== 'missing' && standing.kind !== 'taken-back')) continue;
      items.set(pull, { title, items: [...(items.get(pull)?.items ?? []), item.number] });
    }
  }
  const unposted = [...items].filter(([pull]) => !isAskedFor(records, repo, pull));
  const byHand = unposted.length === 0 ? [] : await forge.pulls.onto(slug, repo.branch, 'open');
  const owing = unposted.filter(
    ([pull]) => !byHand.some(({ title, body }) => namesPick(`${title}\n${body}`, slug, pull)),
  );
  const changes = await forge.pulls.many(
    slug,
    owing.map(([pull]) => pull),
  );
  const trusted = [await forge.people.whoami(), ...app.loaded.train.roles['release-manager']];
  const owed = await Promise.all(
    owing.map(async ([pull, about], index): Promise<OwedPick> => {
      const marker = `<!-- ${owedMarker(release, { repo: repo.key, pull })} -->`;
      const comments = changes[index] === null ? [] : await forge.comments.list(slug, pull);
      const asked = comments.find(({ author, body }) => trusted.includes(author) && body.includes(marker));
      return {
        repo: repo.key,
        slug,
        branch: repo.branch,
        pull,
        ...about,
        author: changes[index]?.author ?? null,
        askedAt: asked?.writtenAt ?? null,
      };
    }),
  );
  // A commit without a number of its own has no author who could be asked.
  const nameless = lacking.filter(({ commits }) => commits.every(({ pull }) => pull === null));
  const unsure = wanted.filter(({ verdict }) => verdict === 'unsure' || verdict === 'no-commit');
  return { owed, unclear: [...unsure, ...nameless].map(({ item }) => item.number) };
}

/** Whether the pick was asked for and lives: refused and withdrawn ones are decided, and nobody is asked for them again. */
function isAskedFor(records: readonly PickRecord[], repo: RepoInRelease, pull: number): boolean {
  return records.some(({ pick }) => pick.repo === repo.key && pick.pr === pull && pick.onto === repo.branch);
}

/** The gate `author-owed`, of patch releases only. */
export async function judgeOwed(
  app: App,
  release: ReleaseVersion,
  judging: { readonly waivers: readonly Waiver[]; readonly now: Instant },
): Promise<readonly Gate[]> {
  if (patchNumber(release) === 0) return [];
  return [decideOwedGate(await readOwed(app, release), app.loaded.train, judging)];
}
