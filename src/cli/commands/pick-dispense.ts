import { dispensePick } from '../../app/picks.ts';
import { reasonFor } from '../confirm.ts';
import type { Answer } from '../output/answer.ts';
import type { Session } from '../session.ts';
import { decideOnPick } from './pick-decide.ts';
import { untilOf } from './until.ts';

export async function run(session: Session): Promise<Answer> {
  const until = untilOf(session.flags.text('until'), session.now, 'a dispensation');
  const reason = await reasonFor(session);
  return decideOnPick(session, {
    verb: `Let in, against the rules of its phase and until ${until},`,
    done: 'Let in; now the pick can be made: signalbox pick retry',
    decide: (app, name) => dispensePick(app, name, { reason, until }),
  });
}
