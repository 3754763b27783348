import { z } from 'zod';
import { epochMillis, instantOf, type Instant } from '../../domain/instant.ts';
import type { ForgeWebhooks, HookPlace, Webhook, WebhookAttempt } from '../../ports/forge.ts';
import type { Call, Client } from './client.ts';
import type { Ask } from './failure.ts';
import { placeOf } from './repo.ts';
import { Anything } from './schema.ts';
import { AttemptAnswer, HookAnswer, HookConfigAnswer, PayloadAnswer } from './schema-work.ts';

const hookOf = (place: Extract<HookPlace, { kind: 'repo' }>): { owner: string; repo: string; hook_id: number } => ({
  ...placeOf(place.repo),
  hook_id: place.hook,
});

function ask(place: HookPlace, act: string): Ask {
  return { act, repo: place.kind === 'app' ? null : place.repo };
}

function listing(place: HookPlace): Call {
  if (place.kind === 'app') return (api) => api.request('GET /app/hook/deliveries', { per_page: 100 });
  const query = { ...hookOf(place), per_page: 100 };
  return (api) => api.request('GET /repos/{owner}/{repo}/hooks/{hook_id}/deliveries', query);
}

async function attempts(client: Client, place: HookPlace, since: Instant): Promise<readonly WebhookAttempt[]> {
  const asked = ask(place, 'read the webhook deliveries');
  const found = new Map<string, WebhookAttempt>();
  for await (const { body } of client.pages(asked, listing(place), z.array(AttemptAnswer))) {
    for (const each of body) {
      const at = instantOf(Date.parse(each.delivered_at));
      // Newest first, so that all that follows is older still.
      if (epochMillis(at) < epochMillis(since)) return [...found.values()];
      const arrived = each.status_code >= 200 && each.status_code < 300;
      const id = String(each.id);
      found.set(id, { id, guid: each.guid, event: each.event, at, arrived });
    }
  }
  return [...found.values()];
}

// Octokit's types take these ids for numbers, which hold only the first fifteen digits of them; the route takes any text.
const appRoute = (id: string): string => `/app/hook/deliveries/${encodeURIComponent(id)}`;

function routeTo(place: HookPlace, id: string): string {
  if (place.kind === 'app') return appRoute(id);
  const { owner, repo, hook_id: hook } = hookOf(place);
  return `/repos/${owner}/${repo}/hooks/${hook}/deliveries/${encodeURIComponent(id)}`;
}

export function webhooks(client: Client, isApp: boolean): ForgeWebhooks {
  return {
    ofApp: async () => {
      if (!isApp) return null;
      const asked = ask({ kind: 'app' }, 'read the webhook of the app');
      const config = await client.look(asked, (api) => api.request('GET /app/hook/config'), HookConfigAnswer);
      return config === null || (config.url ?? '') === '' ? null : { url: config.url ?? '' };
    },
    ofRepo: async (repo) => {
      const route = 'GET /repos/{owner}/{repo}/hooks';
      const query = { ...placeOf(repo), per_page: 100 };
      const found: Webhook[] = [];
      const pages = client.pages(
        { act: 'read the webhooks', repo },
        (api) => api.request(route, query),
        z.array(HookAnswer),
      );
      for await (const { body } of pages) {
        for (const { id, active, events, config } of body) found.push({ id, active, events, url: config.url ?? '' });
      }
      return found;
    },
    attempts: (place, since) => attempts(client, place, since),
    payload: async (place, id) => {
      const act: Call = (api) => api.request({ method: 'GET', url: routeTo(place, id) });
      const found = await client.look(ask(place, `read webhook delivery ${id}`), act, PayloadAnswer);
      return found?.request.payload ?? null;
    },
    redeliver: async (place, id) => {
      const act: Call = (api) => api.request({ method: 'POST', url: `${routeTo(place, id)}/attempts` });
      await client.call(ask(place, `redeliver ${id}`), act, Anything);
    },
  };
}
