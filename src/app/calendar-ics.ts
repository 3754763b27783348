import ical, { ICalCalendarMethod, ICalEventStatus, ICalEventTransparency } from 'ical-generator';
import type { Instant } from '../domain/instant.ts';
import type { Train } from '../domain/train/train.ts';
import { calendarEvents } from '../process/01-plan/index.ts';

/** The cadence as an iCalendar file (RFC 5545): whole days, an unchanging id per date, the number of moves as its revision. */
export function calendarIcs(train: Train, now: Instant): string {
  const calendar = ical({
    name: `${train.title} releases`,
    prodId: { company: 'signalbox', product: 'signalbox', language: 'EN' },
    method: ICalCalendarMethod.PUBLISH,
  });
  for (const event of calendarEvents(train)) {
    calendar.createEvent({
      id: `${event.id}@signalbox`,
      stamp: new Date(now),
      start: new Date(`${event.from}T00:00:00Z`),
      end: new Date(`${event.until}T00:00:00Z`),
      timezone: 'UTC',
      allDay: true,
      summary: event.title,
      description: event.description === '' ? null : event.description,
      sequence: event.revision,
      status: event.tentative ? ICalEventStatus.TENTATIVE : ICalEventStatus.CONFIRMED,
      // A release day does not make anybody busy.
      transparency: ICalEventTransparency.TRANSPARENT,
    });
  }
  return `${calendar.toString().trimEnd()}\r\n`;
}
