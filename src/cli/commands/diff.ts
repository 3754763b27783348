import { compareCandidates } from '../../app/history.ts';
import { CandidateVersion } from '../../domain/version.ts';
import { exitCode } from '../exit-codes.ts';
import type { Answer } from '../output/answer.ts';
import { classOf, renderCandidates } from '../output/render-candidates.ts';
import { oldestReport, unreadOf } from '../output/reports.ts';
import { CommandStop, usage } from '../problem.ts';
import type { Session } from '../session.ts';

export async function run(session: Session): Promise<Answer> {
  const [from, to] = [candidate(session.required('A')), candidate(session.required('B'))];
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

function candidate(typed: string): CandidateVersion {
  const parsed = CandidateVersion.safeParse(typed.replace(/^v(?=\d)/u, ''));
  if (parsed.success) return parsed.data;
  throw usage(`${typed} is not a candidate`, 'write it as X.Y.Z-rcN, for example 2.8.0-rc1');
}
