import { moveDate } from '../../app/calendar-change.ts';
import { parseRelease } from '../../app/releases.ts';
import { lineOf } from '../../domain/version.ts';
import { reasonFor } from '../confirm.ts';
import type { Answer } from '../output/answer.ts';
import { valueOf } from '../refusal.ts';
import type { Session } from '../session.ts';
import { calendarChangeAnswer, typedDate } from './calendar-change.ts';

export async function run(session: Session): Promise<Answer> {
  const release = valueOf(parseRelease(session.required('REL')));
  const milestone = session.required('MILESTONE');
  const to = typedDate(session.required('DATE'));
  const reason = await reasonFor(session);
  const isFixed = session.flags.has('fixed');
  session.progress.doing('Reading the train ...');
  const app = await session.app();
  const proposal = valueOf(
    await moveDate(app, { release, milestone, to, reason, isFixed, dryRun: session.flags.has('dry-run') }),
  );
  const again = `signalbox calendar move ${release} ${milestone} ${to}${isFixed ? ' --fixed' : ''} --reason "..."`;
  const title = `${app.loaded.train.title} ${lineOf(release)}, as it would be`;
  return calendarChangeAnswer(session, proposal, { title, schema: 'calendar-move', again });
}
