import { missingPicks } from '../../app/history.ts';
import { CommandStop } from '../problem.ts';
import type { Answer } from '../output/answer.ts';
import { isOpenItem, renderMissing } from '../output/render-missing.ts';
import { exitOfReport, oldestReport, unreadOf } from '../output/reports.ts';
import type { Session } from '../session.ts';
import { branchesOf } from './branches-of.ts';
import { releaseOf } from './release-of.ts';

export async function run(session: Session): Promise<Answer> {
  session.progress.doing('Reading the train ...');
  const app = await session.app();
  const release = await releaseOf(session, app);
  if (app.forge === null) {
    throw new CommandStop('stale', 'the train file names no forge, so no milestone can be read', {
      next: ['name one under forge: in the train file, or look at: signalbox branch audit REPO REL'],
    });
  }
  session.progress.doing(`Reading the milestone of ${release} and every branch ...`);
  const reports = await missingPicks(app, release);
  const unread = unreadOf(reports);
  const items = reports.flatMap(({ repo, found }) =>
    found.known ? (found.value ?? []).map((item) => ({ repo, ...item })) : [],
  );
  const asOf = oldestReport(reports, app.clock.now());
  return {
    schema: 'pick-missing',
    asOf,
    stale: unread.length > 0,
    exit: exitOfReport(items.some(isOpenItem), unread),
    data: { release, items, unread },
    records: items.map(({ repo, item, verdict, commits }) => [
      repo,
      String(item.number),
      verdict,
      commits.map(({ commit }) => commit).join(','),
      item.title,
    ]),
    lines: (room) => renderMissing({ release, asOf, reports, branchOf: branchesOf(app, release) }, room),
  };
}
