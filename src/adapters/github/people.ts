import type { ForgePeople } from '../../ports/forge.ts';
import type { Client } from './client.ts';
import { orNull, placeOf } from './repo.ts';
import { PermissionAnswer, Viewer } from './schema.ts';

export function people(client: Client): ForgePeople {
  return {
    whoami: async () => {
      const ask = { act: 'find out whose token this is', repo: null };
      return (await client.call(ask, (api) => api.request('GET /user'), Viewer)).login;
    },
    permission: async (repo, login) => {
      const ask = { act: `read the permission of @${login}`, repo };
      const route = 'GET /repos/{owner}/{repo}/collaborators/{username}/permission';
      const found = await client.look(
        ask,
        (api) => api.request(route, { ...placeOf(repo), username: login }),
        PermissionAnswer,
      );
      // 404 is the answer both for a login that nobody has and for a repository that this token may not see; the second throws.
      return (await orNull(client, repo, found))?.permission ?? 'none';
    },
  };
}
