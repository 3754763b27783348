import { createToken } from '../../app/sign-in/tokens.ts';
import { confirm } from '../confirm.ts';
import type { Answer } from '../output/answer.ts';
import { line } from '../output/line.ts';
import { paragraph } from '../output/paragraph.ts';
import { usage } from '../problem.ts';
import { valueOf } from '../refusal.ts';
import type { Session } from '../session.ts';

const DAYS = 30;

function daysOf(session: Session): number {
  const text = session.flags.text('days');
  if (text === null) return DAYS;
  if (/^\d{1,4}$/u.test(text)) return Number(text);
  throw usage(`--days ${text.slice(0, 20)} is no number of days`);
}

export async function run(session: Session): Promise<Answer> {
  const days = daysOf(session);
  const scope = session.flags.has('write') ? 'write' : 'read';
  const app = await session.app();
  const login = await app.who();
  const does = scope === 'write' ? 'does all that you may' : 'only reads';
  await confirm(session, `Make a token that acts as ${login} for ${days} days and ${does}?`);
  const { token, secret } = valueOf(await createToken(app, { name: session.required('NAME'), scope, days }));
  return {
    schema: 'token-create',
    asOf: null,
    stale: false,
    exit: 0,
    data: { ...token, secret },
    records: [[token.id, secret, token.scope, token.until]],
    lines: (room) => [
      ...paragraph(
        line(
          `Token ${token.id} acts as ${login} and ${does}, until ${token.until.slice(0, 10)}. It is shown this once:`,
        ),
        room.width,
      ),
      line(secret),
    ],
  };
}
