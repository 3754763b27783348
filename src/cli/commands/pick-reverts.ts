import { missingReverts } from '../../app/history.ts';
import type { Answer } from '../output/answer.ts';
import { renderReverts } from '../output/render-missing.ts';
import { exitOfReport, oldestReport, unreadOf } from '../output/reports.ts';
import type { Session } from '../session.ts';
import { branchesOf } from './branches-of.ts';
import { releaseOf } from './release-of.ts';

export async function run(session: Session): Promise<Answer> {
  session.progress.doing('Reading the train ...');
  const app = await session.app();
  const release = await releaseOf(session, app);
  session.progress.doing(`Comparing every branch of ${release} with main ...`);
  const reports = await missingReverts(app, release);
  const unread = unreadOf(reports);
  const owed = reports.flatMap(({ repo, found }) =>
    found.known ? (found.value ?? []).map((item) => ({ repo, ...item })) : [],
  );
  const asOf = oldestReport(reports, app.clock.now());
  return {
    schema: 'pick-reverts',
    asOf,
    stale: unread.length > 0,
    exit: exitOfReport(owed.length > 0, unread),
    data: { release, reverts: owed, unread },
    records: owed.map(({ repo, pull, revert, carriedBy, confidence, title }) => [
      repo,
      pull === null ? '' : String(pull),
      revert,
      carriedBy.join(','),
      confidence,
      title,
    ]),
    lines: (room) => renderReverts({ release, asOf, reports, branchOf: branchesOf(app, release) }, room),
  };
}
