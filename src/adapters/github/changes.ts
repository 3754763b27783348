import { z } from 'zod';
import type { ForgeChanges, PullCommit, PullFile } from '../../ports/forge.ts';
import type { Client } from './client.ts';
import { placeOf } from './repo.ts';
import { CommitAnswer, FileAnswer, PullNumberAnswer } from './schema-work.ts';

export function changes(client: Client): ForgeChanges {
  return {
    files: async (repo, pull) => {
      const ask = { act: `read the files of #${pull}`, repo };
      const query = { ...placeOf(repo), pull_number: pull, per_page: 100 };
      const route = 'GET /repos/{owner}/{repo}/pulls/{pull_number}/files';
      const found = new Map<string, PullFile>();
      for await (const { body } of client.pages(ask, (api) => api.request(route, query), z.array(FileAnswer))) {
        for (const each of body) {
          found.set(each.filename, {
            path: each.filename,
            before: each.previous_filename ?? null,
            change: each.status,
            added: each.additions,
            removed: each.deletions,
          });
        }
      }
      return [...found.values()];
    },
    commits: async (repo, pull) => {
      const ask = { act: `read the commits of #${pull}`, repo };
      const query = { ...placeOf(repo), pull_number: pull, per_page: 100 };
      const route = 'GET /repos/{owner}/{repo}/pulls/{pull_number}/commits';
      const found = new Map<string, PullCommit>();
      for await (const { body } of client.pages(ask, (api) => api.request(route, query), z.array(CommitAnswer))) {
        for (const { sha, parents, commit, author } of body) {
          const ids = parents.map((parent) => parent.sha);
          found.set(sha, { id: sha, parents: ids, message: commit.message, author: author?.login ?? null });
        }
      }
      return [...found.values()];
    },
    pullsOf: async (repo, commit) => {
      const ask = { act: `find the pull requests of ${commit}`, repo };
      const query = { ...placeOf(repo), commit_sha: commit, per_page: 100 };
      const route = 'GET /repos/{owner}/{repo}/commits/{commit_sha}/pulls';
      const found = new Set<number>();
      for await (const { body } of client.pages(ask, (api) => api.request(route, query), z.array(PullNumberAnswer))) {
        for (const { number } of body) found.add(number);
      }
      return [...found].toSorted((a, b) => a - b);
    },
  };
}
