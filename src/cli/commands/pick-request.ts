import { usage } from '../problem.ts';
import type { Answer } from '../output/answer.ts';
import type { Session } from '../session.ts';
import { namedPull } from './pick-name.ts';
import { requestPicks } from './pick-targets.ts';

export async function run(session: Session): Promise<Answer> {
  const onto = session.flags.list('onto');
  if (onto.length === 0) throw usage('--onto BRANCH is needed', 'name the release branch, for example release/2.8');
  const name = session.flags.text('class');
  if (name === null) throw usage('--class CLASS is needed', 'say what it is, for example -c regression');
  session.progress.doing('Reading the train ...');
  const app = await session.app();
  return requestPicks(session, {
    ...namedPull(session, app),
    onto,
    class: name,
    fixes: session.flags.text('fixes'),
    dryRun: session.flags.has('dry-run'),
  });
}
