import { reviveWork } from '../../app/bot/queues.ts';
import { confirm } from '../confirm.ts';
import { exitCode } from '../exit-codes.ts';
import type { Answer } from '../output/answer.ts';
import { line } from '../output/line.ts';
import { paragraph } from '../output/paragraph.ts';
import { shape } from '../output/shapes.ts';
import { usage } from '../problem.ts';
import { valueOf } from '../refusal.ts';
import type { Session } from '../session.ts';

/** Gives dead jobs their tries again; the running bot acts on them. */
export async function run(session: Session): Promise<Answer> {
  const id = session.argument('ID');
  const all = session.flags.has('all');
  if ((id === null) !== all) {
    throw usage(
      id === null ? 'say which job: its ID, or --all' : 'give an ID or --all, not both',
      'which there are: signalbox doctor --webhooks',
    );
  }
  const app = await session.app();
  await confirm(session, id === null ? 'Try all dead jobs again?' : `Try job ${id} again?`);
  const revived = valueOf(await reviveWork(app, id));
  const text =
    revived.length === 0
      ? ' No job is dead.'
      : ` ${revived.length} ${revived.length === 1 ? 'job is' : 'jobs are'} tried again by the running bot, or by the next: signalbox bot serve`;
  return {
    schema: 'bot-revive',
    asOf: app.clock.now(),
    stale: false,
    exit: exitCode('done'),
    data: { revived },
    records: revived.map(({ id: one, queue, what }) => [one, queue, what]),
    lines: (room) => [
      ...revived.flatMap(({ what }) => paragraph(line(shape('pass'), ` ${what}`), room.width, 0, 2)),
      ...paragraph(line(shape(revived.length === 0 ? 'skipped' : 'pass'), text), room.width, 0, 2),
    ],
  };
}
