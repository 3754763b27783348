import type { CandidateView } from '../../app/artifacts/view.ts';
import { exitCode } from '../exit-codes.ts';
import type { Answer } from '../output/answer.ts';
import { CELL_STATES } from '../../domain/cell-state.ts';

/** A candidate's files as an answer: 3 when one is not as it must be, 9 when one could not be looked at. */
export function viewAnswer(view: CandidateView, schema: string, lines: Answer['lines']): Answer {
  const states = view.cells.map(({ state }) => CELL_STATES[state].state);
  const isClosed =
    states.some((state) => state === 'failing' || state === 'queued') ||
    view.gates.some(({ verdict }) => verdict === 'failing');
  const isUnknown = states.includes('no-data');
  return {
    schema,
    asOf: view.from === 'channel' ? view.at : null,
    stale: isUnknown,
    exit: exitCode(isClosed ? 'blocked' : isUnknown ? 'stale' : 'done'),
    data: view,
    records: view.cells.map(({ expected, state, key, size, digest, run }) => [
      expected.key,
      state,
      key ?? '',
      size === null ? '' : String(size),
      digest ?? '',
      run?.link ?? run?.job ?? '',
    ]),
    lines,
  };
}
