import { differenceOf, type CandidateDifference } from '../../app/artifacts/difference.ts';
import { sizeText } from '../../domain/size.ts';
import { exitCode } from '../exit-codes.ts';
import type { Answer, Room } from '../output/answer.ts';
import { BLANK, line, span, type Line } from '../output/line.ts';
import { paragraph } from '../output/paragraph.ts';
import { many } from '../../domain/words.ts';
import { table } from '../output/table.ts';
import { valueOf } from '../refusal.ts';
import type { Session } from '../session.ts';

export async function run(session: Session): Promise<Answer> {
  const [from, to] = [session.required('A'), session.required('B')];
  const app = await session.app();
  const found = valueOf(await differenceOf(app, from, to));
  const { before, after, files, repos, requirements } = found;
  const { added, removed, changed, same } = files;
  return {
    schema: 'artifact-diff',
    asOf: null,
    stale: false,
    exit: exitCode('done'),
    data: {
      from: { candidate: before.candidate, digest: before.digest },
      to: { candidate: after.candidate, digest: after.digest },
      repos,
      added,
      removed,
      changed,
      same: same.length,
      requirements,
    },
    records: [
      ...removed.map((file) => ['-', file.cell, file.digest, String(file.size)]),
      ...added.map((file) => ['+', file.cell, file.digest, String(file.size)]),
      ...changed.map(({ before: old, after: file }) => ['~', file.cell, file.digest, String(file.size - old.size)]),
      ...requirements.map(({ requirement, change, cells }) => [change, requirement, '', String(cells.length)]),
    ],
    lines: (room) => render(found, session.flags.has('all'), room),
  };
}

const MOST_SHOWN = 20;

function render(
  { before, after, files, repos, requirements }: CandidateDifference,
  all: boolean,
  room: Room,
): readonly Line[] {
  const { added, removed, changed, same } = files;
  const rows = [
    ...removed.map((file) => ({ mark: '-', file, growth: -file.size })),
    ...added.map((file) => ({ mark: '+', file, growth: file.size })),
    // What grew or shrank most stands first.
    ...changed
      .map(({ before: old, after: file }) => ({ mark: '~', file, growth: file.size - old.size }))
      .toSorted((left, right) => Math.abs(right.growth) - Math.abs(left.growth)),
  ];
  const shown = all ? rows : rows.slice(0, MOST_SHOWN);
  return [
    line(
      span(
        `${before.candidate} to ${after.candidate}: ${changed.length} changed, ${added.length} added, ${removed.length} removed, ${same.length} the same`,
        'strong',
      ),
    ),
    ...repos.flatMap(({ repo, before: was, after: is }) =>
      paragraph(
        line(
          `${repo}: ${was === null ? 'nothing' : `${was.candidate} ${was.commit.slice(0, 9)}`} to ${is === null ? 'nothing' : `${is.candidate} ${is.commit.slice(0, 9)}`}`,
        ),
        room.width,
        2,
        2,
      ),
    ),
    ...(shown.length === 0 ? [] : [BLANK]),
    ...table({
      columns: [
        { title: '', whole: true },
        { title: 'CELL' },
        { title: 'SIZE', whole: true, align: 'right' },
        { title: 'GROWTH', whole: true, align: 'right' },
      ],
      rows: shown.map(({ mark, file, growth }) => [
        line(mark),
        line(file.cell),
        line(sizeText(file.size)),
        line(growthText(growth)),
      ]),
      width: room.width,
    }),
    ...(rows.length > shown.length ? [line(`and ${rows.length - shown.length} more: --all`)] : []),
    ...(requirements.length === 0 ? [] : [BLANK, line('Requirements')]),
    ...requirements.flatMap(({ requirement, change, cells }) =>
      paragraph(
        line(`${change === 'added' ? '+' : '-'} ${requirement} (${many(cells.length, 'file')})`),
        room.width,
        2,
        4,
      ),
    ),
  ];
}

function growthText(bytes: number): string {
  return bytes === 0 ? '0' : `${bytes < 0 ? '-' : '+'}${sizeText(Math.abs(bytes))}`;
}
