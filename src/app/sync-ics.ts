import ical, { ICalCalendarMethod, ICalEventStatus } from 'ical-generator';
import type { Instant } from '../domain/instant.ts';
import { refuse, succeed, type Result } from '../domain/result.ts';
import type { Train } from '../domain/train/train.ts';
import type { ReleaseVersion } from '../domain/version.ts';
import { syncSeries } from '../process/01-plan/index.ts';
import type { AppProblem } from './problem.ts';

/**
 * The series of syncs as an iCalendar file (RFC 5545): one entry a meeting, in UTC, so that every reader has it at the time of the train's zone on both sides
 * of the days on which clocks are set. The same day keeps its id; moved dates raise the sequence.
 */
export function syncIcs(train: Train, release: ReleaseVersion, now: Instant): Result<string, AppProblem> {
  const series = syncSeries(train, release);
  if (!series.known)
    return refuse({
      kind: 'usage',
      code: 'no-series',
      text: `There is no series of syncs: ${series.why}. Next: ${series.fix}`,
    });
  const { settings, meetings, revision } = series;
  const calendar = ical({
    name: `${train.title} ${release} ${settings.title}`,
    prodId: { company: 'Signalbox', product: 'signalbox', language: 'EN' },
    method: ICalCalendarMethod.PUBLISH,
  });
  for (const { id, number, starts, ends, tentative } of meetings) {
    calendar.createEvent({
      id: `${id}@signalbox`,
      stamp: new Date(now),
      start: new Date(starts),
      end: new Date(ends),
      summary: `${train.title} ${release}: ${settings.title} ${number} of ${meetings.length}`,
      description: `Agenda: signalbox people agenda ${release}`,
      sequence: revision,
      status: tentative ? ICalEventStatus.TENTATIVE : ICalEventStatus.CONFIRMED,
      ...(settings.link === undefined ? {} : { url: settings.link, location: settings.link }),
    });
  }
  const text = calendar.toString();
  return succeed(text.endsWith('\r\n') ? text : `${text}\r\n`);
}
