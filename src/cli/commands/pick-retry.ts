import { showPick } from '../../app/picks.ts';
import type { Answer } from '../output/answer.ts';
import { valueOf } from '../refusal.ts';
import type { Session } from '../session.ts';
import { namedPick } from './pick-name.ts';
import { requestPicks } from './pick-targets.ts';

/** Asks again as it was asked before: after a fix, a dispensation, or a conflict that is gone. */
export async function run(session: Session): Promise<Answer> {
  session.progress.doing('Reading the train ...');
  const app = await session.app();
  const { repo, pr, onto } = await namedPick(session, app);
  const { record } = valueOf(await showPick(app, { repo, pr, onto }));
  return requestPicks(session, {
    repo,
    pr,
    onto: [onto],
    class: record.class,
    fixes: record.fixes,
    dryRun: session.flags.has('dry-run'),
  });
}
