import type { RepoSlug } from '../../domain/repo.ts';
import type { ForgeIssues } from '../../ports/forge.ts';
import type { Client } from './client.ts';
import { GitHubRefusal } from './failure.ts';
import { orNull, placeOf } from './repo.ts';
import { Anything, LabelAnswer } from './schema.ts';

async function label(client: Client, repo: RepoSlug, name: string): Promise<{ readonly name: string } | null> {
  const ask = { act: `read the label "${name}"`, repo };
  const route = 'GET /repos/{owner}/{repo}/labels/{name}';
  const found = await client.look(ask, (api) => api.request(route, { ...placeOf(repo), name }), LabelAnswer);
  return orNull(client, repo, found);
}

export function labels(client: Client): Pick<ForgeIssues, 'label' | 'createLabel'> {
  return {
    label: (repo, name) => label(client, repo, name),
    createLabel: async (repo, { name, color, description }) => {
      const ask = { act: `create the label "${name}"`, repo };
      const draft = { ...placeOf(repo), name, color: color.replace(/^#/, ''), description };
      try {
        await client.call(ask, (api) => api.request('POST /repos/{owner}/{repo}/labels', draft), Anything);
      } catch (error) {
        if (!(error instanceof GitHubRefusal) || (await label(client, repo, name)) === null) throw error;
      }
    },
  };
}
