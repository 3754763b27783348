import { isOpen, type Gate } from '../../../domain/gate.ts';
import { addDays, type CalendarDate, Instant } from '../../../domain/instant.ts';
import { planHref } from '../../../domain/page-path.ts';
import { refuse, succeed, type Result } from '../../../domain/result.ts';
import { closest } from '../../../domain/suggest.ts';
import type { DayPlan, DayStep, DayStepId } from '../../../domain/train/day-step.ts';
import { holdsFor } from '../../../domain/train/span.ts';
import type { Train } from '../../../domain/train/train.ts';
import type { State } from '../../../domain/state.ts';
import { lineOf, type ReleaseVersion } from '../../../domain/version.ts';
import type { DayProblem } from './problem.ts';

/** That a person said a manual step is done. */
export interface DayTick {
  readonly by: string;
  readonly at: Instant;
  readonly evidence: string | null;
  readonly note: string;
}

/** A plan that was carried out to its end: by whom, and until when. */
export interface DonePlan {
  readonly plan: string;
  readonly by: string;
  readonly at: Instant;
}

export interface DayFacts {
  readonly train: Train;
  readonly release: ReleaseVersion;
  /** The day itself; null where the calendar has no day for it. */
  readonly day: CalendarDate | null;
  readonly gates: readonly Gate[];
  readonly ticks: ReadonlyMap<DayStepId, DayTick>;
  /** The last finished plan of each kind. */
  readonly plans: ReadonlyMap<DayPlan, DonePlan>;
  /** Who answers now for a workstream; empty where nobody is named. */
  readonly ownersOf: (workstream: string | undefined) => readonly string[];
}

/** When and by whom a step was done, and where it can be seen. */
export interface DayDone {
  readonly at: Instant | null;
  /** Null where it was seen, and nobody of ours did it. */
  readonly by: string | null;
  readonly link: string | null;
  readonly note: string;
}

/** A step of the day as it stands. */
export interface DayStanding {
  readonly step: DayStep;
  /** From 1, among the steps of this release. */
  readonly number: number;
  readonly state: State;
  /** The fact that decides, in one line. */
  readonly text: string;
  readonly planned: Instant | null;
  readonly owners: readonly string[];
  readonly done: DayDone | null;
  /** The first one that is open: nothing after it may be done. */
  readonly isNext: boolean;
  /** What moves it; null where nothing has to. */
  readonly command: string | null;
}

/** The list of the release day in its order, each step as the world and the decisions stand. */
export function releaseDayList(facts: DayFacts): readonly DayStanding[] {
  const { train, release } = facts;
  const steps = train.releaseDay.steps.filter((step) => holdsFor(step, lineOf(release)));
  const judged = steps.map((step) => ({ step, ...judge(facts, step) }));
  const next = judged.findIndex(({ done }) => done === null);
  return judged.map(({ step, done, state, text }, index) => {
    const isNext = index === next;
    return {
      step,
      number: index + 1,
      state: done === null && !isNext && state !== 'failing' ? 'queued' : state,
      text: done === null && next !== -1 && index > next ? `after step ${next + 1}; ${text}` : text,
      planned: plannedAt(facts.day, step),
      owners: facts.ownersOf(step.owner),
      done,
      isNext,
      command: isNext ? `signalbox day run ${release} ${step.id}` : null,
    };
  });
}

function plannedAt(day: CalendarDate | null, { days, at }: DayStep): Instant | null {
  return day === null || at === undefined ? null : Instant.parse(`${addDays(day, days)}T${at}:00Z`);
}

type Judged = Pick<DayStanding, 'done' | 'state' | 'text'>;

function judge(facts: DayFacts, step: DayStep): Judged {
  if (step.kind === 'manual') return judgeTick(facts, step.id, step.evidence);
  const gates = step.gates.map((name) => ({ name, found: gatesNamed(facts.gates, name) }));
  const absent = gates.find(({ found }) => found.length === 0);
  if (absent !== undefined)
    return { done: null, state: 'no-data', text: `the train has no gate ${absent.name}, so nobody can tell` };
  const all = gates.flatMap(({ found }) => found);
  const closed = all.filter((gate) => !isOpen(gate));
  const [first] = closed;
  if (first !== undefined) {
    const more = closed.length === 1 ? '' : `, and ${closed.length - 1} more`;
    const isToDo = step.kind === 'auto' && first.verdict === 'queued';
    return {
      done: null,
      state: isToDo ? 'needs-you' : first.verdict,
      text: `${first.id}: ${first.summary}${more}`,
    };
  }
  const plan = step.kind === 'auto' ? facts.plans.get(step.does) : undefined;
  return { done: doneOf(all, plan), state: 'pass', text: all.map(({ summary }) => summary).join('; ') };
}

function judgeTick({ ticks }: DayFacts, id: DayStepId, evidence: boolean): Judged {
  const tick = ticks.get(id);
  if (tick === undefined)
    return { done: null, state: 'needs-you', text: evidence ? 'said by a person, with a link' : 'said by a person' };
  const { by, at, evidence: link, note } = tick;
  return { done: { by, at, link, note }, state: 'pass', text: note === '' ? 'said to be done' : note };
}

/** `released`, or every part of a gate that has some. */
function gatesNamed(gates: readonly Gate[], name: string): readonly Gate[] {
  return gates.filter(({ id }) => id === name || (!name.includes(':') && id.startsWith(`${name}:`)));
}

/** By the plan that did it where there is one; otherwise since when the evidence says so. */
function doneOf(gates: readonly Gate[], plan: DonePlan | undefined): DayDone {
  const evidence = gates.flatMap((gate) => gate.evidence);
  const link = evidence.find((one) => one.link !== undefined)?.link ?? null;
  const waiver = gates.find(({ waiver: found }) => found !== null)?.waiver ?? null;
  if (plan !== undefined) return { at: plan.at, by: plan.by, link: planHref(plan.plan), note: '' };
  if (waiver !== null) return { at: null, by: waiver.by, link, note: `waived: ${waiver.reason}` };
  const since = gates.flatMap((gate) => (gate.since === null ? [] : [gate.since])).toSorted();
  return {
    at:
      since.at(-1) ??
      evidence
        .map(({ at }) => at)
        .toSorted()
        .at(-1) ??
      null,
    by: null,
    link,
    note: '',
  };
}

/** The step that is asked for, or the next one: refused while a step before it is open, and once it is done (DAY-04). */
export function requestedStep(
  release: ReleaseVersion,
  list: readonly DayStanding[],
  asked: string | null,
): Result<DayStanding, DayProblem> {
  if (list.length === 0) return refuse({ code: 'no-day-list', release });
  const next = list.find(({ isNext }) => isNext);
  if (asked === null) return next === undefined ? refuse({ code: 'day-over', release }) : succeed(next);
  const found = stepNamed(release, list, asked);
  if (!found.ok) return found;
  const { step, number, done } = found.value;
  if (done !== null) {
    const gates = step.kind === 'manual' ? [] : step.gates;
    return refuse({ code: 'step-done', release, step: step.id, by: done.by, at: done.at, gates });
  }
  if (next !== undefined && next.number < number) {
    const before = { number: next.number, id: next.step.id, title: next.step.title, why: next.text };
    return refuse({ code: 'step-too-early', release, step: step.id, number, before });
  }
  return found;
}

/** A step by its name or its number. */
function stepNamed(
  release: ReleaseVersion,
  list: readonly DayStanding[],
  asked: string,
): Result<DayStanding, DayProblem> {
  const found = list.find(({ step, number }) => step.id === asked || String(number) === asked);
  if (found !== undefined) return succeed(found);
  const known = list.map(({ step }) => step.id);
  return refuse({ code: 'step-unknown', release, step: asked, like: closest(asked, known), known });
}

/** That a manual step may be said to be done now: it is its turn, and it can be seen where that is asked for. */
export function tickOf(
  release: ReleaseVersion,
  list: readonly DayStanding[],
  { asked, evidence }: { readonly asked: string; readonly evidence: string | null },
): Result<DayStanding, DayProblem> {
  const found = requestedStep(release, list, asked);
  if (!found.ok) return found;
  const { step } = found.value;
  if (step.kind !== 'manual')
    return refuse({ code: 'step-not-manual', release, step: step.id, kind: step.kind, gates: step.gates });
  if (evidence !== null && !isLink(evidence)) return refuse({ code: 'evidence-bad', release, given: evidence });
  if (evidence === null && step.evidence)
    return refuse({ code: 'evidence-needed', release, step: step.id, title: step.title });
  return found;
}

/** That what a person said of a step may be taken back. */
export function reopeningOf(
  release: ReleaseVersion,
  list: readonly DayStanding[],
  asked: string,
): Result<DayStanding, DayProblem> {
  const found = stepNamed(release, list, asked);
  if (!found.ok) return found;
  const { step, done } = found.value;
  if (step.kind !== 'manual')
    return refuse({ code: 'step-not-manual', release, step: step.id, kind: step.kind, gates: step.gates });
  return done === null ? refuse({ code: 'step-not-done', release, step: step.id }) : found;
}

function isLink(text: string): boolean {
  return text.length <= 2000 && /^https?:\/\/\S+$/.test(text) && URL.canParse(text);
}
