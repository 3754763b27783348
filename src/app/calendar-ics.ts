import ical, { ICalCalendarMethod, ICalEventStatus } from 'ical-generator';
import type { Instant } from '../domain/instant.ts';
import type { Train } from '../domain/train/train.ts';
import { calendarEvents } from '../process/01-plan/index.ts';

/** The cadence as an iCalendar file (RFC 5545): whole days, one entry a date for ever; a moved date raises its sequence. */
export function calendarIcs(train: Train, now: Instant): string {
  const calendar = ical({
    name: `${train.title} releases`,
    prodId: { company: 'Signalbox', product: 'signalbox', language: 'EN' },
    method: ICalCalendarMethod.PUBLISH,
  });
  for (const event of calendarEvents(train)) {
    calendar.createEvent({
      id: `${event.id}@signalbox`,
      stamp: new Date(now),
      start: new Date(`${event.from}T00:00:00Z`),
      end: new Date(`${event.until}T00:00:00Z`),
      allDay: true,
      summary: event.title,
      description: event.description,
      sequence: event.revision,
      status: event.tentative ? ICalEventStatus.TENTATIVE : ICalEventStatus.CONFIRMED,
    });
  }
  const text = calendar.toString();
  return text.endsWith('\r\n') ? text : `${text}\r\n`;
}
