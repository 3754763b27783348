import { resolve } from 'node:path';
import { loadTrain } from '../../config/load.ts';
import { explainConfigProblem, type ConfigProblem } from '../../config/problem.ts';
import { exitCode } from '../exit-codes.ts';
import { trainFileOf } from '../train-file.ts';
import type { Answer } from '../output/answer.ts';
import { line } from '../output/line.ts';
import { paragraph } from '../output/paragraph.ts';
import { shape } from '../output/shapes.ts';
import type { Session } from '../session.ts';

export async function run(session: Session): Promise<Answer> {
  const named = session.argument('FILE');
  const file =
    named === null
      ? await trainFileOf({ folder: session.folder, train: session.flags.text('train') })
      : resolve(session.folder, named);
  const loaded = await loadTrain(file);
  if (!loaded.ok) return mistakes(loaded.problems, session.folder);
  const { train, digest, files } = loaded.value;
  const repos = Object.keys(train.repos);
  return {
    schema: 'config-check',
    asOf: null,
    stale: false,
    exit: exitCode('done'),
    data: { ok: true, train: train.train, digest, files, repos, problems: [] },
    records: [],
    lines: (room) =>
      paragraph(
        line(
          shape('pass'),
          ` ${file}: ${train.title}, ${repos.length} repositories, ${files.length} files read, no mistakes.`,
        ),
        room.width,
        0,
        2,
      ),
  };
}

function mistakes(problems: readonly ConfigProblem[], folder: string): Answer {
  return {
    schema: 'config-check',
    asOf: null,
    stale: false,
    exit: exitCode('usage'),
    data: { ok: false, problems },
    records: problems.map((problem) => [
      problem.file,
      String(problem.line),
      String(problem.column),
      problem.code,
      problem.key,
      problem.text,
    ]),
    lines: (room) => [
      ...problems.flatMap((problem) => paragraph(line(explainConfigProblem(problem, folder)), room.width, 0, 2)),
      line(
        shape('failing'),
        ` ${problems.length === 1 ? '1 mistake' : `${problems.length} mistakes`}. See: signalbox config explain KEY`,
      ),
    ],
  };
}
