import { resolve } from 'node:path';
import { readPythonRefresh, writePythonRefresh } from '../../app/refresh-python.ts';
import { confirm } from '../confirm.ts';
import { exitCode } from '../exit-codes.ts';
import type { Answer } from '../output/answer.ts';
import { line } from '../output/line.ts';
import { paragraph } from '../output/paragraph.ts';
import { shape } from '../output/shapes.ts';
import { usage } from '../problem.ts';
import { valueOf } from '../refusal.ts';
import type { Session } from '../session.ts';
import { trainFileOf } from '../train-file.ts';

/** Puts data about CPython beside the train file, after saying what it changes. */
export async function run(session: Session): Promise<Answer> {
  const named = session.flags.text('from');
  if (named === null)
    throw usage(
      '--from FILE|URL missing: where python-releases.json is',
      'the editors of the PEPs publish it as part of their API',
    );
  const train = await trainFileOf({ folder: session.folder, train: session.flags.text('train') });
  session.progress.doing(`Reading ${named} ...`);
  const from = /^https?:\/\//iu.test(named) ? named : resolve(session.folder, named);
  const refresh = valueOf(await readPythonRefresh({ train, from, now: session.now }));
  const { path, isSame, asOf, changes } = refresh;
  if (!isSame) {
    const until = asOf.before === null ? '' : `; until now ${asOf.before}`;
    session.say(line([`It knows releases until ${asOf.after}${until}.`, ...changes].join(' ')));
    await confirm(session, `Write ${path}?`);
    await writePythonRefresh(refresh);
  }
  return {
    schema: 'support-refresh',
    asOf: null,
    stale: false,
    exit: exitCode('done'),
    data: { file: path, written: !isSame, asOf, changes },
    records: [[isSame ? 'same' : 'written', path, asOf.after, String(changes.length)]],
    lines: (room) => [
      ...paragraph(
        line(shape('pass'), isSame ? ` ${path} is the same already.` : ` ${path} written.`),
        room.width,
        0,
        2,
      ),
      line('  Next: signalbox support check'),
    ],
  };
}
