import { Hono, type Context, type MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { App } from '../../app/app.ts';
import { LINK_PATH } from '../../app/sign-in/link.ts';
import { hashOfSecret } from '../../domain/secret-hash.ts';
import type { Doc } from '../../web/doc.ts';
import { EVERYWHERE_FIELD, FORM_FIELD } from '../../api/form.ts';
import type { Log } from '../duties.ts';
import type { Guard, Identity } from '../guard.ts';
import { rateLimit } from '../rate-limit.ts';
import { backPath } from './back-path.ts';
import { browserSessions } from './browser-sessions.ts';
import { clearCookie, writeSession } from './cookies.ts';
import { entranceOf, type Entrance } from './entrance.ts';
import { beginAtForge, CALLBACK_PATH, endAtForge } from './forge-routes.ts';
import { formTokenOf, isSame } from './form-token.ts';
import { identifier } from './identify.ts';
import { isFromOurPages, isOurHost, type Outside } from './outside.ts';
import { failedDoc, signedOutDoc, signInDoc } from './pages.ts';

export interface SignInOptions {
  readonly app: App;
  /** Asked at each request: the port is known only when the server listens. */
  readonly outside: () => Outside;
  /** Whether one-time links are taken: only by a server that nobody but this machine reaches. */
  readonly link: boolean;
  /** Shows a page of ours to nobody in particular. */
  readonly html: (doc: Doc) => string;
  /** Whose request it is, for limits: the address of the other end, or what a trusted proxy says it is. */
  readonly addressOf: (context: Context) => string;
  readonly log?: Log;
}

/** Attempts to sign in, from one address. */
const ATTEMPTS = { most: 20, within: 60_000 };
const CODE = /^[A-Za-z0-9_-]{43}$/;
/** A form of ours that signs out is a few hundred bytes. */
const FORM_BYTES = 4096;

/** Signing in, sessions and tokens, as what stands before every route (docs/decisions/0180). */
export function signInGuard(options: SignInOptions): Guard {
  const { app, outside, link } = options;
  const sessions = browserSessions(async () => (await app.sessions()).people, app.clock);
  const known = identifier({ app, sessions, outside });
  const mayRead = (identity: Identity | null): boolean => readable(options, identity);
  const isOwnForm: Guard['isOwnForm'] = async (request, token) => {
    const { shown } = await known(request);
    if (shown === null || token === undefined || !isFromOurPages(outside(), request.headers)) return false;
    return isSame(token, formTokenOf(shown.cookie.formKey));
  };
  const entrance = entranceOf({ ...options, log: options.log ?? (() => undefined), sessions, mayRead });
  const keep: MiddlewareHandler = async (context, next) => {
    if (!isOurHost(outside(), context.req.header('host') ?? null))
      return context.text('This server has another name.\n', 421);
    await next();
    const { shown } = await known(context.req.raw);
    const renewed = shown === null ? null : await sessions.renew(shown);
    if (renewed !== null) writeSession(context, outside(), renewed);
    return undefined;
  };
  const signOut = async (context: Context): Promise<Response> => {
    const form = await context.req.parseBody();
    const token = form[FORM_FIELD];
    if (!(await isOwnForm(context.req.raw, typeof token === 'string' ? token : undefined)))
      return entrance.show(context, failedDoc('This form is not of your session.', 'Nothing was done.'), 403);
    const { shown } = await known(context.req.raw);
    const isEverywhere = form[EVERYWHERE_FIELD] === '1';
    if (shown !== null) await (isEverywhere ? sessions.endAll(shown) : sessions.end(shown));
    clearCookie(context, outside(), 'session');
    return entrance.show(context, signedOutDoc(isEverywhere), 200);
  };
  return {
    identify: async (request) => (await known(request)).identity,
    mayRead,
    formToken: async (request) => {
      const { shown } = await known(request);
      return shown === null ? null : formTokenOf(shown.cookie.formKey);
    },
    isOwnForm,
    keep,
    routes: routesOf({ ...options, link }, entrance, signOut),
    signInPath: (back) => `/sign-in?${new URLSearchParams({ back: backPath(back) }).toString()}`,
  };
}

/** On this machine there is one person; elsewhere the train says who reads. */
function readable({ app, link }: SignInOptions, identity: Identity | null): boolean {
  const readers = app.loaded.train.readers ?? 'with-role';
  if (readers === 'everybody') return true;
  return identity !== null && (link || readers === 'signed-in' || identity.roles.length > 0);
}

function routesOf(
  { app, link, addressOf }: SignInOptions,
  entrance: Entrance,
  signOut: (context: Context) => Promise<Response>,
): Hono {
  const mayTry = rateLimit(ATTEMPTS, () => app.clock.now());
  const limited: MiddlewareHandler = async (context, next) => {
    if (mayTry(addressOf(context))) return next();
    context.header('retry-after', String(ATTEMPTS.within / 1000));
    const doc = failedDoc('There were too many attempts to sign in from your address.', 'Wait a minute.');
    return entrance.show(context, doc, 429);
  };
  const { signIn: forge } = app;
  const routes = new Hono();
  routes.get('/sign-in', (context) => {
    const back = backPath(context.req.query('back'));
    return entrance.show(context, signInDoc({ link, forge: forge !== null }, back), 200);
  });
  if (link) routes.get(LINK_PATH, limited, (context) => byLink(entrance, context));
  if (forge !== null) {
    routes.get('/sign-in/forge', limited, (context) => beginAtForge(entrance, forge, context));
    routes.get(CALLBACK_PATH, limited, (context) => endAtForge(entrance, forge, context));
  }
  routes.post('/sign-out', bodyLimit({ maxSize: FORM_BYTES }), signOut);
  return routes;
}

async function byLink(entrance: Entrance, context: Context): Promise<Response> {
  // Nobody has looked yet: neither a question about the page nor a browser that fetches ahead uses the link up.
  if (context.req.method !== 'GET' || context.req.header('sec-purpose') !== undefined) return context.body(null, 204);
  const { app } = entrance;
  const code = context.req.query('code') ?? '';
  const login = CODE.test(code) ? await (await app.sessions()).codes.take(hashOfSecret(code)) : null;
  if (login !== null) return entrance.letIn(context, { login, how: 'link', back: '/' });
  const doc = failedDoc(
    'This link was used before, or is older than ten minutes.',
    'Get another: signalbox auth link.',
  );
  return entrance.show(context, doc, 403);
}
