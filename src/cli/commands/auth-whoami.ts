import { rolesNow } from '../../app/sign-in/person.ts';
import type { Answer } from '../output/answer.ts';
import { line, span } from '../output/line.ts';
import { paragraph } from '../output/paragraph.ts';
import { unreadLines } from '../output/render-tokens.ts';
import type { Session } from '../session.ts';

export async function run(session: Session): Promise<Answer> {
  const app = await session.app();
  const login = session.flags.text('for')?.replace(/^@/u, '') ?? (await app.who());
  const roles = await rolesNow(app, login);
  const { unread } = await app.teams.read();
  const said = roles.length === 0 ? ' has no role in the train file.' : `: ${roles.join(', ')}`;
  return {
    schema: 'auth-whoami',
    asOf: app.clock.now(),
    stale: unread.length > 0,
    exit: 0,
    data: { login, roles, unread },
    records: [[login, roles.join(',')]],
    lines: (room) => [...unreadLines(unread, room.width), ...paragraph(line(span(login, 'strong'), said), room.width)],
  };
}
