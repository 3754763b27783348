import type { App } from '../../app/app.ts';
import { decidedReverts } from '../../app/picks.ts';
import { repoNamed } from '../../app/planned.ts';
import type { ReleaseVersion } from '../../domain/version.ts';
import type { Answer } from '../output/answer.ts';
import { renderReverts } from '../output/render-missing.ts';
import { exitOfReport, oldestReport, unreadOf } from '../output/reports.ts';
import { usage } from '../problem.ts';
import { valueOf } from '../refusal.ts';
import type { Session } from '../session.ts';
import { branchesOf } from './branches-of.ts';
import { declineOne, requestAll } from './pick-revert-acts.ts';
import { releaseOf } from './release-of.ts';

export async function run(session: Session): Promise<Answer> {
  const { flags } = session;
  const decline = flags.text('decline');
  if (decline !== null && flags.has('request'))
    throw usage('--request and --decline are two decisions', 'give one of them');
  if (decline !== null) return declineOne(session, decline);
  session.progress.doing('Reading the train ...');
  const app = await session.app();
  const release = await releaseOf(session, app);
  return flags.has('request') ? requestAll(session, app, release) : listed(session, app, release);
}

async function listed(session: Session, app: App, release: ReleaseVersion): Promise<Answer> {
  session.progress.doing(`Comparing every branch of ${release} with main ...`);
  const now = app.clock.now();
  const flag = session.flags.text('repo');
  const only = flag === null ? null : valueOf(repoNamed(app, flag));
  const { reports: all, decisionsUnread } = await decidedReverts(app, release);
  const reports = all.filter(({ repo }) => only === null || repo === only);
  const unread = unreadOf(reports);
  const reverts = reports.flatMap(({ repo, found }) =>
    found.known ? (found.value ?? []).map((item) => ({ repo, ...item })) : [],
  );
  const asOf = oldestReport(reports, now);
  return {
    schema: 'pick-reverts',
    asOf,
    stale: unread.length > 0 || decisionsUnread !== null,
    exit: exitOfReport(
      reverts.some((one) => one.declined === null),
      unread,
    ),
    data: { release, reverts, unread, decisionsUnread },
    records: reverts.map(({ repo, pull, revert, carriedBy, confidence, title, declined: kept }) => [
      repo,
      pull === null ? '' : String(pull),
      revert,
      carriedBy.join(','),
      confidence,
      title,
      kept?.by ?? '',
    ]),
    lines: (room) =>
      renderReverts({ release, asOf, reports, branchOf: branchesOf(app, release), decisionsUnread }, room),
  };
}
