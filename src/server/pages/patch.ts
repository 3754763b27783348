import { PatchView } from '../../api/views/patch.ts';
import { patchBrief } from '../../app/patch/brief.ts';
import { triageOf } from '../../app/patch/triage.ts';
import { seenPicks, type SeenPick } from '../../app/picks.ts';
import { parseRelease, requireRelease } from '../../app/releases.ts';
import { pickWaits } from '../../domain/pick-state.ts';
import { succeed } from '../../domain/result.ts';
import { lineOf, patchNumber } from '../../domain/version.ts';
import { patchDoc } from '../../web/pages/patch.ts';
import { pageOf } from '../page.ts';
import { calendarView } from './calendar-view.ts';
import { briefView, owedView, scheduleView, triageView } from './patch-view.ts';
import { windowView } from './picks.ts';

/** A patch release: what waits for triage, the case for go or no-go, who owes a pick, its rules and dates. */
export const patchPage = pageOf<PatchView>({
  name: 'patch',
  path: '/r/:release/patch',
  summary: 'A patch release: triage, go or no-go, owed picks, criteria and dates',
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
    const triage = isPatch ? await triageOf(app, release) : null;
    const brief = triage === null ? null : await patchBrief(app, release, triage);
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
      triage: triage === null ? null : triageView(triage),
      brief: brief === null ? null : briefView(brief),
      owed: brief === null ? null : owedView(brief.owed, now),
      schedule: brief === null ? null : scheduleView(brief.dates),
    };
    const isUnread = triage !== null && triage.unread.length > 0;
    const isOwedUnread = brief !== null && (!brief.owed.known || brief.owed.value.unread.length > 0);
    return succeed({ view, asOf: now, stale: view.picks.unread !== null || isUnread || isOwedUnread });
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
