import { addDays, type CalendarDate, daysBetween, Instant } from '../../domain/instant.ts';
import { dayOf, type MonthOrDay, spanOf } from '../../domain/month.ts';
import type { Calendar, CalendarMilestone, MovedDate } from '../../domain/train/calendar.ts';
import { releaseOn, type Line, type ReleaseVersion } from '../../domain/version.ts';
import { type CadenceDate, cadenceDates } from './cadence.ts';

/** A deadline of a line: when it is due, or what is not known about it yet. */
export type Deadline = {
  readonly id: string;
  readonly title: string;
  readonly owner: string | null;
  /** The patch release that it is for; null for the line and its minor release. */
  readonly patch: ReleaseVersion | null;
  /** Whether the date it is counted from may still move. */
  readonly tentative: boolean;
} & (
  | { readonly known: true; readonly due: Instant; readonly passed: boolean }
  /** Only the month of the anchor is known: it is due between these days, both included. */
  | { readonly known: false; readonly earliest: CalendarDate; readonly latest: CalendarDate; readonly passed: boolean }
);

/** The deadlines of a line in the order in which they are due; none when the cadence does not know the line. */
export function deadlinesOf(calendar: Calendar, line: Line, now: Instant): readonly Deadline[] {
  const dates = calendar.cadence[line];
  if (dates === undefined) return [];
  const deadlines = calendar.milestones.flatMap((milestone) => {
    const anchors =
      milestone.anchor === 'patch'
        ? dates.patches.map((date, index) => ({ date, patch: releaseOn(line, index + 1) }))
        : [{ date: dates[milestone.anchor], patch: null }];
    return anchors.flatMap(({ date, patch }) =>
      date.on === undefined
        ? []
        : [deadlineOf(milestone, { on: date.on, tentative: date.state === 'tentative', patch }, now)],
    );
  });
  return deadlines.toSorted((left, right) => (sortText(left) < sortText(right) ? -1 : 1));
}

interface Anchor {
  readonly on: MonthOrDay;
  readonly tentative: boolean;
  readonly patch: ReleaseVersion | null;
}

function deadlineOf(milestone: CalendarMilestone, { on: anchor, tentative, patch }: Anchor, now: Instant): Deadline {
  const { id, title, days, at } = milestone;
  const common = { id, title, owner: milestone.owner ?? null, patch, tentative };
  const moment = (day: CalendarDate): Instant => Instant.parse(`${addDays(day, days)}T${at}:00Z`);
  const day = dayOf(anchor);
  if (day !== null) return { ...common, known: true, due: moment(day), passed: moment(day) < now };
  const { from, until } = spanOf(anchor);
  const last = addDays(until, -1);
  return {
    ...common,
    known: false,
    earliest: addDays(from, days),
    latest: addDays(last, days),
    passed: moment(last) < now,
  };
}

function sortText(deadline: Deadline): string {
  return `${deadline.known ? deadline.due : deadline.latest} ${deadline.id}`;
}

/** A date that was moved, with what it is the date of. */
export interface Slip extends MovedDate {
  readonly line: Line;
  readonly what: CadenceDate['what'];
  readonly release: CadenceDate['release'];
  /** Days from the old to the new date; null while one of them is only a month. */
  readonly days: number | null;
}

/** Every move of a date of the line, or of all lines, oldest first. */
export function slipsOf(calendar: Calendar, line?: Line): readonly Slip[] {
  const slips = cadenceDates(calendar, line).flatMap(({ date, ...of }) =>
    date.moved.map((moved) => {
      const from = dayOf(moved.from);
      const to = dayOf(moved.to);
      return { ...of, ...moved, days: from === null || to === null ? null : daysBetween(from, to) };
    }),
  );
  return slips.toSorted((left, right) => (left.on < right.on ? -1 : left.on > right.on ? 1 : 0));
}
