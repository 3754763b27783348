import type { CalendarDate } from '../../domain/instant.ts';
import { dateText, type MonthOrDay } from '../../domain/month.ts';
import { refuse, succeed, type Result } from '../../domain/result.ts';
import type { Calendar, PlannedDate } from '../../domain/train/calendar.ts';
import { lineOf, patchNumber, type Line, type ReleaseVersion } from '../../domain/version.ts';

/** A date of the cadence: that of the cut, of the minor release, or of one of the patches, counted from 0. */
export interface DatePlace {
  readonly line: Line;
  readonly what: 'cut' | 'release' | 'patch';
  readonly index: number;
}

export type MoveProblem =
  | { readonly code: 'line-unknown'; readonly release: ReleaseVersion; readonly known: readonly string[] }
  | { readonly code: 'patch-unknown'; readonly release: ReleaseVersion; readonly planned: number }
  | { readonly code: 'milestone-unknown'; readonly typed: string; readonly known: readonly string[] }
  | {
      readonly code: 'milestone-counted';
      readonly id: string;
      readonly anchor: string;
      readonly days: number;
      readonly release: ReleaseVersion;
    }
  | { readonly code: 'cut-of-a-patch'; readonly release: ReleaseVersion };

/** What is wrong, with which thing, and what to do next. */
export function explainMove(problem: MoveProblem): string {
  switch (problem.code) {
    case 'line-unknown': {
      const known = problem.known.length === 0 ? 'none' : problem.known.join(', ');
      return `The calendar has no dates of ${lineOf(problem.release)}. It has: ${known}. Propose them: signalbox calendar propose ${lineOf(problem.release)}.0`;
    }
    case 'patch-unknown':
      return `The calendar plans ${problem.planned} patches of ${lineOf(problem.release)}, and ${problem.release} comes further back than the next one. Plan the patches before it first.`;
    case 'milestone-unknown':
      return `"${problem.typed.slice(0, 60)}" is no date that can be moved. There are: ${problem.known.join(', ')}.`;
    case 'milestone-counted':
      return `${problem.id} is counted from the ${problem.anchor} (${problem.days > 0 ? '+' : ''}${problem.days} days), and moves with it: signalbox calendar move ${problem.release} ${problem.anchor === 'cut' ? 'cut' : 'release'} DATE; or change calendar.milestones`;
    case 'cut-of-a-patch':
      return `${problem.release} is a patch, and only minor releases are cut. Name the minor: signalbox calendar move ${lineOf(problem.release)}.0 cut DATE`;
  }
}

/** Which date a milestone of a release is: `cut`, `release`, or a milestone of the calendar that is due on the very day of one. A patch's next number may be planned anew. */
export function datePlace(calendar: Calendar, release: ReleaseVersion, typed: string): Result<DatePlace, MoveProblem> {
  const line = lineOf(release);
  const dates = calendar.cadence[line];
  if (dates === undefined) return refuse({ code: 'line-unknown', release, known: Object.keys(calendar.cadence) });
  const patch = patchNumber(release);
  if (patch > dates.patches.length + 1)
    return refuse({ code: 'patch-unknown', release, planned: dates.patches.length });
  const milestone = calendar.milestones.find(({ id }) => id.toLowerCase() === typed.toLowerCase());
  if (milestone !== undefined && milestone.days !== 0) {
    const { id, anchor, days } = milestone;
    return refuse({ code: 'milestone-counted', id, anchor, days, release });
  }
  const what = milestone?.anchor ?? typed.toLowerCase();
  if (what === 'cut' && patch > 0) return refuse({ code: 'cut-of-a-patch', release });
  if (what === 'cut') return succeed({ line, what: 'cut', index: 0 });
  const isRelease = what === 'release' || (what === 'patch' && patch > 0);
  if (!isRelease) {
    const due = calendar.milestones.filter(({ days, anchor }) => days === 0 && patch > 0 === (anchor === 'patch'));
    return refuse({
      code: 'milestone-unknown',
      typed,
      known: [...(patch > 0 ? [] : ['cut']), 'release', ...due.map(({ id }) => id)],
    });
  }
  return succeed(patch === 0 ? { line, what: 'release', index: 0 } : { line, what: 'patch', index: patch - 1 });
}

/** The date at a place; undefined for a patch that is not planned yet. */
export function dateAt(calendar: Calendar, { line, what, index }: DatePlace): PlannedDate | undefined {
  const dates = calendar.cadence[line];
  return what === 'patch' ? dates?.patches[index] : dates?.[what];
}

export interface Move {
  readonly to: MonthOrDay;
  /** `fixed`: it is settled; null: as settled as it was, and tentative where there was no date. */
  readonly state: 'fixed' | null;
  readonly on: CalendarDate;
  readonly by: string;
  readonly why: string;
}

/** A date after a move. What was not planned has nothing to be moved from: it is only planned. */
export function movedDate(old: PlannedDate | undefined, move: Move): PlannedDate & { on: MonthOrDay } {
  const { to, on, by, why } = move;
  const before = old?.on;
  const moved = old?.moved ?? [];
  const state = move.state ?? (before === undefined ? 'tentative' : (old?.state ?? 'tentative'));
  return {
    on: to,
    state,
    moved: before === undefined || before === to ? moved : [...moved, { on, from: before, to, by, why }],
  };
}

/** Whether a date is as a move would have it. */
export function isMoved(old: PlannedDate | undefined, { to, state }: Pick<Move, 'to' | 'state'>): boolean {
  return old?.on === to && (state === null || old.state === state);
}

/** `the cut of 2.8`, `2.8.1`. */
function placeName({ line, what, index }: DatePlace): string {
  return what === 'cut' ? `the cut of ${line}` : what === 'release' ? `${line}.0` : `${line}.${index + 1}`;
}

/** `the cut of 2.8 on 24 Jun 2025`. */
export function moveTitle(place: DatePlace, to: MonthOrDay): string {
  return `Calendar: ${placeName(place)} ${to.length === 7 ? 'in' : 'on'} ${dateText(to)}`;
}
