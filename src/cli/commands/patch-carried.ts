import { readCarried } from '../../app/patch/carried.ts';
import { shortId } from '../../domain/git-names.ts';
import { exitCode } from '../exit-codes.ts';
import type { Answer } from '../output/answer.ts';
import { BLANK, line, span, type Line } from '../output/line.ts';
import { paragraph } from '../output/paragraph.ts';
import { unreadLines } from '../output/reports.ts';
import { shape } from '../output/shapes.ts';
import type { Session } from '../session.ts';
import { releaseOf } from './release-of.ts';

export async function run(session: Session): Promise<Answer> {
  session.progress.doing('Reading the train ...');
  const app = await session.app();
  const release = await releaseOf(session, app);
  session.progress.doing(`Comparing ${release} with the line before ...`);
  const repos = await readCarried(app, release);
  const unread = repos.flatMap(({ repo, found }) => (found.known ? [] : [{ repo, reason: found.reason }]));
  const read = repos.flatMap(({ repo, found }) =>
    found.known && found.value !== null ? [{ repo, ...found.value }] : [],
  );
  const not = read.flatMap(({ repo, carried }) => carried.not.map((each) => ({ repo, ...each })));
  const asOf = app.clock.now();
  return {
    schema: 'patch-carried',
    asOf,
    stale: unread.length > 0,
    exit: exitCode(unread.length > 0 ? 'stale' : not.length > 0 ? 'blocked' : 'done'),
    data: { release, repos: read, unread },
    records: not.map(({ repo, is, commit, pull, title, why }) => [
      repo,
      is,
      commit,
      pull === null ? '' : String(pull),
      title,
      why,
    ]),
    lines: (room): readonly Line[] => [
      line(span(`What ${release} has of the line before`, 'strong')),
      ...read.flatMap(({ repo, from, isCut, carried }) =>
        paragraph(
          line(
            shape(carried.not.length === 0 ? 'pass' : 'failing'),
            ` ${repo}: ${carried.carried} changes of ${from}${isCut ? ' are there' : ' are on main, which is not cut yet'}, ${carried.dropped} taken back by main, ${carried.not.length} not there`,
          ),
          room.width,
          0,
          2,
        ),
      ),
      ...(not.length === 0 ? [] : [BLANK]),
      ...not.flatMap(({ repo, is, commit, pull, title, why }) =>
        paragraph(
          line(
            shape(is === 'unsure' ? 'needs-you' : 'failing'),
            ' ',
            span(`${repo} ${pull === null ? shortId(commit) : `#${pull}`}`, 'strong'),
            `  ${title}: ${why}`,
          ),
          room.width,
          0,
          4,
        ),
      ),
      ...unreadLines(unread, room.width),
      ...(read.length + unread.length === 0 ? [line('No repository has an earlier line.')] : []),
    ],
  };
}
