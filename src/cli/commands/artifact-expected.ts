import { buildMatrixOf, expectedOf } from '../../app/expected.ts';
import { parseRelease } from '../../app/releases.ts';
import { dateOf } from '../../domain/instant.ts';
import { exitCode } from '../exit-codes.ts';
import type { Answer } from '../output/answer.ts';
import { renderExpected } from '../output/render-expected.ts';
import { usage } from '../problem.ts';
import { valueOf } from '../refusal.ts';
import type { Session } from '../session.ts';
import { loadedTrain } from '../train-file.ts';
import { cellChoice } from './cell-choice.ts';

/** From the train file alone: neither the network nor the database is asked. */
export async function run(session: Session): Promise<Answer> {
  const { train } = await loadedTrain(session);
  const release = valueOf(parseRelease(session.required('REL')));
  const choice = cellChoice(session);
  const { flags } = session;
  const channel = flags.text('channel');
  const images = flags.has('images');
  const common = { asOf: null, stale: false, exit: exitCode('done') };
  if (flags.has('github-matrix')) {
    const request = { release, choice, channel: channel ?? 'test', images, day: dateOf(session.now) };
    const matrix = valueOf(buildMatrixOf(train, request));
    return {
      ...common,
      schema: 'build-matrix',
      data: matrix,
      records: matrix.include.map((row) => Object.values(row).map(String)),
      lines: () => [],
      document: `${JSON.stringify(matrix)}\n`,
    };
  }
  if (images || channel !== null)
    throw usage(`--${images ? 'images' : 'channel'} is for the matrix of CI`, 'add --github-matrix');
  const expected = valueOf(expectedOf(train, release, choice));
  return {
    ...common,
    schema: 'expected-artifacts',
    data: expected,
    records: [
      ...expected.cells.map(({ key, stage, folder, file, publish }) => [
        'expected',
        key,
        stage,
        folder,
        file,
        publish.map((each) => `${each.channel}:${each.file}`).join(','),
      ]),
      ...expected.skipped.map(({ key, rule }) => ['skipped', key, '', '', '', rule.reason]),
      ...(expected.changes?.removed ?? []).map(({ key, reason }) => ['removed', key, '', '', '', reason]),
    ],
    lines: (room) => renderExpected(expected, train, room),
  };
}
