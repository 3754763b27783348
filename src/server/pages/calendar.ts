import { CalendarView } from '../../api/views/calendar.ts';
import { succeed } from '../../domain/result.ts';
import { calendarDoc } from '../../web/pages/calendar.ts';
import { pageOf } from '../page.ts';
import { calendarView } from './calendar-view.ts';

/** Dates, deadlines and moves; the same file that calendars subscribe to is at /calendar.ics. */
export const calendarPage = pageOf<CalendarView>({
  name: 'calendar',
  path: '/calendar',
  summary: 'Cadence of the train: dates, deadlines with the time left, and every move of a date',
  schema: CalendarView,
  reads: [],
  budget: 60_000,
  read: ({ app }) => {
    const now = app.clock.now();
    return Promise.resolve(succeed({ view: calendarView(app.loaded.train, now), asOf: now, stale: false }));
  },
  doc: calendarDoc,
});
