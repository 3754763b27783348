import { exitCode } from '../exit-codes.ts';
import { loadedTrain } from '../train-file.ts';
import type { Answer } from '../output/answer.ts';
import { line } from '../output/line.ts';
import { usage } from '../problem.ts';
import type { Session } from '../session.ts';
import { releasesIn } from '../../app/calendar.ts';

const KINDS = ['release', 'repo'] as const;

/** Names of the train, one a line: what completion offers. Reads the train file only, so that a Tab is quick. */
export async function run(session: Session): Promise<Answer> {
  const kind = KINDS.find((each) => each === session.required('KIND'));
  if (kind === undefined) throw usage(`KIND is one of: ${KINDS.join(', ')}`);
  const { train } = await loadedTrain(session);
  const names = kind === 'repo' ? Object.keys(train.repos) : releasesIn(train);
  return {
    schema: 'names',
    asOf: null,
    stale: false,
    exit: exitCode('done'),
    data: names,
    records: names.map((name) => [name]),
    lines: () => names.map((name) => line(name)),
  };
}
