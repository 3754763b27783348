import type { App } from '../app.ts';

/** Ends every session of whoever gives the command, in every browser; tokens stay. Returns how many there were. */
export async function signOutEverywhere(app: App): Promise<{ readonly login: string; readonly ended: number }> {
  const [login, sessions] = [await app.who(), await app.sessions()];
  return { login, ended: await sessions.people.endAll(login) };
}
