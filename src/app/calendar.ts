import type { Instant } from '../domain/instant.ts';
import type { Train } from '../domain/train/train.ts';
import type { Line, ReleaseVersion } from '../domain/version.ts';
import {
  cadenceDates,
  deadlinesOf,
  plannedText,
  slipsOf,
  type CadenceDate,
  type Deadline,
  type Slip,
} from '../process/01-plan/index.ts';

export { cadenceMarkdown, plannedText } from '../process/01-plan/index.ts';

/** The dates of a line, or of all lines: what `calendar show` answers. Read from the train alone. */
export interface CalendarShown {
  readonly dates: readonly CadenceDate[];
  readonly deadlines: readonly Deadline[];
  readonly slips: readonly Slip[];
}

export function calendarOf(train: Train, line: Line | null, now: Instant): CalendarShown {
  const { calendar } = train;
  return line === null
    ? { dates: cadenceDates(calendar), deadlines: [], slips: slipsOf(calendar) }
    : {
        dates: cadenceDates(calendar, line),
        deadlines: deadlinesOf(calendar, line, now),
        slips: slipsOf(calendar, line),
      };
}

/** Releases that the train's calendar names, newest first; those that are not planned are left out. */
export function releasesIn(train: Train): readonly ReleaseVersion[] {
  const planned = cadenceDates(train.calendar).filter(
    ({ what, date }) => what !== 'cut' && date.state !== 'not-planned',
  );
  return [...new Set(planned.map(({ release }) => release))].toReversed();
}

/** Every date as comma-separated values: line, what, release, date, state, as shown. */
export function calendarCsv(train: Train): string {
  const rows = cadenceDates(train.calendar).map(({ line, what, release, date }) => [
    line,
    what,
    release,
    date.on ?? '',
    date.state,
    plannedText(date),
  ]);
  return [['line', 'what', 'release', 'date', 'state', 'shown'], ...rows]
    .map((row) => `${row.map(csvField).join(',')}\r\n`)
    .join('');
}

/** Quoted where it must be (RFC 4180); a text that a spreadsheet would take for a formula gets an apostrophe. */
function csvField(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
