import { toldHow } from '../../app/notices/choices.ts';
import type { Answer } from '../output/answer.ts';
import { noticesAnswer } from '../output/render-notices.ts';
import type { Session } from '../session.ts';

export async function run(session: Session): Promise<Answer> {
  return noticesAnswer('notify-list', await toldHow(await session.app()));
}
