import { stopApply } from '../../app/stop-apply.ts';
import { confirm, reasonFor } from '../confirm.ts';
import type { Answer } from '../output/answer.ts';
import { line } from '../output/line.ts';
import { paragraph } from '../output/paragraph.ts';
import { shape } from '../output/shapes.ts';
import { clockTime } from '../../domain/time-text.ts';
import { valueOf } from '../refusal.ts';
import type { Session } from '../session.ts';

export async function run(session: Session): Promise<Answer> {
  const id = session.required('PLAN');
  const reason = await reasonFor(session);
  await confirm(session, `Ask whoever carries plan ${id} out to start no further step?`);
  const { plan, holder, since } = valueOf(await stopApply(await session.app(), { id, reason }));
  return {
    schema: 'plan-stop',
    asOf: null,
    stale: false,
    exit: 0,
    data: { plan, holder, since },
    records: [[plan, holder, since]],
    lines: (room) => [
      ...paragraph(
        line(
          shape('pass'),
          ` Asked. @${holder}, at it since ${clockTime(since, room.now)}, finishes the running step and starts no other; what was done is recorded.`,
        ),
        room.width,
        0,
        2,
      ),
      ...paragraph(line(`How it ended: signalbox plan show ${plan}`), room.width, 2),
      ...paragraph(line(`So that nobody goes on with it: signalbox release freeze`), room.width, 2),
    ],
  };
}
