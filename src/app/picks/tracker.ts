import { elapsedMillis } from '../../domain/instant.ts';
import type { RepoKey, RepoSlug } from '../../domain/repo.ts';
import { failureCode } from '../../domain/observation.ts';
import { refuse, succeed, type Result } from '../../domain/result.ts';
import { reposOf, type RepoInRelease } from '../../domain/train/naming.ts';
import type { ReleaseVersion } from '../../domain/version.ts';
import type { Forge, ForgeItem } from '../../ports/forge.ts';
import {
  explainOpen,
  explainTracker,
  findTracker,
  readTracker,
  recordedTracker,
  sameButForTime,
  trackerBody,
  trackerMarker,
  type FoundTracker,
  type StandingPick,
} from '../../process/06-cherry-pick/index.ts';
import type { App } from '../app.ts';
import type { AppProblem } from '../problem.ts';
import { entriesOf } from '../record.ts';
import { listReleases } from '../releases.ts';
import { tellLandings } from './landings.ts';
import { standingPicks } from './standing.ts';
import { milestoneView, sharedView, type SharedView } from './tracker-view.ts';

/** What came of looking after one tracker. */
export interface SyncedTracker {
  readonly repo: string;
  readonly number: number;
  readonly link: string;
  /** False when it said already what it has to say. */
  readonly changed: boolean;
  /** Comments about landed picks that were written now. */
  readonly landings: number;
}

export interface SyncedTrackers {
  /** Core's first, then its mirrors. */
  readonly trackers: readonly SyncedTracker[];
  /** Repositories whose tracker was not brought up to date, each with the reason and what to do. */
  readonly held: readonly HeldTracker[];
}

export interface HeldTracker {
  readonly repo: string;
  /** `no-tracker`: nobody has opened it yet, which is no failure. */
  readonly code: string;
  readonly reason: string;
}

interface Place {
  readonly repo: RepoInRelease;
  readonly slug: RepoSlug;
}

/**
 * Renders the tracker of a release and its mirrors afresh, and tells each landing of a pick once. Only the recorded issue, or one with the marker by somebody the
 * train trusts, is touched (incident: a fake tracker); what people wrote below the end marker stays.
 */
export async function syncTracker(
  app: App,
  release: ReleaseVersion,
  picks?: readonly StandingPick[],
): Promise<Result<SyncedTrackers, AppProblem>> {
  const { train } = app.loaded;
  const { forge } = app;
  const places = reposOf(train, release).flatMap((repo): readonly Place[] =>
    repo.entry.slug === undefined ? [] : [{ repo, slug: repo.entry.slug }],
  );
  const core = places.find(({ repo }) => repo.entry.role === 'core');
  if (forge === null || core === undefined) {
    return refuse({ kind: 'usage', code: 'no-core', text: explainOpen({ code: 'no-core', release }) });
  }
  const trusted = [await app.who(), ...train.roles['release-manager']];
  const found = await foundIn(app, forge, { place: core, release, trusted });
  if (found.is !== 'open') return refuse(whyNotOpen(found, release));
  const own = await mirrorsOf(app, forge, { release, trusted, places: places.filter((place) => place !== core) });
  const all = [{ ...core, tracker: found.tracker }, ...own.open];
  const standing = picks ?? (await standingPicks(app, release));
  const shared = await sharedView(app, release, standing);
  const trackers: SyncedTracker[] = [];
  const held = [...own.held];
  for (const one of all) {
    const synced = await syncOne(app, forge, { one, all, shared });
    if (synced.ok) trackers.push(synced.value);
    else held.push({ repo: one.repo.key, code: 'tracker-full', reason: explainTracker(synced.problems[0]) });
  }
  const [first] = trackers;
  if (first?.repo !== core.repo.key) {
    const text = held.find(({ repo }) => repo === core.repo.key)?.reason ?? '';
    return refuse({ kind: 'refused', code: 'tracker-full', text });
  }
  return succeed({ trackers, held });
}

/** Where core's open tracker is; null where there is none. */
export async function coreTracker(
  app: App,
  release: ReleaseVersion,
): Promise<{ readonly slug: RepoSlug; readonly item: number } | null> {
  const { train } = app.loaded;
  const repo = reposOf(train, release).find(({ entry }) => entry.role === 'core');
  const slug = repo?.entry.slug;
  if (app.forge === null || repo === undefined || slug === undefined) return null;
  const trusted = [await app.who(), ...train.roles['release-manager']];
  const found = await foundIn(app, app.forge, { place: { repo, slug }, release, trusted });
  return found.is === 'open' ? { slug, item: found.tracker.number } : null;
}

/** The live releases whose tracker this issue is: by its recorded number, or by its marker when somebody who is trusted wrote it. */
export async function trackerReleases(
  app: App,
  { repo, slug, item }: { readonly repo: RepoKey; readonly slug: RepoSlug; readonly item: number },
): Promise<readonly ReleaseVersion[]> {
  const { train } = app.loaded;
  if (app.forge === null) return [];
  const live = (await listReleases(app)).filter(({ closed }) => closed === null).map(({ release }) => release);
  const entries = await entriesOf(app);
  const recorded = live.filter((release) => recordedTracker(entries, repo, release) === item);
  if (recorded.length > 0) return recorded;
  const issue = await app.forge.issues.get(slug, item);
  const trusted = [await app.who(), ...train.roles['release-manager']];
  if (issue === null || !trusted.includes(issue.author)) return [];
  return live.filter((release) => issue.body.includes(`<!-- ${trackerMarker(release)} -->`));
}

async function foundIn(
  app: App,
  forge: Forge,
  {
    place,
    release,
    trusted,
  }: { readonly place: Place; readonly release: ReleaseVersion; readonly trusted: readonly string[] },
): Promise<FoundTracker> {
  const number = recordedTracker(await entriesOf(app, release), place.repo.key, release);
  return findTracker(await readTracker(forge, place.slug, { release, number }), trusted);
}

function whyNotOpen(found: Exclude<FoundTracker, { readonly is: 'open' }>, release: ReleaseVersion): AppProblem {
  switch (found.is) {
    case 'none':
      return {
        kind: 'refused',
        code: 'no-tracker',
        text: `${release} has no open tracker. Open it: signalbox tracker open ${release}`,
      };
    case 'closed': {
      const { number, link } = found.tracker;
      const text = explainOpen({ code: 'tracker-closed', release, number, link });
      return { kind: 'refused', code: 'tracker-closed', text };
    }
    case 'several': {
      const numbers = found.trackers.map((item) => item.number);
      const text = explainOpen({ code: 'two-trackers', release, numbers });
      return { kind: 'conflict', code: 'two-trackers', text };
    }
  }
}

interface OpenTracker extends Place {
  readonly tracker: ForgeItem;
}

interface Mirrors {
  readonly open: readonly OpenTracker[];
  readonly held: SyncedTrackers['held'];
}

/** The mirrors that there are. One that is missing or cannot be read holds up no other. */
async function mirrorsOf(
  app: App,
  forge: Forge,
  {
    release,
    trusted,
    places,
  }: { readonly release: ReleaseVersion; readonly trusted: readonly string[]; readonly places: readonly Place[] },
): Promise<Mirrors> {
  const open: OpenTracker[] = [];
  const held: HeldTracker[] = [];
  for (const place of places) {
    try {
      const found = await foundIn(app, forge, { place, release, trusted });
      if (found.is === 'open') open.push({ ...place, tracker: found.tracker });
      else {
        const { code, text } = whyNotOpen(found, release);
        held.push({ repo: place.repo.key, code, reason: text });
      }
    } catch (error) {
      if (failureCode(error) === null || !(error instanceof Error)) throw error;
      held.push({ repo: place.repo.key, code: 'unreadable', reason: error.message });
    }
  }
  return { open, held };
}

/** An edit only because time went by is made once an hour: everybody who follows the issue sees its history. */
const TIME_MILLIS = 3_600_000;

async function syncOne(
  app: App,
  forge: Forge,
  {
    one,
    all,
    shared,
  }: { readonly one: OpenTracker; readonly all: readonly OpenTracker[]; readonly shared: SharedView },
) {
  const { repo, slug } = one;
  const { number } = one.tracker;
  const milestone = await milestoneView(app, forge, one);
  // Read once more, right before it is written: what people typed meanwhile is kept.
  const tracker = (await forge.issues.get(slug, number)) ?? one.tracker;
  const others = all
    .filter((other) => other !== one)
    .map((other) => ({ repo: other.repo.key, slug: other.slug, number: other.tracker.number }));
  const home = repo.entry.role === 'core' ? {} : { home: repo.key };
  const body = trackerBody({ ...shared, ...milestone, ...home, others }, tracker.body);
  if (!body.ok) return body;
  const isOld = elapsedMillis(tracker.updatedAt, shared.now) >= TIME_MILLIS;
  const changed = isOld ? body.value !== tracker.body : !sameButForTime(body.value, tracker.body);
  if (changed) await forge.items.edit(slug, number, { body: body.value });
  const isCore = repo.entry.role === 'core';
  const told = shared.picks.filter(
    ({ record }) =>
      record.pick.repo === repo.key || (isCore && !all.some((other) => other.repo.key === record.pick.repo)),
  );
  const landings = await tellLandings(app, forge, { slug, number, picks: told });
  return succeed({ repo: repo.key, number, link: tracker.link, changed, landings });
}
