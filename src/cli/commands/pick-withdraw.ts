import { withdrawPick } from '../../app/picks.ts';
import { reasonFor } from '../confirm.ts';
import type { Answer } from '../output/answer.ts';
import type { Session } from '../session.ts';
import { decideOnPick } from './pick-decide.ts';

export async function run(session: Session): Promise<Answer> {
  const reason = await reasonFor(session);
  return decideOnPick(session, {
    verb: 'Withdraw',
    done: 'Withdrawn',
    decide: (app, name) => withdrawPick(app, name, reason),
  });
}
