import { confirmMail } from '../../app/notices/choices.ts';
import type { Answer } from '../output/answer.ts';
import { noticesAnswer } from '../output/render-notices.ts';
import { valueOf } from '../refusal.ts';
import type { Session } from '../session.ts';

export async function run(session: Session): Promise<Answer> {
  const told = valueOf(await confirmMail(await session.app(), session.required('CODE')));
  return noticesAnswer('notify-confirm', told);
}
