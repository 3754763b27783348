import { makeSignInLink } from '../../app/sign-in/link.ts';
import type { Answer } from '../output/answer.ts';
import { line } from '../output/line.ts';
import { usage } from '../problem.ts';
import type { Session } from '../session.ts';

const PORT = 8787;

/** Where the server of this machine listens. */
function portOf(session: Session): number {
  const text = session.flags.text('port');
  if (text === null) return PORT;
  const port = Number(text);
  if (/^\d{1,5}$/u.test(text) && port > 0 && port <= 65_535) return port;
  throw usage(`--port ${text.slice(0, 20)} is no port: a number from 1 to 65535`);
}

/** Makes a link; the address is that of this machine, whatever the server is called. */
export async function run(session: Session): Promise<Answer> {
  const port = portOf(session);
  const { path, login, until } = await makeSignInLink(await session.app());
  const url = `http://127.0.0.1:${port}${path}`;
  return {
    schema: 'auth-link',
    asOf: null,
    stale: false,
    exit: 0,
    data: { url, login, until },
    records: [[url, login, until]],
    // The address stands alone on its line, whole, so that it can be clicked.
    lines: () => [line(`Signs in ${login} once, until ${until.slice(11, 16)} UTC:`), line(url)],
  };
}
