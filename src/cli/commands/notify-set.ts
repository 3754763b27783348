import { NO_CHANGE } from '../../app/notices/change.ts';
import { changeToldHow, proposeMail, toldHow } from '../../app/notices/choices.ts';
import type { Answer } from '../output/answer.ts';
import { noticesAnswer } from '../output/render-notices.ts';
import { usage } from '../problem.ts';
import { valueOf } from '../refusal.ts';
import type { Session } from '../session.ts';

export async function run(session: Session): Promise<Answer> {
  const { flags } = session;
  const mail = flags.text('mail');
  const change = {
    ...NO_CHANGE,
    kind: session.argument('KIND'),
    by: flags.text('by'),
    when: flags.text('when'),
    zone: flags.text('zone'),
    quiet: flags.text('quiet-hours'),
    digest: flags.text('digest'),
    days: flags.text('days'),
    room: flags.text('room'),
  };
  const changes = Object.values(change).some((text) => text !== null);
  if (mail === null && !changes) {
    throw usage('nothing to set', 'for example: signalbox notify set --by mail --mail ana@example.org');
  }
  const app = await session.app();
  // First what can be refused without anything having been sent.
  if (changes) valueOf(await changeToldHow(app, change));
  if (mail !== null) valueOf(await proposeMail(app, mail));
  return noticesAnswer('notify-set', await toldHow(app));
}
