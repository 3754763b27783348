import { candidateTags, type CandidateTag } from '../../app/candidate-tags.ts';
import { readStanding, type RepoStanding } from '../../app/standing.ts';
import { shortId } from '../../domain/git-names.ts';
import { exitCode } from '../exit-codes.ts';
import type { Answer, Room } from '../output/answer.ts';
import { line, span, type Line } from '../output/line.ts';
import { paragraph } from '../output/paragraph.ts';
import { shape } from '../output/shapes.ts';
import { table } from '../output/table.ts';
import type { Session } from '../session.ts';
import { releaseOf } from './release-of.ts';

export async function run(session: Session): Promise<Answer> {
  session.progress.doing('Reading the train ...');
  const app = await session.app();
  const release = await releaseOf(session, app);
  session.progress.doing(`Reading the tags of ${release} ...`);
  return candidatesAnswer(await readStanding(app, release), { release, only: null, now: app.clock.now() });
}

/** The candidates of a release, or one of them, with its commit in each repository. */
export function candidatesAnswer(
  standing: readonly RepoStanding[],
  { release, only, now }: { readonly release: string; readonly only: number | null; readonly now: Answer['asOf'] },
): Answer {
  const { rows, unread } = candidateTags(standing, only);
  return {
    schema: 'candidates',
    asOf: now,
    stale: unread.length > 0,
    exit: exitCode(unread.length > 0 ? 'stale' : 'done'),
    data: rows,
    records: rows.map((row) => [`rc${row.number}`, row.repo, row.tag, row.commit]),
    lines: (room) => [
      ...render(rows, release, room),
      ...unread.flatMap((each) => paragraph(line(shape('no-data'), ` ${each.repo}: ${each.reason}`), room.width, 0, 2)),
    ],
  };
}

function render(rows: readonly CandidateTag[], release: string, room: Room): readonly Line[] {
  if (rows.length === 0) return [line(`No candidate of ${release} yet. Make one: signalbox rc cut ${release}`)];
  const cells = rows.map((row, index) => [
    rows[index - 1]?.number === row.number ? line('') : line(span(`rc${row.number}`, 'strong')),
    line(row.repo),
    line(row.tag),
    line(shortId(row.commit)),
  ]);
  return table({
    columns: [
      { title: 'RC', whole: true },
      { title: 'REPO', whole: true },
      { title: 'TAG', whole: true },
      { title: 'COMMIT', whole: true },
    ],
    rows: cells,
    width: room.width,
  });
}
