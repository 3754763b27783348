import { plannedText, type CalendarShown } from '../../app/calendar.ts';
import { CalendarDate, dateOf } from '../../domain/instant.ts';
import type { Room } from './answer.ts';
import { BLANK, line, span, type Line, type Tone } from './line.ts';
import { paragraph } from './paragraph.ts';
import { shape } from './shapes.ts';
import { table } from './table.ts';
import { clockTime, dayText, due, dueDay } from '../../domain/time-text.ts';

type Planned = CalendarShown['dates'][number];

/** Dates, deadlines with the time left, and every move of a date. */
export function renderCalendar({ dates, deadlines, slips }: CalendarShown, title: string, room: Room): readonly Line[] {
  if (dates.length === 0)
    return [line(`The calendar has no dates of ${title}. See: signalbox config explain calendar`)];
  return [
    line(span(title, 'strong')),
    BLANK,
    ...dateTable(dates, room),
    ...(deadlines.length === 0 ? [] : [BLANK, ...deadlineTable(deadlines, room)]),
    ...(slips.length === 0 ? [] : [BLANK]),
    ...slips.flatMap((slip) => {
      const days = slip.days === null ? '' : ` (${slip.days > 0 ? '+' : ''}${slip.days} d)`;
      const what = slip.what === 'cut' ? `${slip.line} branch cut` : `${slip.release} release`;
      return paragraph(
        line(
          `Moved: ${what} ${slip.from} to ${slip.to}${days}, ${dayText(slip.on, room.now)}, @${slip.by}, "${slip.why}"`,
        ),
        room.width,
        0,
        7,
      );
    }),
  ];
}

function dateTable(dates: readonly Planned[], room: Room): readonly Line[] {
  const rows = dates.map((planned) => {
    const { what, release, line: of, date } = planned;
    const left = leftOf(planned, room);
    return [
      line(span(what === 'cut' ? of : release, 'strong')),
      line(what === 'cut' ? 'branch cut' : what === 'release' ? 'release day' : 'patch release'),
      line(plannedText(date)),
      line(date.state === 'fixed' ? '' : span(date.state.replace('-', ' '), 'mute')),
      line(span(left.text, left.tone)),
    ];
  });
  const columns = [
    { title: 'RELEASE', whole: true },
    { title: 'WHAT' },
    { title: 'WHEN' },
    { title: 'STATE', optional: true },
    { title: 'LEFT', whole: true },
  ];
  return table({ columns, rows, width: room.width });
}

/** Time left to a day; a month is only told as past or not. */
function leftOf({ date }: Planned, room: Room): { readonly text: string; readonly tone: Tone } {
  if (date.on === undefined) return { text: '', tone: 'mute' };
  const day = CalendarDate.safeParse(date.on);
  if (day.success)
    return day.data < dateOf(room.now)
      ? { text: 'past', tone: 'mute' }
      : { text: dueDay(day.data, room.now), tone: 'text' };
  return date.on < room.now.slice(0, 7) ? { text: 'past', tone: 'mute' } : { text: '', tone: 'mute' };
}

function deadlineTable(deadlines: CalendarShown['deadlines'], room: Room): readonly Line[] {
  const rows = deadlines.map((deadline) => {
    const when = deadline.known
      ? clockTime(deadline.due, room.now)
      : `${dayText(deadline.earliest, room.now)} to ${dayText(deadline.latest, room.now)}`;
    const left = deadline.passed ? line(span('past', 'mute')) : line(deadline.known ? due(deadline.due, room.now) : '');
    return [
      line(shape(deadline.passed ? 'skipped' : 'queued')),
      line(span(deadline.id, 'strong')),
      line(`${deadline.patch === null ? '' : `${deadline.patch}: `}${deadline.title}`),
      line(when),
      left,
      line(deadline.owner ?? ''),
    ];
  });
  const columns = [
    { title: '' },
    { title: 'ID', whole: true },
    { title: 'DEADLINE' },
    { title: 'DUE', whole: true },
    { title: 'LEFT', whole: true },
    { title: 'OWNER', optional: true },
  ];
  return table({ columns, rows, width: room.width });
}
