import type { DayStanding, ReleaseDayShown } from '../../app/announce/day.ts';
import { clockTime, dayText } from '../../domain/time-text.ts';
import type { Room } from './answer.ts';
import { BLANK, line, span, spread, type Line } from './line.ts';
import { paragraph } from './paragraph.ts';
import { freshness } from './render-gates.ts';
import { shape, stateWord } from './shapes.ts';
import { table } from './table.ts';

/** The release day as a list in order, the next step at length, what to do last. */
export function renderDay({ release, day, steps, at }: ReleaseDayShown, room: Room): readonly Line[] {
  if (steps.length === 0) {
    return [
      ...paragraph(line(`The train has no list for the release day of ${release}.`), room.width),
      line('Say what is done: signalbox config explain releaseDay.steps'),
    ];
  }
  const done = steps.filter((one) => one.done !== null).length;
  const when = day === null ? 'no day is planned' : dayText(day, room.now);
  const next = steps.find(({ isNext }) => isNext);
  return [
    ...spread(
      line(span(`Release day of ${release}`, 'strong'), `, ${when}: ${done} of ${steps.length} steps done`),
      freshness(at, room.now),
      room.width,
    ),
    BLANK,
    ...table({
      columns: [
        { title: '', whole: true },
        { title: 'STEP', whole: true },
        { title: 'KIND', whole: true, optional: true },
        { title: 'STATE', whole: true },
        { title: 'PLANNED', whole: true, optional: true },
        { title: 'WHO', whole: true, optional: true },
        { title: 'WHAT', prose: true },
      ],
      rows: steps.map((one) => rowOf(one, room)),
      width: room.width,
    }),
    BLANK,
    ...(next === undefined
      ? paragraph(line(shape('pass'), ` Every step of the release day of ${release} is done.`), room.width, 0, 2)
      : nextLines(next, room)),
  ];
}

function rowOf({ step, number, state, planned, owners, done }: DayStanding, { now }: Room): readonly Line[] {
  return [
    line(String(number).padStart(2)),
    line(shape(state), ` ${step.id}`),
    line(step.kind),
    [stateWord(state)],
    line(planned === null ? '' : clockTime(planned, now)),
    line(whoText({ owners, done })),
    line(done?.at === null || done === null ? step.title : `${clockTime(done.at, now)}: ${step.title}`),
  ];
}

/** Who did it, or who has to. */
function whoText({ owners, done }: Pick<DayStanding, 'owners' | 'done'>): string {
  if (done !== null) return done.by === null ? 'seen' : `@${done.by}`;
  const [first, ...others] = owners;
  if (first === undefined) return 'nobody';
  return `@${first}${others.length === 0 ? '' : ` +${others.length}`}`;
}

function nextLines({ step, number, state, text, command }: DayStanding, { width }: Room): readonly Line[] {
  return [
    ...paragraph(
      line(shape(state), span(` Next: step ${number}, ${step.id}`, 'strong'), `  ${step.title}`),
      width,
      0,
      2,
    ),
    ...paragraph(line(text), width, 2),
    ...(step.undo === '' ? [] : paragraph(line(`undo: ${step.undo}`), width, 2, 6)),
    ...(command === null
      ? []
      : paragraph(
          line(`do it: ${command}${step.kind === 'manual' && step.evidence ? ' --evidence URL' : ''}`),
          width,
          2,
          7,
        )),
  ];
}
