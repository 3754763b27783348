import { addSeconds, type Instant } from '../../domain/instant.ts';
import { hashOfSecret } from '../../domain/secret-hash.ts';
import type { App } from '../app.ts';
import { newSecret } from './secret.ts';

/** Where a one-time link leads. */
export const LINK_PATH = '/sign-in/link';
const GOOD_FOR_SECONDS = 600;

export interface SignInLink {
  /** Path and query; the server's address stands before it. Whoever has it is signed in by it, once. */
  readonly path: string;
  readonly login: string;
  readonly until: Instant;
}

/** A link that signs in whoever gives the command, once, within ten minutes. Only a server that listens to this machine alone takes it. */
export async function makeSignInLink(app: App): Promise<SignInLink> {
  const [login, sessions] = [await app.who(), await app.sessions()];
  const until = addSeconds(app.clock.now(), GOOD_FOR_SECONDS);
  const code = newSecret();
  await sessions.codes.add(hashOfSecret(code), login, GOOD_FOR_SECONDS);
  return { path: `${LINK_PATH}?code=${code}`, login, until };
}
