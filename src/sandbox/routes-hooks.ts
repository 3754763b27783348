/* oxlint-disable no-param-reassign -- a change is made on a copy of the state, which the store keeps or drops as a whole (store.ts) */
import { z } from 'zod';

import { listRefs } from './git.ts';
import { created, HttpError, notFound, ok, paged, take } from './http.ts';
import { type Context, onRepo, onWorld, type RepoContext, type Route } from './router.ts';
import { type Hook, nextId } from './state.ts';
import { apiOf } from './urls.ts';
import { type Attempt, isLoopback } from './webhooks.ts';

const NewHook = z.object({
  active: z.boolean().default(true),
  events: z.array(z.string()).default(['push']),
  config: z.object({
    url: z.string().refine(isLoopback, 'the sandbox calls this machine only'),
    secret: z.string().default(''),
    content_type: z.literal('json'),
  }),
});

function shapeHook({ urls, repo }: RepoContext, hook: Hook) {
  const url = `${apiOf(urls, repo)}/hooks/${hook.id}`;
  return {
    type: 'Repository',
    id: hook.id,
    name: 'web',
    active: hook.active,
    events: hook.events,
    config: { url: hook.url, content_type: 'json', insecure_ssl: '0', secret: '********' },
    created_at: hook.createdAt,
    updated_at: hook.createdAt,
    url,
    test_url: `${url}/test`,
    ping_url: `${url}/pings`,
    deliveries_url: `${url}/deliveries`,
    last_response: { code: null, status: 'unused', message: null },
  };
}

function requireHook({ repo, params }: RepoContext): Hook {
  const found = repo.hooks.find(({ id }) => String(id) === params['id']);
  if (found === undefined) throw notFound();
  return found;
}

function shapeAttempt(attempt: Attempt) {
  const action = z.object({ action: z.string() }).safeParse(attempt.payload);
  return {
    id: attempt.id,
    guid: attempt.guid,
    delivered_at: attempt.deliveredAt,
    redelivery: attempt.redelivery,
    duration: 0.1,
    status: attempt.status === 0 ? 'failed to connect to host' : String(attempt.status),
    status_code: attempt.status,
    event: attempt.event,
    action: action.success ? action.data.action : null,
    installation_id: null,
    repository_id: attempt.repository,
    throttled_at: null,
  };
}

function requireAttempt({ webhooks, params }: Context, hook: number): Attempt {
  const found = webhooks.attempts(hook).find(({ id }) => String(id) === params['attempt']);
  if (found === undefined) throw notFound();
  return found;
}

const list = (context: Context, hook: number) => paged(context.url, context.webhooks.attempts(hook), shapeAttempt);

function show(context: Context, hook: number) {
  const attempt = requireAttempt(context, hook);
  const request = { headers: attempt.headers, payload: attempt.payload };
  return ok({ ...shapeAttempt(attempt), url: '', request, response: { headers: {}, payload: null } });
}

function again(context: Context, hook: number) {
  context.webhooks.redeliver(requireAttempt(context, hook));
  return { status: 202, body: {} };
}

function createHook(context: RepoContext) {
  const { store, repo, gitDir, body, now } = context;
  const asked = take(NewHook, body, 'Hook');
  return store.change(repo, async (draft) => {
    if (draft.hooks.some(({ url }) => url === asked.config.url)) {
      throw new HttpError(422, 'Validation Failed', [
        { resource: 'Hook', code: 'custom', message: 'Hook already exists' },
      ]);
    }
    const { url, secret } = asked.config;
    const hook = { id: nextId(draft), url, secret, events: asked.events, active: asked.active, createdAt: now };
    draft.hooks.push(hook);
    const refs = await listRefs(gitDir, 'refs/heads', 'refs/tags');
    draft.knownRefs = Object.fromEntries(refs.map(({ ref, sha }) => [ref, sha]));
    return created(shapeHook(context, hook));
  });
}

/** An app without a webhook has a configuration all the same, without an address. */
function appConfig(hook: NonNullable<Context['desk']['app']>['hook']) {
  return {
    content_type: 'json',
    insecure_ssl: '0',
    ...(hook === undefined ? {} : { secret: '********', url: hook.url }),
  };
}

/** Webhooks of repositories and of the app, and the record of what was delivered. */
export const hookRoutes: readonly Route[] = [
  onRepo('GET', '/hooks', 'admin', (context) =>
    paged(context.url, context.repo.hooks, (hook) => shapeHook(context, hook)),
  ),
  onRepo('POST', '/hooks', 'admin', createHook),
  onRepo('GET', '/hooks/:id', 'admin', (context) => ok(shapeHook(context, requireHook(context)))),
  onRepo('GET', '/hooks/:id/deliveries', 'admin', (context) => list(context, requireHook(context).id)),
  onRepo('GET', '/hooks/:id/deliveries/:attempt', 'admin', (context) => show(context, requireHook(context).id)),
  onRepo('POST', '/hooks/:id/deliveries/:attempt/attempts', 'admin', (context) =>
    again(context, requireHook(context).id),
  ),
  onWorld('GET', '/app/hook/config', ({ desk }) => ok(appConfig(desk.app?.hook))),
  onWorld('GET', '/app/hook/deliveries', (context) => list(context, 0)),
  onWorld('GET', '/app/hook/deliveries/:attempt', (context) => show(context, 0)),
  onWorld('POST', '/app/hook/deliveries/:attempt/attempts', (context) => again(context, 0)),
];
