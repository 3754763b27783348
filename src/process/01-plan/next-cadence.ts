import { addDays, daysBetween } from '../../domain/instant.ts';
import { dayOf, MonthOrDay } from '../../domain/month.ts';
import { refuse, succeed, type Result } from '../../domain/result.ts';
import type { Calendar, PlannedDate } from '../../domain/train/calendar.ts';
import { compareVersions, Line } from '../../domain/version.ts';

/** A date of a line that is only proposed, as the train file writes it. */
export type ProposedDate = { readonly on: MonthOrDay; readonly state: 'tentative' } | { readonly state: 'not-planned' };

/** The dates of a new line. */
export interface ProposedCadence {
  readonly line: Line;
  /** The line whose distances were taken. */
  readonly from: Line;
  readonly cut: ProposedDate;
  readonly release: ProposedDate;
  readonly patches: readonly ProposedDate[];
}

export type CadenceProblem =
  | { readonly code: 'line-there'; readonly line: Line }
  | { readonly code: 'no-previous'; readonly line: Line; readonly from: Line | null; readonly known: readonly Line[] }
  | { readonly code: 'not-after'; readonly line: Line; readonly from: Line }
  | { readonly code: 'no-distance'; readonly line: Line; readonly from: Line }
  | { readonly code: 'not-planned'; readonly from: Line; readonly what: 'cut' | 'release' };

/** What is wrong, with which line, and what to do next. */
export function explainCadence(problem: CadenceProblem): string {
  switch (problem.code) {
    case 'line-there':
      return `The calendar has ${problem.line} already. See it: signalbox calendar show ${problem.line}.0; a date is moved by: signalbox calendar move`;
    case 'no-previous': {
      const known = problem.known.length === 0 ? 'none' : problem.known.join(', ');
      return `The calendar has no line ${problem.from ?? `before ${problem.line}`} to take distances from. It has: ${known}. Name one: --from REL`;
    }
    case 'not-after':
      return `${problem.from} does not come before ${problem.line}, so that its dates are no measure for it. Name an older one: --from REL`;
    case 'no-distance':
      return `The calendar knows no cut before that of ${problem.from}, so that nobody can say how far apart cuts are. Say when ${problem.line} is cut: --cut 2026-03 or --cut 2026-03-16`;
    case 'not-planned':
      return `The ${problem.what} of ${problem.from} has no date to count from. Give it one: signalbox calendar move ${problem.from}.0 ${problem.what} DATE; or name another line: --from REL`;
  }
}

export interface CadenceRequest {
  readonly line: Line;
  /** The line before; null: the newest one before it that the calendar has. */
  readonly from: Line | null;
  /** When it is cut; null: as far after the cut before as that was after the one before it. */
  readonly cut: MonthOrDay | null;
}

/**
 * The dates of a new line by the distances of the one before: cut to cut, cut to release, release to each patch. Days are counted where both ends are days, months
 * otherwise: a day is never made up. All of them are tentative; what was not planned is not planned again.
 */
export function proposeCadence(calendar: Calendar, request: CadenceRequest): Result<ProposedCadence, CadenceProblem> {
  const { line } = request;
  const lines = Object.keys(calendar.cadence)
    .map((each) => Line.parse(each))
    .toSorted(compareVersions);
  if (lines.includes(line)) return refuse({ code: 'line-there', line });
  const from = request.from ?? lines.findLast((each) => compareVersions(each, line) < 0) ?? null;
  const dates = from === null ? undefined : calendar.cadence[from];
  if (from === null || dates === undefined) return refuse({ code: 'no-previous', line, from, known: lines });
  if (compareVersions(from, line) >= 0) return refuse({ code: 'not-after', line, from });
  const [oldCut, oldRelease] = [dates.cut.on, dates.release.on];
  if (oldCut === undefined) return refuse({ code: 'not-planned', from, what: 'cut' });
  if (oldRelease === undefined) return refuse({ code: 'not-planned', from, what: 'release' });
  const before = lines.findLast((each) => compareVersions(each, from) < 0);
  const cutBefore = before === undefined ? undefined : calendar.cadence[before]?.cut.on;
  if (request.cut === null && cutBefore === undefined) return refuse({ code: 'no-distance', line, from });
  const cut = request.cut ?? shifted(oldCut, cutBefore ?? oldCut, oldCut);
  const release = shifted(cut, oldCut, oldRelease);
  return succeed({
    line,
    from,
    cut: tentative(cut),
    release: tentative(release),
    patches: dates.patches.map(({ on }: PlannedDate) =>
      on === undefined ? { state: 'not-planned' } : tentative(shifted(release, oldRelease, on)),
    ),
  });
}

function tentative(on: MonthOrDay): ProposedDate {
  return { on, state: 'tentative' };
}

/** As far after `base` as `to` is after `from`. */
function shifted(base: MonthOrDay, from: MonthOrDay, to: MonthOrDay): MonthOrDay {
  const [day, first, last] = [dayOf(base), dayOf(from), dayOf(to)];
  if (day !== null && first !== null && last !== null) return MonthOrDay.parse(addDays(day, daysBetween(first, last)));
  const months = monthNumber(base) + monthNumber(to) - monthNumber(from);
  return MonthOrDay.parse(
    `${String(Math.floor(months / 12)).padStart(4, '0')}-${String((months % 12) + 1).padStart(2, '0')}`,
  );
}

function monthNumber(date: MonthOrDay): number {
  return Number(date.slice(0, 4)) * 12 + Number(date.slice(5, 7)) - 1;
}
