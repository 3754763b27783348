import { tokenState } from '../../app/sign-in/tokens.ts';
import type { ApiToken } from '../../app/sign-in/person.ts';
import type { TeamMembers } from '../../app/team-reader.ts';
import type { Room } from './answer.ts';
import { line, type Line } from './line.ts';
import { paragraph } from './paragraph.ts';
import { shape } from './shapes.ts';
import { table } from './table.ts';

/** Teams that could not be read, and what that means. */
export function unreadLines(unread: TeamMembers['unread'], width: number): readonly Line[] {
  return unread.flatMap(({ team, reason }) =>
    paragraph(line(shape('no-data'), ` Nobody counts as one of @${team}: ${reason}`), width, 0, 2),
  );
}

const minute = (at: string): string => `${at.slice(0, 10)} ${at.slice(11, 16)}`;

/** Newest first, as they come. */
export function renderTokens(tokens: readonly ApiToken[], room: Room): readonly Line[] {
  if (tokens.length === 0)
    return paragraph(line('There are no tokens. Make one: signalbox token create NAME'), room.width);
  return table({
    columns: [
      { title: 'ID', whole: true },
      { title: 'WHO' },
      { title: 'NAME' },
      { title: 'MAY', optional: true },
      { title: 'USED, UTC', optional: true },
      { title: 'ENDS, UTC' },
      { title: 'STATE' },
    ],
    rows: tokens.map((token) => [
      line(token.id),
      line(token.login),
      line(token.name),
      line(token.scope),
      line(token.usedAt === null ? 'never' : minute(token.usedAt)),
      line(minute(token.until)),
      line(tokenState(token, room.now)),
    ]),
    width: room.width,
  });
}
