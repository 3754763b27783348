import { userInfo } from 'node:os';
import { resolve } from 'node:path';
import { initTrain } from '../../app/init-train.ts';
import { confirm } from '../confirm.ts';
import { exitCode } from '../exit-codes.ts';
import type { Answer } from '../output/answer.ts';
import { line } from '../output/line.ts';
import { shape } from '../output/shapes.ts';
import { CommandStop } from '../problem.ts';
import { valueOf } from '../refusal.ts';
import type { Session } from '../session.ts';

export async function run(session: Session): Promise<Answer> {
  const folder = resolve(session.folder, session.argument('DIR') ?? '.');
  const core = await coreOf(session);
  await confirm(session, `Write ${folder}/train.yaml?`);
  const manager = session.flags.text('manager') ?? session.terminal.env['SIGNALBOX_USER'] ?? userInfo().username;
  const path = valueOf(await initTrain({ folder, core, source: session.flags.text('source') ?? 'main', manager }));
  return {
    schema: 'init',
    asOf: null,
    stale: false,
    exit: exitCode('done'),
    data: { file: path },
    records: [[path]],
    lines: () => [
      line(shape('pass'), ` ${path} written.`),
      line('  Next: signalbox config check, then signalbox release create X.Y.Z'),
    ],
  };
}

async function coreOf(session: Session): Promise<string> {
  const given =
    session.flags.text('core') ??
    (session.canAsk ? await session.terminal.ask('Repository that sets the number (owner/name): ') : null);
  const core = given?.trim() ?? '';
  if (core !== '') return core;
  throw new CommandStop('usage', 'a first repository is needed: --core OWNER/NAME');
}
