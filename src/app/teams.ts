import { membersOfRoles, teamsOf } from '../domain/train/roles.ts';
import type { App } from './app.ts';

/**
 * The app with people in the place of teams, as of now: whatever asks it who has a role counts the members in. What runs for long does this for each thing
 * it does.
 */
export async function withTeams(app: App): Promise<App> {
  const { roles } = app.teams;
  if (teamsOf({ roles }).length === 0) return app;
  const { members } = await app.teams.read();
  const train = { ...app.loaded.train, roles: membersOfRoles(roles, members) };
  // The digest stays: plans are bound to what the file says, and who is in a team is no part of it.
  return { ...app, loaded: { ...app.loaded, train } };
}
