import { compareVersions } from '../../domain/version.ts';
import { code, mention, statusComment, windowAt, type StandingPick } from '../../process/06-cherry-pick/index.ts';
import type { App } from '../app.ts';
import { phaseEnds } from '../picks/targets.ts';
import { standingPicks } from '../picks/standing.ts';
import { listReleases } from '../releases.ts';
import type { Asked } from './asked.ts';

/** The picks of the change the comment is on, in every live release; only those onto the named branches when some are named. */
export async function picksOf(app: App, asked: Asked, onto: readonly string[]): Promise<readonly StandingPick[]> {
  const picks = await livePicks(app);
  return picks.filter(
    ({ record: { pick } }) =>
      pick.repo === asked.repo && pick.pr === asked.item && (onto.length === 0 || onto.includes(pick.onto)),
  );
}

async function livePicks(app: App): Promise<readonly StandingPick[]> {
  const live = (await listReleases(app)).filter(({ closed }) => closed === null);
  const picks = await Promise.all(live.map(({ release }) => standingPicks(app, release)));
  return picks.flat();
}

/** The pick that a pull request brings, known by its branches. */
export async function pickOfPull(
  app: App,
  asked: Asked,
): Promise<{ readonly pr: number; readonly onto: string } | null> {
  const pull = await asked.forge.pulls.get(asked.slug, asked.item);
  if (pull === null) return null;
  const found = (await livePicks(app)).find(
    ({ record: { pick }, seen }) =>
      pick.repo === asked.repo && pick.onto === pull.base && seen.pull?.number === asked.item,
  );
  return found === undefined ? null : { pr: found.record.pick.pr, onto: found.record.pick.onto };
}

export async function statusText(app: App, asked: Asked, onto: readonly string[]): Promise<string> {
  const picks = await picksOf(app, asked, onto);
  if (picks.length === 0)
    return `${mention(asked.by)} no pick of #${asked.item} was asked for${onto.length === 0 ? '' : ` onto ${onto.map((branch) => code(branch)).join(', ')}`}.`;
  const now = app.clock.now();
  const { train } = app.loaded;
  return picks
    .toSorted((left, right) => compareVersions(left.record.release, right.record.release))
    .map((pick) => {
      const { release } = pick.record;
      const window = windowAt(train, release, phaseEnds(app, release, now), now);
      return statusComment({ train, pick, window, nextCandidate: null, tracker: null, page: null, now });
    })
    .join('\n\n');
}
