import { z } from 'zod';
import { ReleaseVersion } from '../../domain/version.ts';
import { CalendarView } from './calendar.ts';

/** What is known of the day of a release. */
export const DayView = z.object({
  release: ReleaseVersion,
  /** The day itself; none where the calendar does not know the release. */
  dates: CalendarView.shape.dates,
  deadlines: CalendarView.shape.deadlines,
});
export type DayView = z.infer<typeof DayView>;
