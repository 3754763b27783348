import { signOutEverywhere } from '../../app/sign-in/sign-out.ts';
import { confirm } from '../confirm.ts';
import type { Answer } from '../output/answer.ts';
import { line } from '../output/line.ts';
import { shape } from '../output/shapes.ts';
import type { Session } from '../session.ts';

export async function run(session: Session): Promise<Answer> {
  const app = await session.app();
  await confirm(session, 'Sign out in every browser?');
  const { login, ended } = await signOutEverywhere(app);
  const text =
    ended === 0
      ? ` ${login} is signed in nowhere.`
      : ` ${login} is signed out everywhere: ${ended} ${ended === 1 ? 'session' : 'sessions'} ended.`;
  return {
    schema: 'auth-logout',
    asOf: null,
    stale: false,
    exit: 0,
    data: { login, ended },
    records: [[login, String(ended)]],
    lines: () => [line(shape('pass'), text)],
  };
}
