import { approvePick } from '../../app/picks.ts';
import type { Answer } from '../output/answer.ts';
import type { Session } from '../session.ts';
import { decideOnPick } from './pick-decide.ts';

export function run(session: Session): Promise<Answer> {
  return decideOnPick(session, { verb: 'Approve', done: 'Approved', decide: approvePick });
}
