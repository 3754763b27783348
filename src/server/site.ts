import { Hono } from 'hono';
import { compress } from 'hono/compress';
import { actByApi, actByForm } from './act.ts';
import { pageFinder, type Address } from './address.ts';
import { admitToPage } from './admission.ts';
import { answer, asPage, formOf, missing, notAdmitted, pageAt, type Asked, type SiteParts } from './answer.ts';
import { liveRoute, Streams } from './live-route.ts';
import { apiDescription, apiDoc } from './openapi.ts';
import { roomOf, shownOf, Showing } from './show.ts';

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
    const address: Address = { page: pageAt(parts), params: {}, query: {}, form: null, path: '/api' };
    const asked: Asked = { address, form: formOf(context, address), identity };
    const room = roomOf(parts.app, identity, { now: now(), query: {} });
    return asPage(context, parts, asked, {
      shown: shownOf(apiDoc(parts.pages, parts.actions), room, 'api'),
      snapshot: null,
    });
  });
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
    if (address === null) return missing(context, parts, identity, isApi);
    const asked: Asked = { address, form: isApi ? 'json' : formOf(context, address), identity };
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
