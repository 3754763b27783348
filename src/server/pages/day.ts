import { DayView } from '../../api/views/day.ts';
import { parseRelease } from '../../app/releases.ts';
import { succeed } from '../../domain/result.ts';
import { lineOf, patchNumber } from '../../domain/version.ts';
import { dayDoc } from '../../web/pages/day.ts';
import { pageOf } from '../page.ts';
import { calendarView } from './calendar-view.ts';

/** The day of a release, as far as the calendar knows it. */
export const dayPage = pageOf<DayView>({
  name: 'day',
  path: '/r/:release/day',
  summary: 'The day of a release: its date and deadlines',
  schema: DayView,
  reads: [],
  budget: 60_000,
  read: ({ app, params }) => {
    const parsed = parseRelease(params['release'] ?? '');
    if (!parsed.ok) return Promise.resolve(parsed);
    const release = parsed.value;
    const now = app.clock.now();
    const { dates, deadlines } = calendarView(app.loaded.train, now);
    const view: DayView = {
      release,
      dates: dates.filter((date) => date.release === release && date.what !== 'cut'),
      deadlines: deadlines.filter(({ line, patch }) =>
        patchNumber(release) > 0 ? patch === release : patch === null && line === lineOf(release),
      ),
    };
    return Promise.resolve(succeed({ view, asOf: now, stale: false }));
  },
  doc: dayDoc,
});
