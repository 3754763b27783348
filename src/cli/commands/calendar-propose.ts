import { proposeDates } from '../../app/calendar-change.ts';
import { parseRelease } from '../../app/releases.ts';
import { lineOf } from '../../domain/version.ts';
import type { Answer } from '../output/answer.ts';
import { valueOf } from '../refusal.ts';
import type { Session } from '../session.ts';
import { calendarChangeAnswer, typedDate } from './calendar-change.ts';

export async function run(session: Session): Promise<Answer> {
  const release = valueOf(parseRelease(session.required('REL')));
  const { flags } = session;
  const [from, cut] = [flags.text('from'), flags.text('cut')];
  const asked = {
    release,
    from: from === null ? null : valueOf(parseRelease(from)),
    cut: cut === null ? null : typedDate(cut),
    dryRun: flags.has('dry-run'),
  };
  session.progress.doing('Reading the train ...');
  const app = await session.app();
  const proposal = valueOf(await proposeDates(app, asked));
  const words = [from === null ? '' : ` --from ${from}`, cut === null ? '' : ` --cut ${cut}`];
  const again = `signalbox calendar propose ${release}${words.join('')}`;
  const title = `${app.loaded.train.title} ${lineOf(release)}, proposed`;
  return calendarChangeAnswer(session, proposal, { title, schema: 'calendar-propose', again });
}
