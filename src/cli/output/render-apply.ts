import type { ApplyAnswer, ApplyInput } from '../../app/apply-plan.ts';
import { elapsedMillis, type Instant } from '../../domain/instant.ts';
import { isPermanent, type Plan } from '../../domain/plan/plan.ts';
import type { Step } from '../../domain/plan/step.ts';
import type { Room } from './answer.ts';
import { BLANK, line, span, spread, type Line } from './line.ts';
import { paragraph } from './paragraph.ts';
import { shape } from './shapes.ts';
import { stepText } from '../../domain/plan/step-text.ts';
import { clockTime, tookText } from '../../domain/time-text.ts';

/** Who halted an apply. */
type Halt = NonNullable<ApplyAnswer['halt']>;

export type ApplyProgress = Parameters<ApplyInput['report']>[0];

/** When each step began and ended, by key. */
export type StepTimes = ReadonlyMap<string, { readonly from: Instant; readonly to: Instant | null }>;

export interface ApplyShow {
  readonly plan: Plan;
  readonly applied: Pick<ApplyAnswer, 'end' | 'halt' | 'settled' | 'stopped' | 'left'>;
  readonly times: StepTimes;
}

/** The steps of a plan as they ended, then what to do next; the last line is what matters most. */
export function renderApplied(show: ApplyShow, room: Room): readonly Line[] {
  const { plan, applied } = show;
  const isLong = plan.body.steps.length > LONG;
  const steps = isLong
    ? longLines(show, room)
    : plan.body.steps.flatMap((step, index) => stepLines(show, step, index, room));
  return [
    line(span(`Plan ${plan.id}`, 'strong'), ` still matches.`),
    ...steps,
    BLANK,
    ...endLines(plan, applied, room),
  ];
}

/** From so many steps on, those that are done are counted, and only the others are named. */
const LONG = 24;
const NAMED = 10;

function longLines(show: ApplyShow, room: Room): readonly Line[] {
  const { plan, applied } = show;
  const total = plan.body.steps.length;
  const adopted = applied.settled.filter(({ outcome }) => outcome === 'adopted').length;
  const done = `${applied.settled.length} of ${total} steps done`;
  const count = adopted === 0 ? done : `${done}, ${adopted} of them there already`;
  const stopped = new Set(applied.stopped.map(({ step }) => step.key));
  const named = plan.body.steps.flatMap((step, index) =>
    stopped.has(step.key) ? [stepLines(show, step, index, room)] : [],
  );
  const waiting = applied.left.filter((step) => !stopped.has(step.key)).length;
  return [
    line('  ', shape(applied.settled.length === total ? 'pass' : 'running'), ` ${count}`),
    ...named.slice(0, NAMED).flat(),
    ...(named.length > NAMED ? [line('  ', shape('failing'), ` and ${named.length - NAMED} more stopped`)] : []),
    ...(waiting > 0 ? [line('  ', shape('queued'), ` ${waiting} not started`)] : []),
  ];
}

function stepLines({ plan, applied, times }: ApplyShow, step: Step, index: number, room: Room): readonly Line[] {
  const place = `${index + 1}/${plan.body.steps.length}`;
  const settled = applied.settled.find((each) => each.step.key === step.key);
  if (settled !== undefined) {
    const note = settled.outcome === 'adopted' ? 'was there already' : tookOf(times, step.key);
    return stepLine(line(shape('pass'), ` ${place} ${stepText(step)}`), note, room);
  }
  const stopped = applied.stopped.find((each) => each.step.key === step.key);
  if (stopped !== undefined) {
    return [
      ...stepLine(line(shape('failing'), ` ${place} ${stepText(step)}`), tookOf(times, step.key), room),
      ...paragraph(line(stopped.reason), room.width, 8),
    ];
  }
  return stepLine(line(shape('queued'), ` ${place} ${stepText(step)}`), 'not started', room);
}

function stepLine(left: Line, note: string, room: Room): readonly Line[] {
  return spread([span('  '), ...left], line(span(note, 'mute')), room.width);
}

/** The line of a step that has just ended, for progress on stderr. */
export function progressLine(progress: ApplyProgress, place: string, took: string): Line {
  switch (progress.now) {
    case 'started':
      return line('  ', shape('running'), ` ${place} ${stepText(progress.step)}`);
    case 'done':
      return line('  ', shape('pass'), ` ${place} ${stepText(progress.step)}  `, span(took, 'mute'));
    case 'adopted':
      return line('  ', shape('pass'), ` ${place} ${stepText(progress.step)}  `, span('was there already', 'mute'));
    case 'stopped':
      return line('  ', shape('failing'), ` ${place} ${stepText(progress.step)}: ${progress.reason}`);
  }
}

export function tookOf(times: StepTimes, key: string): string {
  const time = times.get(key);
  // A clock may jump back; a negative time would be nonsense.
  return time === undefined || time.to === null ? '' : tookText(Math.max(0, elapsedMillis(time.from, time.to)));
}

const END_WORDS = { interrupted: 'Interrupted', halted: 'Stopped by a decision' } as const;

/** Who wanted it to end, when and why, in their words. */
function haltLines({ what, by, at, reason }: Halt, room: Room): readonly Line[] {
  const did = what === 'stop' ? 'asked to stop this plan' : 'froze the train';
  const first = line(shape('needs-you'), ` @${by} ${did}, ${clockTime(at, room.now)}: ${reason}`);
  const thaw = line('  Nothing goes on before it is thawed: signalbox release thaw');
  return [...paragraph(first, room.width, 0, 2), ...(what === 'freeze' ? paragraph(thaw, room.width, 0, 2) : [])];
}

function endLines(plan: Plan, applied: ApplyShow['applied'], room: Room): readonly Line[] {
  const total = plan.body.steps.length;
  const undo = `signalbox undo ${plan.id}`;
  if (applied.end === 'finished') {
    // What went to an index or under a public tag stays, and what is left of such a plan is no undo of it.
    const undoable = !isPermanent(plan) && plan.body.steps.some(({ kind }) => kind !== 'read-back');
    return [
      ...(undoable ? paragraph(line(`Take it back: ${undo}`), room.width) : []),
      line(shape('pass'), ` Done: ${total} of ${total} steps.`),
    ];
  }
  const [first] = applied.stopped;
  const place = first === undefined ? 0 : plan.body.steps.findIndex((step) => step.key === first.step.key) + 1;
  const what = applied.end === 'stopped' ? `Stopped at step ${place}` : END_WORDS[applied.end];
  return [
    ...(applied.halt === null ? [] : haltLines(applied.halt, room)),
    line(shape('failing'), ` ${what}. Nothing is lost: ${applied.settled.length} of ${total} steps are recorded.`),
    ...(applied.settled.length === 0 ? [] : paragraph(line(`  Take back what was done: ${undo}`), room.width)),
    ...paragraph(line(`  Continue (does only the rest): signalbox apply ${plan.id}`), room.width),
  ];
}
