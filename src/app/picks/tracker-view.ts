import { dateOf } from '../../domain/instant.ts';
import type { RepoSlug } from '../../domain/repo.ts';
import { fillText, type RepoInRelease } from '../../domain/train/naming.ts';
import { lineOf, patchNumber, type ReleaseVersion } from '../../domain/version.ts';
import type { Forge } from '../../ports/forge.ts';
import { deadlinesOf } from '../../process/01-plan/index.ts';
import { windowAt, type StandingPick, type TrackerView } from '../../process/06-cherry-pick/index.ts';
import type { App } from '../app.ts';
import { missingPicks } from '../history.ts';
import { entriesOf } from '../record.ts';
import { releaseStatus, type ReleaseStatus } from '../status.ts';
import { owedReverts } from './settled.ts';
import { phaseEnds } from './targets.ts';

/** What every tracker of a release says alike, whichever repository it lies in. */
export type SharedView = Omit<TrackerView, 'home' | 'milestone' | 'milestoneLink' | 'others'>;

/** Reads it once for all trackers of the release. `picks`: as they stand. */
export async function sharedView(
  app: App,
  release: ReleaseVersion,
  picks: readonly StandingPick[],
): Promise<SharedView> {
  const { train } = app.loaded;
  const now = app.clock.now();
  const [status, reverts, missing, entries] = await Promise.all([
    releaseStatus(app, release),
    owedReverts(app, release),
    missingPicks(app, release),
    entriesOf(app),
  ]);
  return {
    train,
    release,
    seq: entries.at(-1)?.seq ?? 0,
    window: windowAt(train, release, phaseEnds(app, release, now), now),
    candidates: await candidatesOf(app, status),
    blocking: status.blocking,
    dates: deadlinesOf(train.calendar, lineOf(release), now).flatMap((one) =>
      // The tracker of a patch shows the patch's own deadlines: those of the line's minor release are over.
      one.known && one.patch === (patchNumber(release) === 0 ? null : release)
        ? [{ id: one.id, on: dateOf(one.due), passed: one.passed, was: null }]
        : [],
    ),
    picks,
    reverts,
    missing: missing.flatMap(({ repo, found }) =>
      (found.known ? (found.value ?? []) : [])
        .filter(({ verdict }) => verdict === 'missing' || verdict === 'partial')
        .map(({ item }) => ({ repo, item: { ...item, open: false } })),
    ),
    unread: missing.flatMap(({ repo, found }) => (found.known ? [] : [{ repo, reason: found.reason }])),
    now,
  };
}

/** The milestone of one repository: its items as a checklist, and where all of them are. */
export async function milestoneView(
  app: App,
  forge: Forge,
  { repo, slug }: { readonly repo: RepoInRelease; readonly slug: RepoSlug },
): Promise<Pick<TrackerView, 'milestone' | 'milestoneLink'>> {
  const found = await forge.milestones.find(slug, fillText(app.loaded.train.milestone, { release: repo.release }));
  if (found === null) return { milestone: [], milestoneLink: null };
  return { milestone: await forge.milestones.items(slug, found.number, 'all'), milestoneLink: found.link };
}

/** Core's candidates, newest first, each with the day of the commit it names. */
async function candidatesOf(app: App, { repos }: ReleaseStatus): Promise<TrackerView['candidates']> {
  const core = repos.find(({ repo }) => repo.entry.role === 'core');
  const remote = core?.repo.remote ?? null;
  if (core === undefined || remote === null || !core.refs.known) return [];
  const at = { repo: core.repo.key, remote };
  return Promise.all(
    core.refs.value.candidates.map(async ({ candidate, commit }) => {
      const { committedAt } = await app.git.commit(at, commit);
      return { candidate, on: dateOf(committedAt) };
    }),
  );
}
