import { resolve } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { openFileToSplice } from '../../app/compose-sources.ts';
import { orderOf, reversionWheels, type ReversionedWheel } from '../../app/wheel-reversion.ts';
import { exitCode, type ExitCode } from '../exit-codes.ts';
import type { Answer } from '../output/answer.ts';
import { renderReversion } from '../output/render-reversion.ts';
import { usage } from '../problem.ts';
import type { Session } from '../session.ts';
import { inFolder, trainOrNone } from './wheel-file.ts';

// This command copies bytes, beside other jobs on a machine: what compilers and a roomy young generation would take is more than all the rest.
setFlagsFromString('--optimize-for-size');

/** Works without a train file; with one, its packages are siblings, and classifiers that its index does not know go. */
export async function run(session: Session): Promise<Answer> {
  const { flags } = session;
  const asked = session.all('FILE');
  const out = flags.text('out');
  if (out === null)
    throw usage('--out DIR missing: the folder for the new wheels', 'see: signalbox help wheel reversion');
  const remote = asked.find((named) => /^https?:\/\//i.test(named));
  if (remote !== undefined)
    throw usage(`${remote} is an address; wheels are made from files here`, 'download it first');
  const order = orderOf(await trainOrNone(session), {
    local: flags.text('local'),
    siblings: flags.list('sibling'),
    dropClassifiers: flags.list('drop-classifier'),
    dropSignatures: flags.has('drop-signature'),
  });
  const wheels = await reversionWheels({
    asked,
    out: resolve(session.folder, out),
    order,
    open: (named) => openFileToSplice(inFolder(named, session.folder)),
    onBegin: (named, number) => session.progress.doing(`Reversioning ${named} (${number} of ${asked.length}) ...`),
  });
  return {
    schema: 'wheel-reversion',
    asOf: null,
    stale: false,
    exit: exitOf(wheels),
    data: {
      out,
      local: order.local,
      wheels: wheels.map(({ asked: file, made, problems }) => ({ file, made, problems })),
    },
    records: wheels.flatMap(({ asked: file, made, problems }) =>
      made === null
        ? problems.map(({ code, text }) => ['refused', file, code, text])
        : [[made.outcome, file, made.path, made.input, made.output, String(made.size)]],
    ),
    lines: (room) => renderReversion(wheels, out, room),
  };
}

function exitOf(wheels: readonly ReversionedWheel[]): ExitCode {
  const made = wheels.filter((wheel) => wheel.made !== null).length;
  if (made === wheels.length) return exitCode('done');
  if (made > 0) return exitCode('partial');
  return exitCode(wheels.some(({ problems }) => problems.some(({ isRead }) => !isRead)) ? 'failed' : 'refused');
}
