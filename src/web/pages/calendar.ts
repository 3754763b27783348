import type { CalendarView, PlannedDateView } from '../../api/views/calendar.ts';
import { addDays, CalendarDate, dateOf, Instant } from '../../domain/instant.ts';
import { dayOf } from '../../domain/month.ts';
import type { Block, Doc, PageRoom, TimelineSpan } from '../doc.ts';
import { dateName, dateTable, deadlineTable, slipsBlock } from './calendar-parts.ts';
import { choicesOf } from './pick-parts.ts';

/** Days that the picture looks back and ahead. */
const BACK = 120;
const AHEAD = 400;

/** Cadence, deadlines and moves of dates. */
export function calendarDoc(view: CalendarView, room: PageRoom): Doc {
  const { now, query } = room;
  const lines = [...new Set(view.dates.map(({ line }) => line))].toReversed();
  const asked = lines.find((line) => line === query['line']) ?? null;
  const shown = view.dates.filter((date) => (asked === null ? isNear(date, now) : date.line === asked));
  const near = new Set(shown.map(({ line }) => line));
  const deadlines = view.deadlines.filter(({ line, passed }) =>
    asked === null ? near.has(line) && !passed : line === asked,
  );
  return {
    title: asked === null ? `${view.title} calendar` : `${view.title} ${asked} calendar`,
    heading: asked === null ? `Calendar of ${view.title}` : `Calendar of ${view.title} ${asked}`,
    lead: [{ kind: 'link', href: '/calendar.ics', text: '.ics for your calendar' }],
    tab: 'calendar',
    release: null,
    command: asked === null ? 'signalbox calendar show' : `signalbox calendar show ${asked}.0`,
    blocks: [
      {
        kind: 'filter',
        label: 'Show',
        fields: [
          {
            name: 'line',
            label: 'Line',
            kind: 'choice',
            value: asked ?? 'all',
            choices: [{ value: 'all', label: 'all that is near' }, ...choicesOf(lines)],
          },
        ],
      },
      ...timelineOf(shown, room),
      deadlineTable(deadlines, now, [
        asked === null ? 'No deadline is to come. ' : `The calendar has no deadlines of ${asked}. `,
        'Deadlines are counted from dates: ',
        { kind: 'code', text: 'signalbox config explain calendar.milestones' },
      ]),
      dateTable(shown, now, [
        'The calendar has no dates near today. All of them: ',
        { kind: 'code', text: 'signalbox calendar show' },
      ]),
      slipsBlock(
        view.slips.filter(({ line }) => near.has(line)),
        now,
      ),
    ],
  };
}

function isNear({ on }: PlannedDateView, now: Instant): boolean {
  if (on === null) return false;
  const today = dateOf(now);
  const text: string = on;
  return text >= addDays(today, -BACK).slice(0, text.length) && text <= addDays(today, AHEAD);
}

function timelineOf(dates: readonly PlannedDateView[], { now }: PageRoom): readonly Block[] {
  const spans = [...Map.groupBy(dates, ({ line }) => line)].flatMap(([line, those]) => spansOf(line, those, now));
  return spans.length === 0
    ? []
    : [{ kind: 'picture', id: 'cadence', caption: 'Cadence by line', picture: { kind: 'timeline', spans, now } }];
}

/** What is planned of a line: from the cut to the day of the release, and each date. A month is as long as it is. */
function spansOf(line: string, dates: readonly PlannedDateView[], now: Instant): readonly TimelineSpan[] {
  const dayFor = (what: PlannedDateView['what']): CalendarDate | null => {
    const on = dates.find((date) => date.what === what)?.on ?? null;
    return on === null ? null : dayOf(on);
  };
  const [cut, release] = [dayFor('cut'), dayFor('release')];
  const bar =
    cut === null || release === null
      ? []
      : [spanOf({ line, name: `${line} cut to release`, from: cut, to: release }, now)];
  return [
    ...bar,
    ...dates.flatMap((date): readonly TimelineSpan[] => {
      const bounds = date.on === null ? null : boundsOf(date.on);
      if (bounds === null) return [];
      const was = date.was === null ? null : dayOf(date.was);
      const tentative = date.state === 'tentative' ? ', tentative' : '';
      return [
        {
          ...spanOf({ line, name: `${dateName(date)}${tentative}`, ...bounds }, now),
          ...(was === null ? {} : { was: startOf(was) }),
        },
      ];
    }),
  ];
}

function boundsOf(
  on: NonNullable<PlannedDateView['on']>,
): { readonly from: CalendarDate; readonly to: CalendarDate } | null {
  const day = dayOf(on);
  if (day !== null) return { from: day, to: day };
  const first = CalendarDate.safeParse(`${on}-01`);
  if (!first.success) return null;
  const next = addDays(first.data, 31).slice(0, 7);
  return { from: first.data, to: addDays(CalendarDate.parse(`${next}-01`), -1) };
}

function spanOf(
  {
    line,
    name,
    from,
    to,
  }: { readonly line: string; readonly name: string; readonly from: CalendarDate; readonly to: CalendarDate },
  now: Instant,
): TimelineSpan {
  const today = dateOf(now);
  const state = to < today ? 'pass' : from <= today ? 'running' : 'queued';
  return { lane: line, name, from: startOf(from), to: startOf(to), state };
}

function startOf(day: CalendarDate): Instant {
  return Instant.parse(`${day}T00:00:00Z`);
}
