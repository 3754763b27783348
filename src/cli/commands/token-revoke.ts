import { revokeToken } from '../../app/sign-in/tokens.ts';
import { confirm } from '../confirm.ts';
import type { Answer } from '../output/answer.ts';
import { line } from '../output/line.ts';
import { paragraph } from '../output/paragraph.ts';
import { shape } from '../output/shapes.ts';
import { valueOf } from '../refusal.ts';
import type { Session } from '../session.ts';

export async function run(session: Session): Promise<Answer> {
  const id = session.required('ID');
  const app = await session.app();
  await confirm(session, `End token ${id} for good?`);
  const token = valueOf(await revokeToken(app, id));
  return {
    schema: 'token-revoke',
    asOf: null,
    stale: false,
    exit: 0,
    data: token,
    records: [[token.id, token.revokedAt ?? '']],
    lines: (room) =>
      paragraph(
        line(shape('pass'), ` Token ${token.id} (${token.name}) of ${token.login} is good for nothing any more.`),
        room.width,
        0,
        2,
      ),
  };
}
