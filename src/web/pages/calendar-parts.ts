import type { CalendarView, DeadlineView, PlannedDateView } from '../../api/views/calendar.ts';
import { CalendarDate, dateOf, type Instant } from '../../domain/instant.ts';
import { dateText } from '../../domain/month.ts';
import { dayText, dueDay } from '../../domain/time-text.ts';
import type { Block, Inline, Rich, Row } from '../doc.ts';

const WHAT = { cut: 'branch cut', release: 'release day', patch: 'patch release' } as const;

/** `2.8 branch cut`, `2.8.1 patch release`. */
export function dateName({ what, line, release }: Pick<PlannedDateView, 'line' | 'release' | 'what'>): string {
  return `${what === 'cut' ? line : release} ${WHAT[what]}`;
}

/** Dates as a table, with the time left. */
export function dateTable(dates: readonly PlannedDateView[], now: Instant, empty: Rich): Block {
  return {
    kind: 'table',
    id: 'dates',
    caption: 'Dates',
    columns: [
      { key: 'release', name: 'Release' },
      { key: 'what', name: 'What' },
      { key: 'when', name: 'When' },
      { key: 'state', name: 'State' },
      { key: 'left', name: 'Left' },
    ],
    groups: [
      {
        name: null,
        rows: dates.map((date): Row => ({
          key: `${date.line}-${date.what}-${date.release}`,
          cells: [
            date.what === 'cut' ? date.line : date.release,
            WHAT[date.what],
            `${date.on === null ? date.shown : dateText(date.on)}${date.was === null ? '' : ` (was ${dateText(date.was)})`}`,
            date.state === 'fixed' ? '' : date.state.replace('-', ' '),
            leftOf(date, now),
          ],
        })),
      },
    ],
    empty,
  };
}

/** Time left to a day; a month is only told as past or not. */
function leftOf({ on }: PlannedDateView, now: Instant): string {
  if (on === null) return '';
  const day = CalendarDate.safeParse(on);
  if (day.success) return day.data < dateOf(now) ? 'past' : dueDay(day.data, now);
  return on < now.slice(0, 7) ? 'past' : '';
}

/** Deadlines as a table, those that are to come first. */
export function deadlineTable(deadlines: readonly DeadlineView[], now: Instant, empty: Rich): Block {
  const groups = [
    { name: 'To come', rows: deadlines.filter(({ passed }) => !passed).map((each) => deadlineRow(each, now)) },
    { name: 'Past', rows: deadlines.filter(({ passed }) => passed).map((each) => deadlineRow(each, now)) },
  ];
  return {
    kind: 'table',
    id: 'deadlines',
    caption: 'Deadlines',
    columns: [
      { key: 'state', name: 'State' },
      { key: 'id', name: 'Id' },
      { key: 'title', name: 'Deadline' },
      { key: 'due', name: 'Due' },
      { key: 'left', name: 'Left' },
      { key: 'owner', name: 'Owner' },
    ],
    groups: groups.filter(({ rows }) => rows.length > 0),
    empty,
  };
}

function deadlineRow(deadline: DeadlineView, now: Instant): Row {
  const { line, id, title, owner, patch, tentative, due, earliest, latest, passed } = deadline;
  const when: Rich =
    due === null
      ? `${earliest === null ? '' : dayText(earliest, now)} to ${latest === null ? '' : dayText(latest, now)}`
      : { kind: 'time', at: due, form: 'minute' };
  const left: Rich = passed ? 'past' : due === null ? '' : { kind: 'time', at: due, form: 'until' };
  const state: Inline = passed
    ? { kind: 'state', state: 'skipped', word: 'past' }
    : { kind: 'state', state: 'queued', word: tentative ? 'tentative' : 'to come' };
  return {
    key: `${line}-${patch ?? ''}-${id}`,
    cells: [
      state,
      `${line} ${id}`,
      `${patch === null ? '' : `${patch}: `}${title}`,
      when,
      left,
      owner ?? 'nobody named',
    ],
  };
}

/** Every move of a date, with who moved it and why. */
export function slipsBlock(slips: CalendarView['slips'], now: Instant): Block {
  return {
    kind: 'table',
    id: 'slips',
    caption: 'Dates that were moved',
    columns: [
      { key: 'what', name: 'What' },
      { key: 'from', name: 'From' },
      { key: 'to', name: 'To' },
      { key: 'days', name: 'By', align: 'right' },
      { key: 'on', name: 'On' },
      { key: 'by', name: 'Who' },
      { key: 'why', name: 'Why' },
    ],
    groups: [
      {
        name: null,
        rows: slips.map((slip, index): Row => {
          const day = CalendarDate.safeParse(slip.on);
          return {
            key: `${slip.release}-${slip.what}-${index}`,
            cells: [
              dateName(slip),
              slip.from,
              slip.to,
              slip.days === null ? '' : `${slip.days > 0 ? '+' : ''}${slip.days} d`,
              day.success ? dayText(day.data, now) : slip.on,
              { kind: 'person', login: slip.by },
              slip.why,
            ],
          };
        }),
      },
    ],
    empty: 'None of these dates was moved. A move is an entry `moved` beside the date in the calendar.',
  };
}
