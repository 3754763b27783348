import type { Instant } from '../../domain/instant.ts';
import type { RepoKey } from '../../domain/repo.ts';
import { succeed, type Result } from '../../domain/result.ts';
import { lineOf, type ReleaseVersion } from '../../domain/version.ts';
import { deadlinesOf } from '../../process/01-plan/index.ts';
import {
  lastClose,
  targetOf,
  windowAt,
  type PhaseEnds,
  type PickTarget,
  type PickWindow,
} from '../../process/06-cherry-pick/index.ts';
import type { App } from '../app.ts';
import { repoNamed } from '../repo-named.ts';
import type { AppProblem } from '../problem.ts';
import { listReleases } from '../releases.ts';
import { refuseByPicks } from './problem.ts';

/** The repository that is meant: the core one when none is named. */
export function pickRepo(app: App, typed: string | undefined): Result<RepoKey, AppProblem> {
  const core = Object.entries(app.loaded.train.repos).find(([, { role }]) => role === 'core');
  return repoNamed(app, typed ?? core?.[0] ?? '');
}

/** The line a branch name means, among the releases that are open. */
export async function pickTarget(app: App, repo: RepoKey, onto: string): Promise<Result<PickTarget, AppProblem>> {
  const live = (await listReleases(app)).filter(({ closed }) => closed === null).map(({ release }) => release);
  const target = targetOf({ train: app.loaded.train, repo, onto, live });
  return target.ok ? succeed(target.value) : refuseByPicks(target.problems);
}

/** When the calendar's milestones end, as far as it knows: what the phases of picks are counted by. */
export function phaseEnds(app: Pick<App, 'loaded'>, release: ReleaseVersion, now: Instant): PhaseEnds {
  const deadlines = deadlinesOf(app.loaded.train.calendar, lineOf(release), now);
  const own = deadlines.filter(({ patch }) => patch === null || patch === release);
  return Object.fromEntries(own.map((deadline) => [deadline.id, deadline.known ? deadline.due : null]));
}

/** The phase that a release is in, and when it ends; null where the train has no phases. */
export function pickWindow(app: App, release: ReleaseVersion): PickWindow | null {
  const now = app.clock.now();
  return windowAt(app.loaded.train, release, phaseEnds(app, release, now), now);
}

/** The last moment at which a pick is taken for a release; null when nothing is taken any more, or the calendar does not say. */
export function picksUntil(app: App, release: ReleaseVersion): Instant | null {
  const now = app.clock.now();
  return lastClose(app.loaded.train, release, phaseEnds(app, release, now), now);
}
