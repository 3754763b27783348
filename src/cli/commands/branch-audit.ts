import { auditBranch } from '../../app/history.ts';
import type { Answer } from '../output/answer.ts';
import { exitCode } from '../exit-codes.ts';
import { commitsOf, renderAudit, unsettledOf } from '../output/render-audit.ts';
import { CommandStop } from '../problem.ts';
import { valueOf } from '../refusal.ts';
import type { Session } from '../session.ts';
import { branchesOf } from './branches-of.ts';
import { releaseOf } from './release-of.ts';

export async function run(session: Session): Promise<Answer> {
  session.progress.doing('Reading the train ...');
  const app = await session.app();
  const typed = session.required('REPO');
  const release = await releaseOf(session, app);
  session.progress.doing(`Comparing the branch of ${typed} with main ...`);
  const { repo, found } = valueOf(await auditBranch(app, typed, release));
  const branch = branchesOf(app, release)(repo);
  if (!found.known) throw new CommandStop('stale', `${repo} could not be read: ${found.reason}`, { word: 'NO_DATA' });
  if (found.value === null) {
    throw new CommandStop('blocked', `${repo} has no branch ${branch} yet`, {
      next: [`signalbox branch cut ${repo} ${release}`],
    });
  }
  const { history, ...audit } = found.value;
  return {
    schema: 'branch-audit',
    asOf: found.at,
    stale: false,
    exit: exitCode(unsettledOf(audit) > 0 ? 'blocked' : 'done'),
    data: { repo, branch, main: history.main, head: history.head, ...audit },
    records: commitsOf(audit).map((commit) => [
      commit.id,
      commit.class,
      commit.confidence,
      commit.pull === null ? '' : String(commit.pull),
      commit.counterparts.map((each) => each.commit).join(','),
      commit.why.map(({ text }) => text).join('; '),
      commit.title,
    ]),
    lines: (room) => renderAudit({ repo, branch, asOf: found.at, audit, all: session.flags.has('all') }, room),
  };
}
