import type { PlanDifference } from '../../app/plans.ts';
import type { Step } from '../../domain/plan/step.ts';
import type { Room } from './answer.ts';
import { BLANK, line, span, type Line, type Tone } from './line.ts';
import { paragraph } from './paragraph.ts';
import { shape } from './shapes.ts';
import { rowsOf } from '../../domain/plan/step-text.ts';

/** What two plans have in common and what only one of them does. */
export function renderDifference(
  { from, to, added, removed, changed, same }: PlanDifference,
  room: Room,
): readonly Line[] {
  if (added.length + removed.length + changed.length === 0) {
    const alike =
      from.digest === to.digest
        ? 'the same plan, by the same digest'
        : 'the same steps; only what they rest on differs';
    return [line(shape('pass'), ` ${from.id} and ${to.id}: ${alike}.`)];
  }
  return [
    line(span(`Plan ${from.id} to ${to.id}`, 'strong')),
    BLANK,
    ...removed.flatMap((step) => stepLines('-', 'fail', step, room)),
    ...added.flatMap((step) => stepLines('+', 'pass', step, room)),
    ...changed.flatMap((pair) => [
      ...stepLines('-', 'fail', pair.from, room),
      ...stepLines('+', 'pass', pair.to, room),
    ]),
    BLANK,
    line(`${removed.length} no longer, ${added.length} new, ${changed.length} changed, ${same} the same.`),
  ];
}

function stepLines(sign: string, tone: Tone, step: Step, room: Room): readonly Line[] {
  return rowsOf(step).flatMap((row) =>
    paragraph(line(span(`${sign} `, tone), `${row.kind} ${row.repo} ${row.what}`), room.width, 2, 4),
  );
}
