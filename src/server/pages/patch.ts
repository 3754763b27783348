import { PatchView } from '../../api/views/patch.ts';
import { seenPicks, type SeenPick } from '../../app/picks.ts';
import { parseRelease, requireRelease } from '../../app/releases.ts';
import { pickWaits } from '../../domain/pick-state.ts';
import { succeed } from '../../domain/result.ts';
import { lineOf, patchNumber } from '../../domain/version.ts';
import { patchDoc } from '../../web/pages/patch.ts';
import { pageOf } from '../page.ts';
import { calendarView } from './calendar-view.ts';
import { windowView } from './picks.ts';

/** What there is of a patch release today: its rules, its window, its dates and how many picks. */
export const patchPage = pageOf<PatchView>({
  name: 'patch',
  path: '/r/:release/patch',
  summary: 'A patch release: criteria, window, dates and picks',
  schema: PatchView,
  reads: [],
  budget: 30_000,
  read: async ({ app, params }) => {
    const parsed = parseRelease(params['release'] ?? '');
    if (!parsed.ok) return parsed;
    const release = parsed.value;
    const opened = await requireRelease(app, release);
    if (!opened.ok) return opened;
    const { train } = app.loaded;
    const now = app.clock.now();
    const isPatch = patchNumber(release) > 0;
    const picks = await seenPicks(app, release);
    const calendar = calendarView(train, now);
    const view: PatchView = {
      release,
      isPatch,
      window: windowView(app, release),
      criteria: Object.entries(train.picks.classes).map(([name, { title, criterion, issue, issueInPatch }]) => ({
        name,
        title,
        criterion,
        issue: isPatch ? (issueInPatch ?? issue) : issue,
      })),
      labels: [...train.picks.highPriority],
      picks: countOf(picks),
      dates: calendar.dates.filter(({ line, what }) => line === lineOf(release) && what === 'patch'),
      deadlines: calendar.deadlines.filter(({ patch }) => patch === release),
    };
    return succeed({ view, asOf: now, stale: view.picks.unread !== null });
  },
  doc: patchDoc,
});

function countOf(picks: readonly SeenPick[]): PatchView['picks'] {
  const reasons = picks.flatMap(({ standing }) => (standing.known ? [] : [standing.reason]));
  const [reason] = reasons;
  return {
    all: picks.length,
    open: picks.filter(({ standing }) => standing.known && pickWaits(standing.value.state)).length,
    unread: reason === undefined ? null : { count: reasons.length, reason },
  };
}
