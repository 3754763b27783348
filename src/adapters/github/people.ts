import type { ForgePeople } from '../../ports/forge.ts';
import { ForgeError } from '../../ports/forge.ts';
import type { Client } from './client.ts';
import { placeOf } from './repo.ts';
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
      if (found !== null) return found.permission;
      // 404 is the answer both for a login that nobody has and for a repository that this token may not see.
      const account = { act: `find the account @${login}`, repo: null };
      const person = await client.look(
        account,
        (api) => api.request('GET /users/{username}', { username: login }),
        Viewer,
      );
      if (person === null) return 'none';
      const message = `GitHub: cannot read the permission of @${login} of ${repo}: the repository is not there, or hidden from this token. Check its name and what the token may see.`;
      throw new ForgeError('not-found', message, { status: 404 });
    },
  };
}
