import { signInStatus } from '../../app/sign-in/status.ts';
import { exitCode } from '../exit-codes.ts';
import type { Answer } from '../output/answer.ts';
import { line, span } from '../output/line.ts';
import { paragraph } from '../output/paragraph.ts';
import { unreadLines } from '../output/render-tokens.ts';
import { shape } from '../output/shapes.ts';
import type { Session } from '../session.ts';

/** Exit 3 when the forge does not say who acts. */
export async function run(session: Session): Promise<Answer> {
  const app = await session.app();
  const status = await signInStatus(app);
  const { login, roles, failure, unread, forge, signedIn, readers } = status;
  const who =
    login === null
      ? line(shape('failing'), ` Nobody: ${failure ?? 'the forge does not say'}`)
      : line(
          shape('pass'),
          ' ',
          span(login, 'strong'),
          roles.length === 0 ? ', without a role' : `: ${roles.join(', ')}`,
        );
  const way = forge
    ? 'People sign in by the forge; whoever sits at this machine also by a link: signalbox auth link'
    : 'Whoever sits at this machine signs in by a link: signalbox auth link. For others set SIGNALBOX_OAUTH_ID and SIGNALBOX_OAUTH_SECRET.';
  return {
    schema: 'auth-status',
    asOf: app.clock.now(),
    stale: unread.length > 0,
    exit: exitCode(login === null ? 'blocked' : 'done'),
    data: status,
    records: [
      ['login', login ?? ''],
      ['roles', roles.join(',')],
      ['sign-in-by-forge', String(forge)],
      ['readers', readers],
      ['signed-in', String(signedIn)],
    ],
    lines: (room) => [
      ...paragraph(line(way), room.width),
      ...paragraph(line(`Pages are read by: ${readers}. Signed in now: ${signedIn}.`), room.width),
      ...unreadLines(unread, room.width),
      ...paragraph(who, room.width, 0, 2),
    ],
  };
}
