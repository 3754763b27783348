import type { DayView } from '../../api/views/day.ts';
import type { Doc, PageRoom } from '../doc.ts';
import { dateTable, deadlineTable } from './calendar-parts.ts';

/** The day of a release, as far as the calendar knows it; the run list of the day is not here yet, and that is said. */
export function dayDoc({ release, dates, deadlines }: DayView, { now }: PageRoom): Doc {
  return {
    title: `${release} release day`,
    heading: `Release day of ${release}`,
    lead: dates[0]?.shown ?? 'not in the calendar',
    tab: 'release',
    release,
    command: `signalbox calendar show ${release}`,
    blocks: [
      dateTable(dates, now, [
        `The calendar does not say when ${release} comes out. Say it: `,
        { kind: 'code', text: 'signalbox config explain calendar.cadence' },
      ]),
      deadlineTable(deadlines, now, [
        `The calendar has no deadlines of ${release}. `,
        { kind: 'link', href: '/calendar', text: 'All deadlines' },
      ]),
      {
        kind: 'notice',
        tone: 'info',
        text: 'The ordered list of what is done on the day is not part of Signalbox yet. What it rests on is: ',
        next: [
          { kind: 'link', href: `/r/${release}`, text: 'gates' },
          ', ',
          { kind: 'link', href: '/plans', text: 'plans' },
          ', ',
          { kind: 'link', href: `/r/${release}/artifacts?stages=all`, text: 'files by stage' },
        ],
      },
    ],
  };
}
