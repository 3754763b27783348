import { thawTrain } from '../../app/freeze.ts';
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
  await confirm(session, 'Thaw the train? Plans can be carried out on it again; none is begun by this.');
  const app = await session.app();
  const { freeze, isNew } = valueOf(await thawTrain(app, reason));
  const { title, train } = app.loaded.train;
  return {
    schema: 'freeze',
    asOf: null,
    stale: false,
    exit: 0,
    data: { train, freeze: null, ended: freeze, isNew },
    records: [[train, 'thawed', freeze?.by ?? '', freeze?.at ?? '', freeze?.reason ?? '']],
    lines: (room) => {
      const text =
        freeze === null
          ? `${title} is not frozen.`
          : `${title} is thawed. It was frozen by @${freeze.by}, ${clockTime(freeze.at, room.now)}: ${freeze.reason}`;
      return [
        ...paragraph(line(shape('pass'), ` ${text}`), room.width, 0, 2),
        ...(freeze === null
          ? []
          : paragraph(line('Go on with what was stopped: signalbox plan list --state partial'), room.width, 2)),
      ];
    },
  };
}
