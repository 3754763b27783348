import { Hono } from 'hono';
import { compress } from 'hono/compress';
import { actByApi, actByForm } from './act.ts';
import { pageFinder } from './address.ts';
import { admitToPage } from './admission.ts';
import { answer, asPage, formOf, missing, notAdmitted, refuse, type Asked, type SiteParts } from './answer.ts';
import { findPlace } from './find-place.ts';
import { liveRoute, Streams } from './live-route.ts';
import { apiDescription, apiDoc } from './openapi.ts';
import { roomOf, shownOf, Showing } from './show.ts';
import { youRoute } from './you.ts';

export interface Site {
  readonly routes: Hono;
  readonly streams: Streams;
  /** The pattern that a path belongs to, for counting: paths themselves are without end. */
  routeOf(path: string): string;
}

/** Pages, actions, their API and their streams as one application; listens nowhere by itself. */
export function siteOf(parts: SiteParts): Site {
  const find = pageFinder(parts.pages);
  const showing = new Showing(parts.app);
  const streams = new Streams();
  const now = () => parts.app.clock.now();
  const site = new Hono();
  site.use('*', compress());
  site.get('/live', (context) =>
    liveRoute(context, { guard: parts.guard, find, snapshots: parts.snapshots, showing, now }, streams),
  );
  const description = apiDescription(parts.pages, parts.actions, parts.product);
  site.get('/api/v1/openapi.json', (context) => context.json(description));
  site.get('/api', async (context) => {
    const admitted = await admitToPage(parts.guard, context.req.raw);
    if (admitted.kind !== 'let-in') return notAdmitted(context, admitted);
    const { identity } = admitted;
    const room = roomOf(parts.app, identity, { now: now(), query: {} });
    const shown = shownOf(apiDoc(parts.pages, parts.actions), room, 'api');
    return asPage(context, parts, { path: '/api', form: formOf(context, null), identity }, { shown, snapshot: null });
  });
  site.get('/find', async (context) => {
    const admitted = await admitToPage(parts.guard, context.req.raw);
    if (admitted.kind !== 'let-in') return notAdmitted(context, admitted);
    const typed = (context.req.query('q') ?? '').slice(0, 200);
    const found = await findPlace(parts.app, typed);
    if (found !== null) return context.redirect(found, 303);
    const text = `Nothing of that name has a page: "${typed}". Type a release, a pull request (#158112, vision#12 or its address), a gate or a plan.`;
    const place = { path: '/', form: formOf(context, null), identity: admitted.identity };
    return refuse(context, parts, place, { problems: [{ kind: 'usage', code: 'not-found', text }] });
  });
  site.get('/you', (context) => youRoute(context, parts, null));
  site.get('/you.txt', (context) => youRoute(context, parts, 'text'));
  for (const path of ['/you.json', '/api/v1/you']) site.get(path, (context) => youRoute(context, parts, 'json'));
  for (const action of parts.actions) {
    site.post(`/api/v1${action.path}`, (context) => actByApi(context, parts, action));
    site.post(action.path, (context) => actByForm(context, parts, action));
  }
  site.get('*', async (context) => {
    const { pathname, searchParams } = new URL(context.req.url);
    const isApi = pathname === '/api/v1' || pathname.startsWith('/api/v1/');
    const path = isApi ? pathname.slice('/api/v1'.length) : pathname;
    const address = find(path === '' ? '/' : path, searchParams);
    const admitted = await admitToPage(parts.guard, context.req.raw);
    if (admitted.kind !== 'let-in') return notAdmitted(context, admitted);
    const { identity } = admitted;
    const ending = pathname.endsWith('.json') ? 'json' : pathname.endsWith('.txt') ? 'text' : null;
    const form = isApi ? 'json' : formOf(context, address === null ? ending : address.form);
    if (address === null) return missing(context, parts, { path: '/', form, identity });
    const asked: Asked = { address, path: address.path, form, identity };
    return answer(context, parts, showing, asked);
  });
  return {
    routes: site,
    streams,
    routeOf: (path) => {
      const isApi = path.startsWith('/api/v1/');
      return find(isApi ? path.slice('/api/v1'.length) : path, new URLSearchParams())?.page.path ?? 'other';
    },
  };
}
