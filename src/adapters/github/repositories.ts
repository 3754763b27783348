import { z } from 'zod';
import type { RepoSlug } from '../../domain/repo.ts';
import type { BranchRule, ForgeFile, ForgeRepos, Ruleset, RulesetDetail } from '../../ports/forge.ts';
import type { Client } from './client.ts';
import { orNull, placeOf } from './repo.ts';
import {
  BranchRuleAnswer,
  ContentsAnswer,
  RepoFactsAnswer,
  RulesetAnswer,
  RulesetDetailAnswer,
} from './schema-work.ts';

export function repositories(client: Client): ForgeRepos {
  return {
    facts: async (repo) => {
      const ask = { act: 'read the settings', repo };
      const answer = await client.call(
        ask,
        (api) => api.request('GET /repos/{owner}/{repo}', placeOf(repo)),
        RepoFactsAnswer,
      );
      return {
        slug: answer.full_name,
        defaultBranch: answer.default_branch,
        isPrivate: answer.private,
        isArchived: answer.archived,
      };
    },
    file: (repo, at) => fileAt(client, repo, at),
    rulesets: async (repo) => {
      const ask = { act: 'read the rulesets', repo };
      const query = { ...placeOf(repo), per_page: 100 };
      const found = new Map<number, Ruleset>();
      const route = 'GET /repos/{owner}/{repo}/rulesets';
      for await (const { body } of client.pages(ask, (api) => api.request(route, query), z.array(RulesetAnswer))) {
        for (const each of body) found.set(each.id, { ...each, target: each.target ?? 'branch' });
      }
      return [...found.values()];
    },
    ruleset: async (repo, id) => {
      const ask = { act: `read ruleset ${id}`, repo };
      const route = 'GET /repos/{owner}/{repo}/rulesets/{ruleset_id}';
      const query = { ...placeOf(repo), ruleset_id: id };
      const found = await client.look(ask, (api) => api.request(route, query), RulesetDetailAnswer);
      return orNull(client, repo, found === null ? null : detailOf(found));
    },
    rulesOn: async (repo, branch) => {
      const ask = { act: `read the rules on ${branch}`, repo };
      const query = { ...placeOf(repo), branch, per_page: 100 };
      const found: BranchRule[] = [];
      const route = 'GET /repos/{owner}/{repo}/rules/branches/{branch}';
      for await (const { body } of client.pages(ask, (api) => api.request(route, query), z.array(BranchRuleAnswer))) {
        found.push(...body.map(({ type, ruleset_id: ruleset }) => ({ kind: type, ruleset: ruleset ?? null })));
      }
      return found;
    },
  };
}

/** What lies at the path, a link as GitHub tells of it. */
async function fileAt(
  client: Client,
  repo: RepoSlug,
  { branch, path }: Parameters<ForgeRepos['file']>[1],
): Promise<ForgeFile | null> {
  const ask = { act: `read ${path} of ${branch}`, repo };
  const query = { ...placeOf(repo), path, ref: branch };
  const route = 'GET /repos/{owner}/{repo}/contents/{path}';
  const found = await orNull(client, repo, await client.look(ask, (api) => api.request(route, query), ContentsAnswer));
  if (found === null) return null;
  if (Array.isArray(found)) return { text: null, link: null };
  const { type, content, encoding, target, html_url: link } = found;
  if (type === 'symlink') return { text: null, link: link ?? null, ...(target ? { target } : {}) };
  const isText = type === 'file' && encoding === 'base64' && typeof content === 'string';
  return { text: isText ? utf8Of(content) : null, link: link ?? null };
}

function detailOf({ target, conditions, rules, ...rest }: RulesetDetailAnswer): RulesetDetail {
  const { include = [], exclude = [] } = conditions?.ref_name ?? {};
  return { ...rest, target: target ?? 'branch', include, exclude, kinds: (rules ?? []).map(({ type }) => type) };
}

/** Null for bytes that are no UTF-8 text. */
function utf8Of(base64: string): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(base64, 'base64'));
  } catch (error) {
    if (error instanceof TypeError) return null;
    throw error;
  }
}
