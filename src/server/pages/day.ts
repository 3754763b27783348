import { DayView, type DayStepView } from '../../api/views/day.ts';
import { releaseDay, type DayStanding } from '../../app/announce/day.ts';
import { parseRelease } from '../../app/releases.ts';
import { succeed } from '../../domain/result.ts';
import { lineOf, patchNumber } from '../../domain/version.ts';
import { dayDoc } from '../../web/pages/day.ts';
import { pageOf } from '../page.ts';
import { calendarView } from './calendar-view.ts';

/** The day of a release: the ordered list of what is done, with the dates of the calendar. */
export const dayPage = pageOf<DayView>({
  name: 'day',
  path: '/r/:release/day',
  summary: 'The day of a release: the ordered list of what is done, its date and deadlines',
  schema: DayView,
  reads: [],
  budget: 60_000,
  read: async ({ app, params }) => {
    const parsed = parseRelease(params['release'] ?? '');
    if (!parsed.ok) return parsed;
    const release = parsed.value;
    const now = app.clock.now();
    const { dates, deadlines } = calendarView(app.loaded.train, now);
    const { day, steps, at } = await releaseDay(app, release);
    const view: DayView = {
      release,
      day,
      steps: steps.map(stepView),
      dates: dates.filter((date) => date.release === release && date.what !== 'cut'),
      deadlines: deadlines.filter(({ line, patch }) =>
        patchNumber(release) > 0 ? patch === release : patch === null && line === lineOf(release),
      ),
    };
    return succeed({ view, asOf: at, stale: steps.some(({ state }) => state === 'no-data') });
  },
  doc: dayDoc,
});

function stepView({ step, ...standing }: DayStanding): DayStepView {
  return {
    ...standing,
    id: step.id,
    title: step.title,
    kind: step.kind,
    does: step.kind === 'auto' ? step.does : null,
    evidence: step.kind === 'manual' && step.evidence,
    gates: step.kind === 'manual' ? [] : step.gates,
    undo: step.undo,
  };
}
