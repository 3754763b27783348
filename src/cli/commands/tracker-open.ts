import { openTracker, syncTracker } from '../../app/picks.ts';
import { exitCode } from '../exit-codes.ts';
import type { Answer } from '../output/answer.ts';
import { valueOf } from '../refusal.ts';
import type { Session } from '../session.ts';
import { planAndApply } from './plan-and-apply.ts';
import { planInput, releaseOf } from './release-of.ts';
import { syncedLines } from './tracker-lines.ts';

/** Opens the tracker and its mirrors, then puts in how things stand, which a plan cannot hold. */
export async function run(session: Session): Promise<Answer> {
  session.progress.doing('Reading the train ...');
  const app = await session.app();
  const release = await releaseOf(session, app);
  session.progress.doing(`Looking for the trackers of ${release} ...`);
  const planned = valueOf(await openTracker(app, { ...planInput(session), release }));
  const answer = await planAndApply(session, 'tracker-open', planned);
  const isOpened = planned.kind === 'planned' && !session.flags.has('dry-run') && answer.exit === exitCode('done');
  if (!isOpened) return answer;
  session.progress.doing(`Rendering the trackers of ${release} ...`);
  const synced = valueOf(await syncTracker(app, release));
  return { ...answer, lines: (room) => [...answer.lines(room), ...syncedLines(synced, room)] };
}
