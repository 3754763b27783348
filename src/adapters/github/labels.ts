import type { ForgeIssues } from '../../ports/forge.ts';
import type { Client } from './client.ts';
import { GitHubRefusal } from './failure.ts';
import { orNull, placeOf } from './repo.ts';
import { Anything, LabelAnswer } from './schema.ts';

export function labels(client: Client): Pick<ForgeIssues, 'label' | 'createLabel'> {
  return {
    label: async (repo, name) => {
      const ask = { act: `read the label "${name}"`, repo };
      const route = 'GET /repos/{owner}/{repo}/labels/{name}';
      const found = await client.look(ask, (api) => api.request(route, { ...placeOf(repo), name }), LabelAnswer);
      return orNull(client, repo, found);
    },
    createLabel: async (repo, { name, color, description }) => {
      const ask = { act: `create the label "${name}"`, repo };
      const label = { ...placeOf(repo), name, color: color.replace(/^#/, ''), description };
      try {
        await client.call(ask, (api) => api.request('POST /repos/{owner}/{repo}/labels', label), Anything);
      } catch (error) {
        if (error instanceof GitHubRefusal && error.details.some(({ code }) => code === 'already_exists')) return;
        throw error;
      }
    },
  };
}
