import type { OwedFacts } from '../../app/patch/read-owed.ts';
import type { Instant } from '../../domain/instant.ts';
import { clockTime } from '../../domain/time-text.ts';
import { many } from '../../domain/words.ts';
import type { Room } from './answer.ts';
import { BLANK, line, span, spread, type Line } from './line.ts';
import { paragraph } from './paragraph.ts';
import { freshness } from './render-gates.ts';
import { unreadLines } from './reports.ts';
import { shape } from './shapes.ts';

/** Fixes without a pick, each with its author and whether he was asked; what is not clear; and until when. */
export function renderOwed(
  { release, owed, unclear, unread, deadline }: OwedFacts,
  room: Room & { readonly asOf: Instant },
): readonly Line[] {
  const isLate = deadline !== null && deadline < room.asOf;
  return [
    ...spread(line(span(`Picks owed for ${release}`, 'strong')), freshness(room.asOf, room.now), room.width),
    ...owed.flatMap(({ repo, pull, title, author, branch, items, askedAt }) => [
      BLANK,
      ...paragraph(
        line(
          shape(isLate ? 'skipped' : 'failing'),
          ' ',
          span(`${repo} #${pull}`, 'strong'),
          `  ${title} `,
          span(`(${author === null ? 'author unknown' : `@${author}`})`, 'mute'),
        ),
        room.width,
        0,
        4,
      ),
      ...paragraph(
        line(
          `for ${items.map((item) => `#${item}`).join(', ')}; ${askedAt === null ? 'not asked yet' : `asked ${clockTime(askedAt, room.now)}`}`,
        ),
        room.width,
        4,
        2,
      ),
      ...(isLate ? [] : [line(`    fix: signalbox pick request ${pull} --repo ${repo} --onto ${branch} -c CLASS`)]),
    ]),
    ...(unclear.length === 0 ? [] : [BLANK]),
    ...unclear.flatMap(({ repo, item }) =>
      paragraph(
        line(
          shape('no-data'),
          ` ${repo}#${item}: not clear whether the branch has it: signalbox pick missing ${release}`,
        ),
        room.width,
        0,
        2,
      ),
    ),
    BLANK,
    ...unreadLines(unread, room.width),
    ...paragraph(line(untilText(deadline, isLate, room)), room.width, 0, 2),
    ...paragraph(tail(owed.length, { release, isLate, isUnread: unread.length > 0 }), room.width, 0, 2),
  ];
}

function untilText(deadline: Instant | null, isLate: boolean, room: Room): string {
  if (deadline === null) return 'Deadline: the calendar does not say; nothing is late.';
  const when = clockTime(deadline, room.now);
  return isLate ? `Deadline: it was ${when}, and it is final.` : `Deadline: ${when}, and it is final.`;
}

function tail(
  count: number,
  { release, isLate, isUnread }: { readonly release: string; readonly isLate: boolean; readonly isUnread: boolean },
): Line {
  if (count > 0 && isLate) {
    return line(shape('skipped'), ` ${count} ${count === 1 ? 'fix is' : 'fixes are'} not included: late.`);
  }
  if (count > 0) {
    return line(shape('failing'), ` ${many(count, 'pick')} owed. Ask once: signalbox patch owed ${release} --ask`);
  }
  return isUnread
    ? line(shape('no-data'), ' Nobody owes a pick in what could be read.')
    : line(shape('pass'), ' Nobody owes a pick.');
}
