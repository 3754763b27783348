import { candidateBuilds } from '../../app/builds/candidate-builds.ts';
import { readStanding } from '../../app/standing.ts';
import { candidateNumber, releaseOf } from '../../domain/version.ts';
import { exitCode } from '../exit-codes.ts';
import type { Answer } from '../output/answer.ts';
import { renderBuilds } from '../output/render-builds.ts';
import { CommandStop } from '../problem.ts';
import type { Session } from '../session.ts';
import { candidateOf } from './candidate-of.ts';
import { candidatesAnswer } from './rc-list.ts';

/** A candidate's tags, and how its builds stand in each repository. */
export async function run(session: Session): Promise<Answer> {
  const candidate = candidateOf(session.required('RC'));
  const release = releaseOf(candidate);
  session.progress.doing(`Reading the tags and builds of ${candidate} ...`);
  const app = await session.app();
  const [standing, builds] = await Promise.all([readStanding(app, release), candidateBuilds(app, candidate)]);
  const only = candidateNumber(candidate);
  const tags = candidatesAnswer(standing, { release, only, now: app.clock.now() });
  if (tags.records.length === 0 && !tags.stale)
    throw new CommandStop('usage', `there is no candidate ${candidate}`, { next: [`signalbox rc list ${release}`] });
  const isUnread = tags.stale || builds.some(({ builds: found }) => !found.known);
  return {
    ...tags,
    schema: 'candidate',
    stale: isUnread,
    exit: exitCode(isUnread ? 'stale' : 'done'),
    data: { candidate, repos: tags.data, builds },
    records: [
      ...tags.records,
      ...builds.flatMap(({ repo, builds: found }) =>
        found.known ? found.value.cells.map((cell) => ['cell', repo, cell.cell, cell.state, cell.link ?? '']) : [],
      ),
    ],
    lines: (room) => [
      ...tags.lines(room),
      ...renderBuilds(builds, { all: session.flags.has('verbose'), candidate }, room),
    ],
  };
}
