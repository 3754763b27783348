import { TrainView, type LiveRelease } from '../../api/views/train.ts';
import type { ReleaseView } from '../../api/views/release.ts';
import type { App } from '../../app/app.ts';
import { calendarOf, releasesIn } from '../../app/calendar.ts';
import { frozenBy } from '../../app/freeze.ts';
import { listReleases, parseRelease, requireRelease, type ReleaseRecord } from '../../app/releases.ts';
import { dateOf, type Instant } from '../../domain/instant.ts';
import { spanOf } from '../../domain/month.ts';
import { refuseOr, succeed, type Result } from '../../domain/result.ts';
import { compareVersions, type ReleaseVersion } from '../../domain/version.ts';
import type { AppProblem } from '../../app/problem.ts';
import { trainDoc } from '../../web/pages/train.ts';
import { pageOf } from '../page.ts';
import { outdatedRelease } from './outdated.ts';
import { plannedDay, readRelease, type ReadRelease } from './release-view.ts';

/** So many dates are next. */
const COMING = 8;

/** All live releases, the one that comes out first at length. */
export const trainPage = pageOf<TrainView>({
  name: 'train',
  path: '/',
  summary: 'The train: phases, what blocks the next step, next dates, all live releases, repositories',
  schema: TrainView,
  reads: ['release'],
  budget: 30_000,
  read: async ({ app, query }) => {
    const asked = await askedFor(app, query['release']);
    if (!asked.ok) return asked;
    const releases = await listReleases(app);
    const live = releases.filter(({ closed }) => closed === null);
    const read = await Promise.all(live.map(({ release }) => readRelease(app, release)));
    const main = read.find(({ view }) => view.release === asked.value) ?? firstOut(read, app.clock.now());
    const shown =
      asked.value === null || main?.view.release === asked.value ? main : await readRelease(app, asked.value);
    const all = shown === null || read.includes(shown) ? read : [...read, shown];
    return succeed({
      view: {
        train: app.loaded.train.train,
        title: app.loaded.train.title,
        freeze: await frozenBy(app),
        main: shown?.view ?? null,
        live: read.map(({ view }) => liveRow(view)),
        ended: endedOf(releases),
        coming: comingOf(app),
        unopened: unopenedOf(app, releases),
      },
      asOf: all.reduce((oldest, { asOf }) => (asOf < oldest ? asOf : oldest), app.clock.now()),
      stale: all.some(({ stale }) => stale),
    });
  },
  doc: trainDoc,
  outdated: ({ main, live, ...view }, readAt) => {
    const outdated = main === null ? null : outdatedRelease(main, readAt);
    return {
      ...view,
      main: outdated,
      live: live.map((row) =>
        row.release === outdated?.release ? { ...row, blocking: outdated.blocking.length } : row,
      ),
    };
  },
});

async function askedFor(app: App, typed: string | undefined): Promise<Result<ReleaseVersion | null, AppProblem>> {
  if (typed === undefined || typed === '') return succeed(null);
  const release = parseRelease(typed);
  if (!release.ok) return release;
  const known = await requireRelease(app, release.value);
  return known.ok ? succeed(release.value) : refuseOr(known.problems, () => null);
}

/** The live release whose day comes next; those without a day come after, and those whose day is past before none. */
function firstOut(read: readonly ReadRelease[], now: Instant): ReadRelease | null {
  const dayOf = ({ view }: ReadRelease): string => {
    const on = view.day?.on;
    if (on === undefined) return 'a day that is not known';
    const { until } = spanOf(on);
    return until > dateOf(now) ? until : 'a day that is past';
  };
  // Digits sort before letters: a day that comes is before both.
  const [first] = read
    .filter(({ view }) => view.abandoned === null)
    .toSorted((left, right) =>
      dayOf(left) === dayOf(right)
        ? compareVersions(right.view.release, left.view.release)
        : dayOf(left) < dayOf(right)
          ? -1
          : 1,
    );
  return first ?? read[0] ?? null;
}

function liveRow({ release, phase, blocking, next, day, abandoned }: ReleaseView): LiveRelease {
  return { release, phase, blocking: blocking.length, next: next?.what ?? null, day, abandoned: abandoned !== null };
}

function endedOf(releases: readonly ReleaseRecord[]): TrainView['ended'] {
  return releases.flatMap(({ release, closed }) => (closed === null ? [] : [{ release, ...closed }])).toReversed();
}

function comingOf(app: App): TrainView['coming'] {
  const now = app.clock.now();
  const { dates } = calendarOf(app.loaded.train, null, now);
  return dates
    .flatMap(({ release, what, date }) =>
      date.on === undefined || spanOf(date.on).until <= dateOf(now)
        ? []
        : [{ release, what, date: plannedDay(date), until: spanOf(date.on).until }],
    )
    .toSorted((left, right) => (left.until < right.until ? -1 : left.until > right.until ? 1 : 0))
    .slice(0, COMING)
    .map(({ release, what, date }) => ({ release, what, date }));
}

function unopenedOf(app: App, releases: readonly ReleaseRecord[]): ReleaseVersion | null {
  const newest = releases.at(-1)?.release ?? null;
  const planned = releasesIn(app.loaded.train)
    .filter((release) => !releases.some((known) => known.release === release))
    .filter((release) => newest === null || compareVersions(release, newest) > 0);
  return planned.at(-1) ?? null;
}
