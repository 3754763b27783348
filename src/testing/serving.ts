import type { App } from '../app/app.ts';
import type { ServeOptions } from '../server/serve-options.ts';
import { browserSessions } from '../server/sign-in/browser-sessions.ts';
import { formTokenOf } from '../server/sign-in/form-token.ts';

/** Where the server of a test is asked that listens nowhere. */
export const ORIGIN = 'http://127.0.0.1:8787';

/**
 * How a test's server serves: to this machine alone, without webhooks, and it only answers. It listens nowhere unless the test says so, so that the other
 * end is who the proxy says.
 */
export function serving(app: App, changes: Partial<ServeOptions> = {}): ServeOptions {
  return {
    app,
    host: '127.0.0.1',
    port: 8787,
    safe: { local: true, outside: null },
    behindProxy: true,
    webhookSecrets: [],
    works: false,
    warmsUp: false,
    // A test that looks sees what is, however long that takes to read.
    patience: () => new Promise(() => {}),
    version: '1.2.3',
    log: () => undefined,
    ...changes,
  };
}

/** What a browser sends back of the cookies that an answer set. */
export function cookiesOf(answer: Response): string {
  return answer.headers
    .getSetCookie()
    .map((each) => each.split(';')[0])
    .join('; ');
}

/** What a browser has in which somebody is signed in. */
export interface SignedIn {
  readonly cookie: { readonly name: string; readonly value: string };
  /** For the forms of its pages. */
  readonly formToken: string;
}

/** Signs somebody in at the server of this address, as if the forge had said who they are. */
export async function signedInAt(origin: string, app: App, login: string): Promise<SignedIn> {
  const sessions = browserSessions(async () => (await app.sessions()).people, app.clock);
  const { secret, formKey } = await sessions.begin(login, 'forge');
  const name = `signalbox-session-${new URL(origin).port}`;
  return { cookie: { name, value: `${secret}.${formKey}` }, formToken: formTokenOf(formKey) };
}
