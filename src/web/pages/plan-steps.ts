import type { PlanPageView, StepView } from '../../api/views/plan.ts';
import type { Block, Inline, Rich, Row } from '../doc.ts';
import { minute, person } from './said.ts';

/** The steps by wave, with what takes each back and what was done of it. */
export function stepBlocks(view: PlanPageView): readonly Block[] {
  const waves = [...new Set(view.shown.map(({ wave }) => wave))].toSorted((left, right) => left - right);
  return [
    {
      kind: 'table',
      id: 'steps',
      caption: `Steps of plan ${view.id}`,
      columns: [
        { key: 'step', name: 'Step' },
        { key: 'repo', name: 'Repository' },
        { key: 'what', name: 'What' },
        { key: 'more', name: 'More' },
        { key: 'undo', name: 'Undo' },
        { key: 'state', name: 'State' },
      ],
      groups: waves.map((wave, index) => ({
        name: waves.length === 1 ? null : `Wave ${index + 1} of ${waves.length}`,
        rows: view.shown.filter((step) => step.wave === wave).flatMap((step) => stepRows(step, view)),
      })),
      empty: 'It has no steps.',
    },
    ...view.undoTexts.map((text): Block => ({ kind: 'paragraph', text })),
  ];
}

/** A push of several refs has a row for each; what is said of the step as a whole stands on the first. */
function stepRows(step: StepView, view: PlanPageView): readonly Row[] {
  return step.rows.map(({ sign, kind, repo, what }, index) => {
    const [name = '', ...rest] = what.split('  ');
    const isFirst = index === 0;
    const undo: Rich = step.undo === 'none' ? { kind: 'state', state: 'permanent', word: 'none' } : step.undo;
    return {
      key: isFirst ? step.key : `${step.key} ${index + 1}`,
      cells: [`${sign} ${kind}`, repo, name, rest.join(' '), isFirst ? undo : '', isFirst ? stateOf(step, view) : ''],
      ...(isFirst ? { details: [{ kind: 'facts' as const, rows: stepFacts(step) }] } : {}),
    };
  });
}

function stateOf(step: StepView, { state, applying }: PlanPageView): Inline {
  const some = step.steps === 1 ? null : `${step.done} of ${step.steps}`;
  if (step.done === step.steps) {
    const word = step.adopted === step.steps ? 'was there already' : 'done';
    return {
      kind: 'state',
      state: step.undo === 'none' ? 'permanent' : 'pass',
      word: some === null ? word : `${some} ${word}`,
    };
  }
  if (step.stopped !== null)
    return { kind: 'state', state: 'failing', word: some === null ? 'stopped' : `stopped, ${some} done` };
  if (state === 'dropped') return { kind: 'state', state: 'skipped', word: 'dropped' };
  if (step.done > 0)
    return { kind: 'state', state: applying === null ? 'needs-you' : 'running', word: `${some ?? ''} done` };
  return { kind: 'state', state: 'queued', word: 'not started' };
}

function stepFacts(step: StepView): readonly { readonly name: string; readonly value: Rich }[] {
  return [
    { name: 'Undo', value: step.undoBy },
    { name: 'Key', value: { kind: 'code', text: step.key } },
    ...(step.stopped === null ? [] : [{ name: 'Stopped', value: step.stopped }]),
    ...(step.doneAt === null || step.doneBy === null
      ? []
      : [{ name: 'Receipt', value: [minute(step.doneAt), ' by ', person(step.doneBy)] }]),
  ];
}
