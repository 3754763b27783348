import { z } from 'zod';
import { instantOf } from '../../domain/instant.ts';
import { ForgeError, type ForgePeople, type RateBudget } from '../../ports/forge.ts';
import type { Client } from './client.ts';
import { unexpected } from './failure.ts';
import { orNull, placeOf } from './repo.ts';
import { PermissionAnswer, Viewer } from './schema.ts';
import { AppAnswer, BudgetAnswer } from './schema-work.ts';

export function people(client: Client, isApp: boolean): ForgePeople {
  return {
    whoami: async () => {
      if (isApp) {
        // An installation's token has no user: what it does bears the name of the app.
        const asked = { act: 'find out which app this is', repo: null };
        const { slug } = await client.call(asked, (api) => api.request('GET /app'), AppAnswer);
        if (slug === undefined) throw unexpected(asked, 'GET /app', 'an app without a name');
        return `${slug}[bot]`;
      }
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
    teamMembers: async (team) => {
      const [org = '', slug = '', ...rest] = team.split('/');
      if (org === '' || slug === '' || rest.length > 0) {
        throw new ForgeError('invalid', `GitHub: "${team}" is not a team. Write org/team.`);
      }
      const ask = { act: `read the members of the team ${team}`, repo: null };
      const route = 'GET /orgs/{org}/teams/{team_slug}/members';
      const query = { org, team_slug: slug, per_page: 100 };
      const found = new Set<string>();
      for await (const { body } of client.pages(ask, (api) => api.request(route, query), z.array(Viewer))) {
        for (const { login } of body) found.add(login);
      }
      return [...found].toSorted();
    },
    budget: async () => {
      const ask = { act: 'read the rate limits', repo: null };
      const { resources } = await client.call(ask, (api) => api.request('GET /rate_limit'), BudgetAnswer);
      const kinds = { rest: resources.core, graphql: resources.graphql ?? null, search: resources.search };
      return (['rest', 'graphql', 'search'] as const).flatMap((kind): RateBudget[] => {
        const found = kinds[kind];
        if (found === null) return [];
        const { limit, remaining, reset } = found;
        return [{ kind, limit, remaining, resetsAt: instantOf(reset * 1000) }];
      });
    },
  };
}
