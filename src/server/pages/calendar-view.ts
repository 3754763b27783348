import type { CalendarView, DeadlineView } from '../../api/views/calendar.ts';
import { calendarOf, plannedText, type CalendarShown } from '../../app/calendar.ts';
import type { Instant } from '../../domain/instant.ts';
import type { Train } from '../../domain/train/train.ts';
import type { Line } from '../../domain/version.ts';

/** Every date, deadline and move of the train's calendar. */
export function calendarView(train: Train, now: Instant): CalendarView {
  const all = calendarOf(train, null, now);
  const lines = [...new Set(all.dates.map(({ line }) => line))];
  return {
    title: train.title,
    dates: all.dates.map(({ line, what, release, date }) => ({
      line,
      what,
      release,
      on: date.on ?? null,
      state: date.state,
      shown: plannedText(date),
      was: date.moved.at(-1)?.from ?? null,
    })),
    deadlines: lines.flatMap((line) =>
      calendarOf(train, line, now).deadlines.map((deadline) => deadlineView(line, deadline)),
    ),
    slips: all.slips.map(({ line, what, release, from, to, days, on, by, why }) => ({
      line,
      what,
      release,
      from,
      to,
      days,
      on,
      by,
      why,
    })),
  };
}

/** A deadline of a line, for pages. */
export function deadlineView(line: Line, deadline: CalendarShown['deadlines'][number]): DeadlineView {
  const { id, title, owner, patch, tentative, passed } = deadline;
  const when = deadline.known
    ? { due: deadline.due, earliest: null, latest: null }
    : { due: null, earliest: deadline.earliest, latest: deadline.latest };
  return { line, id, title, owner, patch, tentative, passed, ...when };
}
