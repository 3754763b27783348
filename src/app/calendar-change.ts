import type { Json } from '../domain/canonical-json.ts';
import { dateOf } from '../domain/instant.ts';
import type { MonthOrDay } from '../domain/month.ts';
import { refuse, succeed, type Result } from '../domain/result.ts';
import { CadenceLine, type Calendar, type PlannedDate } from '../domain/train/calendar.ts';
import type { Train } from '../domain/train/train.ts';
import { lineOf, patchNumber, type Line, type ReleaseVersion } from '../domain/version.ts';
import {
  type CalendarFinding,
  calendarFindings,
  dateAt,
  type DatePlace,
  datePlace,
  explainCadence,
  explainMove,
  isMoved,
  type Move,
  movedDate,
  moveTitle,
  proposeCadence,
} from '../process/01-plan/index.ts';
import type { App } from './app.ts';
import { calendarOf, type CalendarShown } from './calendar.ts';
import { NO_REASON } from './patch/logins.ts';
import type { PlanInput } from './planned.ts';
import { refuseWith, type AppProblem } from './problem.ts';
import { checkedTrain } from './train-file/checked.ts';
import type { TrainEdit } from './train-file/edit-files.ts';
import { proposeTrainChange, type ProposedChange } from './train-file/propose.ts';

/** A change of the calendar with what it would look like, and what people should look at. */
export interface CalendarChange {
  readonly change: ProposedChange;
  /** The dates and deadlines of the line as they would be. */
  readonly calendar: CalendarShown;
  readonly findings: readonly CalendarFinding[];
  /** Where changes of the schedule are announced; null where the train names no place. */
  readonly announce: string | null;
}

/** Proposes the dates of a new minor by the distances of the one before. */
export async function proposeDates(
  app: App,
  input: PlanInput & {
    readonly release: ReleaseVersion;
    readonly from: ReleaseVersion | null;
    readonly cut: MonthOrDay | null;
  },
): Promise<Result<CalendarChange, AppProblem>> {
  const { release, from, cut } = input;
  const line = lineOf(release);
  if (patchNumber(release) > 0) {
    const text = `${release} is a patch: its dates are those of its phases. Propose them: signalbox patch schedule ${release}`;
    return refuse({ kind: 'usage', code: 'not-a-minor', text });
  }
  const { train } = app.loaded;
  const found = proposeCadence(train.calendar, { line, from: from === null ? null : lineOf(from), cut });
  if (!found.ok)
    return refuseWith(found.problems, {
      explain: explainCadence,
      kindOf: ({ code }) => (code === 'line-there' ? 'refused' : 'usage'),
    });
  const { from: previous, cut: cutDate, release: releaseDate, patches } = found.value;
  const dates = { cut: cutDate, release: releaseDate, patches };
  const after = withLine(train, line, CadenceLine.parse(dates));
  const checked = checkedTrain(train, after);
  if (!checked.ok) return checked;
  const findings = calendarFindings(after, line, app.clock.now());
  const change = await proposeTrainChange(app, input, {
    release,
    topic: `calendar-${line}`,
    title: `Calendar: dates of ${line}`,
    because: [`Proposed by the distances of ${previous}.`, ...findings.map(({ text }) => `Look at: ${text}`)],
    edits: () => [{ path: ['calendar', 'cadence', line], value: dates }],
    isThere: ({ calendar }) => calendar.cadence[line] !== undefined,
  });
  return change.ok ? succeed(answer(app, { change: change.value, after, line, findings })) : change;
}

/** Moves one date: of the cut, of a minor or of a patch release. The old date, who and why stay in the file. */
export async function moveDate(
  app: App,
  input: PlanInput & {
    readonly release: ReleaseVersion;
    /** `cut`, `release`, or a milestone that is due on the very day of one. */
    readonly milestone: string;
    readonly to: MonthOrDay;
    readonly isFixed: boolean;
    readonly reason: string;
  },
): Promise<Result<CalendarChange, AppProblem>> {
  const { release, milestone, to, isFixed, reason } = input;
  if (reason.trim() === '') return refuse(NO_REASON);
  const { train } = app.loaded;
  const found = datePlace(train.calendar, release, milestone);
  if (!found.ok) return refuseWith(found.problems, { explain: explainMove, kindOf: () => 'usage' });
  const place = found.value;
  const now = app.clock.now();
  const move: Move = { to, state: isFixed ? 'fixed' : null, on: dateOf(now), by: await app.who(), why: reason };
  const after = { ...train, calendar: withMove(train.calendar, place, move) };
  const checked = checkedTrain(train, after);
  if (!checked.ok) return checked;
  const findings = calendarFindings(after, place.line, now);
  const change = await proposeTrainChange(app, input, {
    release,
    topic: `calendar-${place.what === 'cut' ? `${place.line}-cut` : release}-${to}`,
    title: moveTitle(place, to),
    because: [`Moved by ${move.by}: ${reason}`, ...findings.map(({ text }) => `Look at: ${text}`)],
    edits: (known) => moveEdits(known, place, move),
    isThere: ({ calendar }) => isMoved(dateAt(calendar, place), move),
  });
  return change.ok ? succeed(answer(app, { change: change.value, after, line: place.line, findings })) : change;
}

function answer(
  app: App,
  {
    change,
    after,
    line,
    findings,
  }: Pick<CalendarChange, 'change' | 'findings'> & { readonly after: Train; readonly line: Line },
): CalendarChange {
  const announce = after.calendar.announcements ?? null;
  return { change, calendar: calendarOf(after, line, app.clock.now()), findings, announce };
}

function withLine(train: Train, line: Line, dates: CadenceLine): Train {
  return { ...train, calendar: { ...train.calendar, cadence: { ...train.calendar.cadence, [line]: dates } } };
}

function withMove(calendar: Calendar, place: DatePlace, move: Move): Calendar {
  const { line, what, index } = place;
  const dates = calendar.cadence[line];
  if (dates === undefined) return calendar;
  const date: PlannedDate = movedDate(dateAt(calendar, place), move);
  const changed =
    what === 'patch'
      ? { ...dates, patches: [...dates.patches.slice(0, index), date, ...dates.patches.slice(index + 1)] }
      : { ...dates, [what]: date };
  return { ...calendar, cadence: { ...calendar.cadence, [line]: changed } };
}

/** Key by key, so that whatever else stands at the date stays; a text that stood for the old date goes. */
function moveEdits({ calendar }: Train, place: DatePlace, move: Move): readonly TrainEdit[] {
  const { line, what, index } = place;
  const at = ['calendar', 'cadence', line, ...(what === 'patch' ? ['patches', index] : [what])];
  const old = dateAt(calendar, place);
  const date = movedDate(old, move);
  const patches = withMove(calendar, place, move).cadence[line]?.patches ?? [];
  const whole = { path: ['calendar', 'cadence', line, 'patches'], value: patches.map(written) };
  const list = what === 'patch' ? { list: whole } : {};
  return [
    { path: [...at, 'on'], value: date.on, ...list },
    ...(old?.state === date.state ? [] : [{ path: [...at, 'state'], value: date.state, ...list }]),
    ...(date.moved.length === (old?.moved.length ?? 0) ? [] : [{ path: [...at, 'moved'], value: date.moved, ...list }]),
    ...(old?.shown === undefined ? [] : [{ path: [...at, 'shown'], value: undefined, ...list }]),
  ];
}

/** A date as the train file writes it: what goes without saying is left out. */
function written({ on, state, shown, moved }: PlannedDate): Json {
  return {
    ...(on === undefined ? {} : { on }),
    ...(state === 'fixed' ? {} : { state }),
    ...(shown === undefined ? {} : { shown }),
    ...(moved.length === 0 ? {} : { moved }),
  };
}
