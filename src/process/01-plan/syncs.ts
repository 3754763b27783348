import { addDays, addSeconds, type CalendarDate, type Instant } from '../../domain/instant.ts';
import { momentsOf, weekdayOf, Weekday } from '../../domain/local-time.ts';
import { dayOf } from '../../domain/month.ts';
import type { LaunchSync } from '../../domain/train/launch-sync.ts';
import type { Train } from '../../domain/train/train.ts';
import { lineOf, patchNumber, type ReleaseVersion } from '../../domain/version.ts';

/** One meeting of the series. */
export interface SyncMeeting {
  /** The same for the same day of the same release for ever. */
  readonly id: string;
  /** From 1. */
  readonly number: number;
  /** On a clock of the train's zone. */
  readonly date: CalendarDate;
  readonly starts: Instant;
  readonly ends: Instant;
  /** Whether the cut or the release may still move. */
  readonly tentative: boolean;
}

/** The meetings of a release; or why there is no series. */
export type SyncSeries =
  | {
      readonly known: true;
      readonly settings: LaunchSync;
      readonly meetings: readonly SyncMeeting[];
      /** How often the dates it hangs on were moved. */
      readonly revision: number;
    }
  | { readonly known: false; readonly why: string; readonly fix: string };

/** The meetings after the cut, once a week, the last in the week of the release. A day that is not planned is never made up. */
export function syncSeries({ train, launchSync: settings, calendar }: Train, release: ReleaseVersion): SyncSeries {
  if (settings === undefined)
    return none(
      'the train file has no launchSync',
      'set it: launchSync: { weekday: tue, at: "09:00", zone: America/Los_Angeles }',
    );
  if (patchNumber(release) > 0)
    return none(`${release} is a patch release; the series is of minor ones`, `signalbox calendar show ${release}`);
  const dates = calendar.cadence[lineOf(release)];
  const [cut, day] = [dates?.cut.on, dates?.release.on].map((on) => (on === undefined ? null : dayOf(on)));
  if (dates === undefined || cut === null || cut === undefined || day === null || day === undefined) {
    const which = cut === null || cut === undefined ? 'cut' : 'release';
    return none(
      `the calendar has no day of the ${which} of ${lineOf(release)}`,
      `plan it in the calendar: cadence.${lineOf(release)}.${which}.on`,
    );
  }
  const last = addDays(day, Weekday.options.length - 1 - Weekday.options.indexOf(weekdayOf(day)));
  const first = nextDay(addDays(cut, 1), settings.weekday);
  const tentative = dates.cut.state === 'tentative' || dates.release.state === 'tentative';
  const meetings: SyncMeeting[] = [];
  for (let date = first; date <= last && meetings.length < MOST_MEETINGS; date = addDays(date, 7)) {
    const [starts] = momentsOf(settings.zone, date, settings.at);
    const ends = addSeconds(starts, settings.minutes * 60);
    meetings.push({
      id: `${train}-${release}-sync-${date}`,
      number: meetings.length + 1,
      date,
      starts,
      ends,
      tentative,
    });
  }
  if (meetings.length === 0)
    return none(
      `no ${settings.weekday} lies between the cut (${cut}) and the week of the release (${day})`,
      'look at the dates of the calendar',
    );
  return { known: true, settings, meetings, revision: dates.cut.moved.length + dates.release.moved.length };
}

/** Two years of weeks: more is a mistake in the calendar. */
const MOST_MEETINGS = 104;

function none(why: string, fix: string): SyncSeries {
  return { known: false, why, fix };
}

function nextDay(from: CalendarDate, weekday: Weekday): CalendarDate {
  const ahead = Weekday.options.indexOf(weekday) - Weekday.options.indexOf(weekdayOf(from));
  return addDays(from, (ahead + 7) % 7);
}
