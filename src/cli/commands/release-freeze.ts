import { freezeTrain } from '../../app/freeze.ts';
import { confirm, reasonFor } from '../confirm.ts';
import type { Answer } from '../output/answer.ts';
import { line } from '../output/line.ts';
import { paragraph } from '../output/paragraph.ts';
import { shape } from '../output/shapes.ts';
import { clockTime } from '../../domain/time-text.ts';
import { valueOf } from '../refusal.ts';
import type { Session } from '../session.ts';

export async function run(session: Session): Promise<Answer> {
  const reason = await reasonFor(session);
  await confirm(session, 'Freeze the whole train? Nothing is carried out on it before it is thawed.');
  const app = await session.app();
  const { freeze, isNew } = valueOf(await freezeTrain(app, reason));
  const { title, train } = app.loaded.train;
  return {
    schema: 'freeze',
    asOf: null,
    stale: false,
    exit: 0,
    data: { train, freeze, isNew },
    records: [[train, 'frozen', freeze?.by ?? '', freeze?.at ?? '', freeze?.reason ?? '']],
    lines: (room) => {
      const was =
        isNew || freeze === null
          ? ' What is being carried out ends before its next step.'
          : ` already, by @${freeze.by}, ${clockTime(freeze.at, room.now)}: ${freeze.reason}`;
      return [
        ...paragraph(line(shape('pass'), ` ${title} is frozen${isNew ? '.' : ''}${was}`), room.width, 0, 2),
        ...paragraph(line('Thaw it: signalbox release thaw'), room.width, 2),
      ];
    },
  };
}
