import { openSource } from '../../app/compose-sources.ts';
import { checkWheels, type CheckedWheel, type Finding } from '../../app/wheel-check.ts';
import { parseChannel } from '../../app/wheel-policy.ts';
import { exitCode, type ExitCode } from '../exit-codes.ts';
import type { Answer } from '../output/answer.ts';
import { renderWheelCheck } from '../output/render-wheels.ts';
import { valueOf } from '../refusal.ts';
import type { Session } from '../session.ts';
import { inFolder, trainOrNone } from './wheel-file.ts';

/** Works without a train file; with one, wheels are held to its policy as well. */
export async function run(session: Session): Promise<Answer> {
  const { flags } = session;
  const quick = flags.has('quick');
  const asked = session.all('FILE');
  const train = await trainOrNone(session);
  const place = {
    channel: valueOf(parseChannel(train, flags.text('channel'))),
    accelerator: flags.text('accelerator'),
  };
  const result = await checkWheels(train, {
    asked,
    quick,
    place,
    open: (named) => openSource(inFolder(named, session.folder)),
    onRead: (named, number) => session.progress.doing(`Reading ${named} (${number} of ${asked.length}) ...`),
  });
  const findings = [...result.wheels.flatMap((wheel) => wheel.findings), ...result.together];
  return {
    schema: 'wheel-check',
    asOf: null,
    stale: false,
    exit: exitOf(result.wheels, findings, flags.has('strict')),
    data: {
      quick,
      train: train?.train ?? null,
      errors: findings.filter(({ severity }) => severity === 'error').length,
      warnings: findings.filter(({ severity }) => severity === 'warning').length,
      wheels: result.wheels.map(wheelData),
      together: result.together,
    },
    records: [
      ...result.wheels.flatMap(({ asked: named, unreadable }) =>
        unreadable === null ? [] : [['unreadable', unreadable.code, named, '', '', unreadable.text]],
      ),
      ...findings.map(({ severity, check, wheel, entry, line, text }) => [
        severity,
        check,
        wheel,
        entry ?? '',
        String(line ?? ''),
        text,
      ]),
    ],
    lines: (room) => renderWheelCheck(result, quick, room),
  };
}

/** What could not be read is a failure, whatever was found in the others. */
function exitOf(wheels: readonly CheckedWheel[], findings: readonly Finding[], strict: boolean): ExitCode {
  if (wheels.some(({ unreadable }) => unreadable !== null)) return exitCode('failed');
  return exitCode(findings.some(({ severity }) => strict || severity === 'error') ? 'blocked' : 'done');
}

function wheelData({ asked, fileName, seen, unreadable, findings }: CheckedWheel): unknown {
  return {
    file: asked,
    fileName,
    name: seen?.name ?? null,
    version: seen?.version ?? null,
    size: seen?.size ?? null,
    files: seen?.files ?? null,
    unreadable,
    findings,
  };
}
