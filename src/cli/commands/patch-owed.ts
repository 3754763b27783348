import { patchNamed } from '../../app/patch/named.ts';
import { planAsk } from '../../app/patch/owed.ts';
import { readOwed } from '../../app/patch/read-owed.ts';
import { exitCode } from '../exit-codes.ts';
import type { Answer } from '../output/answer.ts';
import { renderOwed } from '../output/render-owed.ts';
import { valueOf } from '../refusal.ts';
import type { Session } from '../session.ts';
import { planAndApply } from './plan-and-apply.ts';

export async function run(session: Session): Promise<Answer> {
  session.progress.doing('Reading the train ...');
  const app = await session.app();
  const release = valueOf(await patchNamed(app, session.required('REL')));
  session.progress.doing(`Looking for what ${release} lacks ...`);
  if (session.flags.has('ask')) {
    const planned = valueOf(await planAsk(app, { release, dryRun: session.flags.has('dry-run') }));
    return planAndApply(session, 'patch-ask', planned, `signalbox patch owed ${release} --ask`);
  }
  const facts = await readOwed(app, release);
  const asOf = app.clock.now();
  const exit = facts.unread.length > 0 ? 'stale' : facts.owed.length + facts.unclear.length > 0 ? 'blocked' : 'done';
  return {
    schema: 'patch-owed',
    asOf,
    stale: facts.unread.length > 0,
    exit: exitCode(exit),
    data: facts,
    records: facts.owed.map(({ repo, pull, author, askedAt, title }) => [
      repo,
      String(pull),
      author ?? '',
      askedAt ?? '',
      title,
    ]),
    lines: (room) => renderOwed(facts, { ...room, asOf }),
  };
}
