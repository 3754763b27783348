import type { ReleaseDayShown } from '../../app/announce/day.ts';
import { exitCode } from '../exit-codes.ts';
import type { Answer } from '../output/answer.ts';
import { renderDay } from '../output/render-day.ts';

/** The list of the release day as an answer; 3 while a step is open. */
export function dayAnswer(shown: ReleaseDayShown): Answer {
  const { steps, at } = shown;
  const isOver = steps.length > 0 && steps.every(({ done }) => done !== null);
  return {
    schema: 'day',
    asOf: at,
    stale: steps.some(({ state }) => state === 'no-data'),
    exit: exitCode(isOver ? 'done' : 'blocked'),
    data: {
      release: shown.release,
      day: shown.day,
      steps: steps.map(({ step, ...standing }) => ({
        ...standing,
        id: step.id,
        title: step.title,
        kind: step.kind,
        undo: step.undo,
      })),
    },
    records: steps.map(({ step, number, state, planned, owners, done, text }) => [
      String(number),
      step.id,
      step.kind,
      state,
      planned ?? '',
      owners.join(','),
      done?.by ?? '',
      done?.at ?? '',
      done?.link ?? '',
      text,
    ]),
    lines: (room) => renderDay(shown, room),
  };
}
