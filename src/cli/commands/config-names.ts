import { loadTrain } from '../../config/load.ts';
import { exitCode } from '../exit-codes.ts';
import { trainFileOf } from '../open-app.ts';
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
  const loaded = await loadTrain(await trainFileOf({ folder: session.folder, train: session.flags.text('train') }));
  if (!loaded.ok) throw usage('the train file has mistakes', 'signalbox config check');
  const names = kind === 'repo' ? Object.keys(loaded.value.train.repos) : releasesIn(loaded.value.train);
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
