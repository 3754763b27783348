import { releaseStatus, type ReleaseStatus } from '../../app/status.ts';
import { repoStates } from '../../app/status-words.ts';
import { exitCode } from '../exit-codes.ts';
import type { Answer } from '../output/answer.ts';
import { renderStatus } from '../output/render-status.ts';
import type { Session } from '../session.ts';
import { oldestOf } from '../../domain/gate-text.ts';
import { releaseOf } from './release-of.ts';

export async function run(session: Session): Promise<Answer> {
  session.progress.doing('Reading the train ...');
  const app = await session.app();
  const release = await releaseOf(session, app);
  session.progress.doing(`Reading the world of ${release} ...`);
  return statusAnswer(await releaseStatus(app, release));
}

/** Where a release stands; always 0, since the question was where and not whether. */
export function statusAnswer(status: ReleaseStatus): Answer {
  const asOf = oldestOf(status.gates, status.at);
  const repos = repoStates(status);
  return {
    schema: 'status',
    asOf,
    stale: status.gates.some((gate) => gate.verdict === 'no-data') || status.repos.some(({ refs }) => !refs.known),
    exit: exitCode('done'),
    data: {
      release: status.release,
      title: status.title,
      phases: status.phases,
      next: status.next,
      freeze: status.freeze,
      abandoned: status.abandoned,
      final: status.final,
      repos,
      blocking: status.blocking,
    },
    records: repos.map((repo) => [
      repo.repo,
      repo.branch,
      repo.commit ?? '',
      repo.candidate ?? '',
      repo.ci.state,
      repo.ci.text,
      repo.owners.join(','),
    ]),
    lines: (room) => renderStatus(status, asOf, room),
  };
}
