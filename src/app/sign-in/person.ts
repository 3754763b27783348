import { rolesOf } from '../../domain/train/roles.ts';
import type { Role } from '../../domain/train/train.ts';
import type { Proof } from '../../ports/sessions.ts';
import type { App } from '../app.ts';
import { record } from '../record.ts';
import { withTeams } from '../teams.ts';

export type { ApiToken, Proof, Session, SessionList } from '../../ports/sessions.ts';

/** The app with somebody else at the keys, and the teams as of now: what the server does for them is theirs. */
export async function asPerson(app: App, login: string): Promise<App> {
  return { ...(await withTeams(app)), who: () => Promise.resolve(login) };
}

/** The roles of a login, teams counted in. */
export async function rolesNow(app: App, login: string): Promise<readonly Role[]> {
  return rolesOf((await withTeams(app)).loaded.train, login);
}

/** Writes down that somebody came in, with the roles that hold now. */
export async function recordSignIn(app: App, login: string, how: Proof): Promise<readonly Role[]> {
  const person = await asPerson(app, login);
  const roles = rolesOf(person.loaded.train, login);
  await record(person, { type: 'signed-in', how, roles: [...roles] });
  return roles;
}
