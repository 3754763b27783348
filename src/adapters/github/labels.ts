import type { RepoSlug } from '../../domain/repo.ts';
import { ForgeError, type ForgeLabels } from '../../ports/forge.ts';
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

export function labels(client: Client): ForgeLabels {
  return {
    find: (repo, name) => label(client, repo, name),
    create: async (repo, { name, color, description }) => {
      const ask = { act: `create the label "${name}"`, repo };
      const draft = { ...placeOf(repo), name, color: color.replace(/^#/, ''), description };
      try {
        await client.call(ask, (api) => api.request('POST /repos/{owner}/{repo}/labels', draft), Anything);
      } catch (error) {
        if (!(error instanceof GitHubRefusal) || (await label(client, repo, name)) === null) throw error;
      }
    },
    add: async (repo, item, labels) => {
      if (labels.length === 0) return;
      const route = 'POST /repos/{owner}/{repo}/issues/{issue_number}/labels';
      const draft = { ...placeOf(repo), issue_number: item, labels: [...labels] };
      await client.call({ act: `label #${item}`, repo }, (api) => api.request(route, draft), Anything);
    },
    remove: async (repo, item, label) => {
      const ask = { act: `take the label "${label}" off #${item}`, repo };
      const route = 'DELETE /repos/{owner}/{repo}/issues/{issue_number}/labels/{name}';
      const draft = { ...placeOf(repo), issue_number: item, name: label };
      try {
        await client.call(ask, (api) => api.request(route, draft), Anything);
      } catch (error) {
        if (!(error instanceof ForgeError) || error.code !== 'not-found') throw error;
        // Either it is not on the item, which is what was asked for, or there is no such item, which is told.
        const look = 'GET /repos/{owner}/{repo}/issues/{issue_number}';
        await client.call(ask, (api) => api.request(look, { ...placeOf(repo), issue_number: item }), Anything);
      }
    },
  };
}
