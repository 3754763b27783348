import { failureCode } from '../../domain/observation.ts';
import type { Role } from '../../domain/train/train.ts';
import type { App } from '../app.ts';
import type { TeamMembers } from '../team-reader.ts';
import { rolesNow } from './person.ts';

/** As whom one acts here, and how people get in. */
export interface SignInStatus {
  /** Null when the forge does not say whose token it is; `failure` says why. */
  readonly login: string | null;
  readonly failure: string | null;
  readonly roles: readonly Role[];
  readonly unread: TeamMembers['unread'];
  /** Whether people can sign in by the forge. */
  readonly forge: boolean;
  readonly readers: 'everybody' | 'signed-in' | 'with-role';
  /** Sessions that are not over. */
  readonly signedIn: number;
}

export async function signInStatus(app: App): Promise<SignInStatus> {
  const { login, failure } = await whoOf(app);
  const sessions = await app.sessions();
  return {
    login,
    failure,
    roles: login === null ? [] : await rolesNow(app, login),
    unread: (await app.teams.read()).unread,
    forge: app.signIn !== null,
    readers: app.loaded.train.readers ?? 'with-role',
    signedIn: await sessions.people.count(app.clock.now()),
  };
}

async function whoOf(app: App): Promise<Pick<SignInStatus, 'login' | 'failure'>> {
  try {
    return { login: await app.who(), failure: null };
  } catch (error) {
    if (failureCode(error) === null || !(error instanceof Error)) throw error;
    return { login: null, failure: error.message };
  }
}
