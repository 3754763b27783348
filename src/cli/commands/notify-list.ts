import { toldHow } from '../../app/notices/choices.ts';
import { toldToAll } from '../../app/notices/told.ts';
import type { Answer } from '../output/answer.ts';
import { noticesAnswer, toldAnswer } from '../output/render-notices.ts';
import { valueOf } from '../refusal.ts';
import type { Session } from '../session.ts';

export async function run(session: Session): Promise<Answer> {
  const app = await session.app();
  if (session.flags.has('all')) return toldAnswer(valueOf(await toldToAll(app)));
  return noticesAnswer('notify-list', await toldHow(app));
}
