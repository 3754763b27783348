import { randomUUID } from 'node:crypto';
import { Hono, type MiddlewareHandler } from 'hono';
import type { App } from '../app/app.ts';
import { calendarIcs } from '../app/calendar-ics.ts';
import { failureCode } from '../domain/observation.ts';
import { admitToPage } from './admission.ts';
import { notAdmitted } from './answer.ts';
import type { Log } from './duties.ts';
import type { Front } from './front.ts';
import type { Guard } from './guard.ts';
import type { Metrics } from './metrics.ts';

const LONGEST_PATH = 300;

/** One request that is being answered. */
interface Watch {
  readonly id: string;
  /** Counts and logs it. */
  readonly answered: (status: number) => void;
}

/** Gives each request an id, and counts and logs it once it is answered. */
export type Watcher = (asked: { readonly method: string; readonly path: string }) => Watch;

export function watcher(metrics: Metrics, log: Log, routeOf: (path: string) => string): Watcher {
  return ({ method, path }) => {
    const id = randomUUID();
    const started = performance.now();
    return {
      id,
      answered: (status) => {
        const seconds = (performance.now() - started) / 1000;
        metrics.request({ method, route: routeOf(path), status, seconds });
        log('request', {
          request: id,
          method,
          path: path.slice(0, LONGEST_PATH),
          status,
          seconds: Number(seconds.toFixed(4)),
        });
      },
    };
  };
}

/** Watches what the framework answers. */
export function watched(watch: Watcher): MiddlewareHandler {
  return async (context, next) => {
    const { id, answered } = watch(context.req);
    context.header('x-request-id', id);
    await next();
    answered(context.res.status);
  };
}

/** Watches what is answered before it. */
export function watchedFront({ path, handle }: Front, watch: Watcher): Front {
  return {
    path,
    handle: async (request, response) => {
      const { id, answered } = watch({ method: request.method ?? '', path });
      response.setHeader('x-request-id', id);
      await handle(request, response);
      answered(response.statusCode);
    },
  };
}

/** Whether the process lives, and whether it can work. */
export function healthRoutes(app: App): Hono {
  const routes = new Hono();
  routes.get('/healthz', (context) => context.json({ ok: true }));
  routes.get('/readyz', async (context) => {
    try {
      const ledger = await app.ledger();
      await ledger.read({ train: app.loaded.train.train, last: 1 });
      return context.json({ ok: true });
    } catch (error) {
      if (failureCode(error) === null) throw error;
      return context.json({ ok: false, why: 'the database cannot be read' }, 503);
    }
  });
  return routes;
}

/** A root whose failures are told in the log, and to nobody else. */
export function rootApp(log: Log): Hono {
  const root = new Hono();
  root.onError((error, context) => {
    log('request-failed', { path: context.req.path.slice(0, LONGEST_PATH), reason: error.message, stack: error.stack });
    return context.json({ code: 'failed', text: 'This failed; the log of the server says more.' }, 500);
  });
  return root;
}

/** What calendars subscribe to; they send no cookie, so that it is for those who may read without one, or with a token. */
export function calendarRoutes(app: App, guard: Guard): Hono {
  const routes = new Hono();
  routes.get('/calendar.ics', async (context) => {
    const admitted = await admitToPage(guard, context.req.raw);
    if (admitted.kind !== 'let-in') return notAdmitted(context, admitted);
    const text = calendarIcs(app.loaded.train, app.clock.now());
    return context.body(text, 200, {
      'content-type': 'text/calendar; charset=utf-8',
      'cache-control': 'private, no-cache',
    });
  });
  return routes;
}

/** Counts for Prometheus: for everybody on this machine, and for readers elsewhere. */
export function metricsRoutes({
  metrics,
  guard,
  local,
}: {
  readonly metrics: Metrics;
  readonly guard: Guard;
  readonly local: boolean;
}): Hono {
  const routes = new Hono();
  routes.get('/metrics', async (context) => {
    // Counts tell strangers when a release is near.
    const mayLook = local || guard.mayRead(await guard.identify(context.req.raw));
    return mayLook
      ? context.body(await metrics.text(), 200, { 'content-type': metrics.contentType })
      : context.text('Send a token.\n', 401);
  });
  return routes;
}
