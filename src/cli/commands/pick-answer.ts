import type { Instant } from '../../domain/instant.ts';
import { exitCode } from '../exit-codes.ts';
import type { Answer } from '../output/answer.ts';
import type { Line } from '../output/line.ts';
import type { StandingPick } from '../output/pick-states.ts';
import { renderPick } from '../output/render-picks.ts';

/** A pick as a record: repository, number, branch, state, class, who asked, its pull request, the candidate that has it, title. */
export function pickRecord({ record, seen, state, owners }: StandingPick): readonly string[] {
  return [
    record.pick.repo,
    String(record.pick.pr),
    record.pick.onto,
    state,
    record.class,
    record.askedBy,
    seen.pull === null ? '' : String(seen.pull.number),
    seen.candidate ?? '',
    owners.join(','),
    seen.title,
  ];
}

/** One pick as an answer, with what was done to it first. */
export function pickAnswer(
  pick: StandingPick,
  { who, asOf, done = [] }: { readonly who: string; readonly asOf: Instant; readonly done?: readonly Line[] },
): Answer {
  return {
    schema: 'pick',
    asOf,
    stale: false,
    exit: exitCode('done'),
    data: pick,
    records: [pickRecord(pick)],
    lines: (room) => [...renderPick(pick, { who, asOf }, room), ...done],
  };
}
