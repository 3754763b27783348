import { standingPicks } from '../../app/picks.ts';
import { repoNamed } from '../../app/planned.ts';
import { exitCode } from '../exit-codes.ts';
import type { Answer } from '../output/answer.ts';
import { PICK_STATES } from '../../domain/pick-state.ts';
import { renderPicks, waits } from '../output/render-picks.ts';
import { usage } from '../problem.ts';
import { valueOf } from '../refusal.ts';
import type { Session } from '../session.ts';
import { pickRecord } from './pick-answer.ts';
import { releaseOf } from './release-of.ts';

const OPEN = 'open';

export async function run(session: Session): Promise<Answer> {
  const state = session.flags.text('state');
  const states = [OPEN, ...Object.keys(PICK_STATES)];
  if (state !== null && !states.includes(state)) throw usage(`--state takes one of: ${states.join(', ')}`);
  session.progress.doing('Reading the train ...');
  const app = await session.app();
  const release = await releaseOf(session, app);
  const flag = session.flags.text('repo');
  const repo = flag === null ? null : valueOf(repoNamed(app, flag));
  session.progress.doing(`Reading the picks of ${release} ...`);
  const all = await standingPicks(app, release);
  const picks = all.filter(
    (pick) =>
      (repo === null || pick.record.pick.repo === repo) &&
      (state === null || (state === OPEN ? waits(pick) : pick.state === state)),
  );
  const asOf = app.clock.now();
  const who = await app.who();
  const none =
    all.length === 0
      ? `No pick was asked for. Ask: signalbox pick request PR --onto BRANCH -c CLASS`
      : `None of the ${all.length} is so.`;
  const subject = `Picks of ${release}${repo === null ? '' : ` in ${repo}`}${state === null ? '' : `, ${state}`}`;
  return {
    schema: 'picks',
    asOf,
    stale: false,
    exit: exitCode('done'),
    data: picks,
    records: picks.map(pickRecord),
    lines: (room) => renderPicks({ subject, picks, none, asOf, who }, room),
  };
}
