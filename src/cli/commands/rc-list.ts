import { isTagged } from '../../app/status.ts';
import { readStanding, type RepoStanding } from '../../app/standing.ts';
import { shortId, type ObjectId } from '../../domain/git-names.ts';
import { candidateNumber } from '../../domain/version.ts';
import { exitCode } from '../exit-codes.ts';
import type { Answer, Room } from '../output/answer.ts';
import { line, span, type Line } from '../output/line.ts';
import { paragraph } from '../output/paragraph.ts';
import { shape } from '../output/shapes.ts';
import { table } from '../output/table.ts';
import type { Session } from '../session.ts';
import { releaseOf } from './release-of.ts';

/** One tag of one repository. */
interface TagRow {
  readonly number: number;
  readonly repo: string;
  readonly tag: string;
  readonly commit: ObjectId;
}

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
  const tagged = standing.filter(isTagged);
  const rows = tagged
    .flatMap(({ repo, refs }) =>
      refs.known
        ? refs.value.candidates.map((each): TagRow => ({
            number: candidateNumber(each.candidate),
            repo: repo.key,
            tag: `v${each.candidate}`,
            commit: each.commit,
          }))
        : [],
    )
    .filter((row) => only === null || row.number === only)
    .toSorted((left, right) => right.number - left.number);
  const unread = tagged.flatMap(({ repo, refs }) => (refs.known ? [] : [{ repo: repo.key, reason: refs.reason }]));
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

function render(rows: readonly TagRow[], release: string, room: Room): readonly Line[] {
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
