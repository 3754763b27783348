import { readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { readNamed } from '../../app/compose-sources.ts';
import { comparePythonReleases } from '../../app/refresh-python.ts';
import { PYTHON_RELEASES_FILE, pythonReleasesFor } from '../../config/python-releases-file.ts';
import { SIZE_LIMIT } from '../../config/file-text.ts';
import { confirm } from '../confirm.ts';
import { exitCode } from '../exit-codes.ts';
import type { Answer } from '../output/answer.ts';
import { line } from '../output/line.ts';
import { paragraph } from '../output/paragraph.ts';
import { shape } from '../output/shapes.ts';
import { CommandStop, usage } from '../problem.ts';
import { valueOf } from '../refusal.ts';
import type { Session } from '../session.ts';
import { trainFileOf } from '../train-file.ts';

/** Puts data about CPython beside the train file, after saying what it changes. */
export async function run(session: Session): Promise<Answer> {
  const from = session.flags.text('from');
  if (from === null)
    throw usage(
      '--from FILE|URL missing: where python-releases.json is',
      'the editors of the PEPs publish it as part of their API',
    );
  const train = await trainFileOf({ folder: session.folder, train: session.flags.text('train') });
  const source = /^https?:\/\//iu.test(from) ? from : resolve(session.folder, from);
  session.progress.doing(`Reading ${from} ...`);
  const read = await readNamed(source, SIZE_LIMIT);
  if ('reason' in read) throw new CommandStop('failed', `${from} ${read.reason}. Nothing was changed.`);
  const text = new TextDecoder().decode(read.bytes);
  const path = join(dirname(resolve(train)), PYTHON_RELEASES_FILE);
  const before = await pythonReleasesFor(dirname(path), session.now);
  const difference = valueOf(comparePythonReleases(text, { source: from, before, now: session.now }));
  const isSame = (await readFile(path, 'utf8').catch(() => null)) === text;
  const { asOf, changes } = difference;
  const facts = [
    `It knows releases until ${asOf.after}${asOf.before === null ? '' : `; until now ${asOf.before}`}.`,
    ...changes,
  ];
  if (!isSame) {
    session.say(line(facts.join(' ')));
    await confirm(session, `Write ${path}?`);
    const temporary = `${path}.${process.pid}.part`;
    await writeFile(temporary, text);
    await rename(temporary, path);
  }
  return {
    schema: 'support-refresh',
    asOf: null,
    stale: false,
    exit: exitCode('done'),
    data: { file: path, written: !isSame, ...difference },
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
