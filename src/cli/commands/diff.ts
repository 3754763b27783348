import { compareCandidates } from '../../app/history.ts';
import { exitCode } from '../exit-codes.ts';
import type { Answer } from '../output/answer.ts';
import { classOf, renderCandidates } from '../output/render-candidates.ts';
import { oldestReport, unreadOf } from '../output/reports.ts';
import { CommandStop } from '../problem.ts';
import type { Session } from '../session.ts';
import { candidateOf } from './candidate-of.ts';

export async function run(session: Session): Promise<Answer> {
  const [from, to] = [candidateOf(session.required('A')), candidateOf(session.required('B'))];
  session.progress.doing(`Comparing ${from} and ${to} ...`);
  const app = await session.app();
  const reports = await compareCandidates(app, from, to);
  const unread = unreadOf(reports);
  const differences = reports.flatMap(({ repo, found }) =>
    found.known && found.value !== null ? [{ repo, ...found.value }] : [],
  );
  if (differences.length === 0 && unread.length === 0) {
    throw new CommandStop('usage', `no repository has the tags of both ${from} and ${to}`, {
      next: [`signalbox rc list ${from.replace(/-rc\d+$/u, '')}`],
    });
  }
  const asOf = oldestReport(reports, app.clock.now());
  return {
    schema: 'candidates-diff',
    asOf,
    stale: unread.length > 0,
    exit: exitCode(unread.length > 0 ? 'stale' : 'done'),
    data: { from, to, repos: differences, unread },
    records: differences.flatMap((difference) => {
      const recordOf = (sign: string) => (commit: (typeof difference.added)[number]) => [
        sign,
        difference.repo,
        commit.id,
        commit.pull === null ? '' : String(commit.pull),
        classOf(commit),
        commit.line?.confidence ?? '',
        difference.cancelled.includes(commit.id) ? 'cancels-out' : '',
        commit.title,
      ];
      return [...difference.removed.map(recordOf('-')), ...difference.added.map(recordOf('+'))];
    }),
    lines: (room) => renderCandidates({ from, to, asOf, reports, all: session.flags.has('all') }, room),
  };
}
