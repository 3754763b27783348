import { syncValidation } from '../../app/final/validation-open.ts';
import { confirm } from '../confirm.ts';
import { exitCode } from '../exit-codes.ts';
import type { Answer } from '../output/answer.ts';
import { line } from '../output/line.ts';
import { paragraph } from '../output/paragraph.ts';
import { shape } from '../output/shapes.ts';
import { valueOf } from '../refusal.ts';
import type { Session } from '../session.ts';
import { releaseOf } from './release-of.ts';

export async function run(session: Session): Promise<Answer> {
  session.progress.doing('Reading the train ...');
  const app = await session.app();
  const release = await releaseOf(session, app);
  await confirm(session, `Rewrite the validation issue of ${release}, but for what people wrote below its end?`);
  const synced = valueOf(await syncValidation(app, release));
  const { number, link, changed, done, of } = synced;
  return {
    schema: 'validation',
    asOf: app.clock.now(),
    stale: false,
    exit: exitCode('done'),
    data: { release, ...synced },
    records: [[String(number), changed ? 'changed' : 'same', String(done), String(of), link]],
    lines: (room) =>
      paragraph(
        line(
          shape('pass'),
          ` #${number} ${changed ? 'is rewritten' : 'says already what it has to say'}, ${done} of ${of} done: ${link}`,
        ),
        room.width,
        0,
        2,
      ),
  };
}
