import { createHmac, randomUUID } from 'node:crypto';

import type { SandboxApp } from './app-desk.ts';
import type { RepoState } from './state.ts';
import type { Store } from './store.ts';
import { urlsOf } from './urls.ts';
import { eventsBetween, type WebhookEvent } from './webhook-payloads.ts';

/** Whose webhook: a repository's, or that of the app, which hears of all. */
export interface HookTarget {
  /** 0 for the app's. */
  readonly id: number;
  readonly url: string;
  readonly secret: string;
  readonly events: readonly string[];
}

/** One attempt to deliver. */
export interface Attempt {
  readonly id: number;
  readonly hook: number;
  readonly guid: string;
  readonly redelivery: boolean;
  readonly event: string;
  readonly repository: number;
  readonly deliveredAt: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly payload: unknown;
}

/** The deliveries of a running sandbox: kept in memory, as long as it runs. */
export interface Webhooks {
  /** Tells the webhooks of a change; returns at once, as GitHub does not wait for them either. */
  tell(before: RepoState, after: RepoState): void;
  /** Attempts of a webhook, newest first. */
  attempts(hook: number): readonly Attempt[];
  /** Delivers the same again, with the id that it had. */
  redeliver(attempt: Attempt): void;
  /** Resolves when nothing is under way. */
  idle(): Promise<void>;
}

const patience = 10_000;

interface Sending {
  readonly hook: HookTarget;
  readonly guid: string;
  readonly event: string;
  readonly repository: number;
  readonly payload: unknown;
  readonly redelivery: boolean;
}

/** Only this machine is ever called. */
export function isLoopback(url: string): boolean {
  return URL.canParse(url) && ['127.0.0.1', 'localhost', '[::1]'].includes(new URL(url).hostname);
}

function headersOf({ hook, guid, event }: Sending, body: string): Record<string, string> {
  const sign = (name: string) => `${name}=${createHmac(name, hook.secret).update(body).digest('hex')}`;
  return {
    'content-type': 'application/json',
    'user-agent': 'GitHub-Hookshot/5a0d0be',
    'x-github-delivery': guid,
    'x-github-event': event,
    'x-github-hook-id': String(hook.id),
    'x-hub-signature': sign('sha1'),
    'x-hub-signature-256': sign('sha256'),
  };
}

async function post(url: string, headers: Record<string, string>, body: string): Promise<number> {
  try {
    const answer = await fetch(url, {
      method: 'POST',
      headers,
      body,
      redirect: 'manual',
      signal: AbortSignal.timeout(patience),
    });
    await answer.body?.cancel();
    return answer.status;
  } catch {
    // Nobody listens, or not in time: GitHub shows such a delivery without a status too.
    return 0;
  }
}

interface Parts {
  readonly store: Store;
  readonly web: () => string;
  readonly now: () => string;
  readonly app: SandboxApp | null;
}

function hears({ events }: HookTarget, { event }: WebhookEvent): boolean {
  return events.includes('*') || events.includes(event);
}

export function makeWebhooks({ store, web, now, app }: Parts): Webhooks {
  const appHook = app?.hook === undefined ? null : { id: 0, ...app.hook };
  let attempts: readonly Attempt[] = [];
  let last = 0;
  const underWay = new Set<Promise<void>>();
  const send = async (sending: Sending): Promise<void> => {
    const { hook, guid, redelivery, event, repository, payload } = sending;
    const body = JSON.stringify(payload);
    const headers = headersOf(sending, body);
    last += 1;
    const id = last;
    const status = await post(hook.url, headers, body);
    const kept = {
      id,
      hook: hook.id,
      guid,
      redelivery,
      event,
      repository,
      deliveredAt: now(),
      status,
      headers,
      payload,
    };
    attempts = [...attempts, kept];
  };
  const start = (sending: Sending): void => {
    const run = send(sending).finally(() => underWay.delete(run));
    underWay.add(run);
  };
  const targets = (repo: RepoState): readonly HookTarget[] => [
    ...repo.hooks.filter(({ active }) => active),
    ...(appHook === null ? [] : [appHook]),
  ];
  return {
    tell(before, after) {
      const hooks = targets(after);
      if (hooks.length === 0) return;
      for (const told of eventsBetween({ store, urls: urlsOf(web()), repo: after }, before)) {
        for (const hook of hooks.filter((each) => hears(each, told))) {
          start({ hook, guid: randomUUID(), repository: after.id, redelivery: false, ...told });
        }
      }
    },
    attempts: (hook) => attempts.filter((attempt) => attempt.hook === hook).toReversed(),
    redeliver(attempt) {
      const hook = [...store.repos().flatMap(({ hooks }) => hooks), ...(appHook === null ? [] : [appHook])].find(
        ({ id }) => id === attempt.hook,
      );
      if (hook !== undefined) start({ ...attempt, hook, redelivery: true });
    },
    idle: async () => {
      while (underWay.size > 0) await Promise.all(underWay);
    },
  };
}
