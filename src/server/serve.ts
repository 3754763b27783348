import type { Hono } from 'hono';
import { deliveryInbox } from '../app/deliveries.ts';
import { renderText } from '../web/text/page.ts';
import { ACTIONS } from './actions/index.ts';
import { readAssets, type Assets } from './assets.ts';
import { commandRoutes } from './command-route.ts';
import { feedRoutes } from './feed-route.ts';
import { framing, nobodysPage } from './frame.ts';
import type { Front } from './front.ts';
import type { Guard } from './guard.ts';
import { strictHeaders } from './headers.ts';
import { addressReader, bodies, plainPaths } from './limits.ts';
import { KeptHtml } from './kept-html.ts';
import { listen, urlOf } from './listen.ts';
import { serverMetrics } from './metrics.ts';
import { PAGES } from './pages/index.ts';
import { pastViews } from './past.ts';
import { calendarRoutes, healthRoutes, metricsRoutes, rootApp, watched, watchedFront, watcher } from './root.ts';
import type { ServeOptions } from './serve-options.ts';
import { signInGuard } from './sign-in/guard.ts';
import { loopbackOutside, outsideOf, type Outside } from './sign-in/outside.ts';
import { siteOf, type Site } from './site.ts';
import type { Snapshots } from './snapshots.ts';
import { warmUp } from './warm-up.ts';
import { keptSnapshots, startWorking } from './working.ts';

export interface Server {
  readonly url: string;
  /** Takes nothing more in, finishes what is under way, and lets go of the port. */
  stop(): Promise<void>;
}

/** A server that listens nowhere yet. */
export interface OpenServer {
  /** `env` is what the listening side knows of the connection: by it the other end's address is told. */
  readonly fetch: Hono['fetch'];
  /** What is to be answered before that: webhooks, where they are taken in. */
  readonly front: Front | null;
  /** Says which port it got, where nobody named the address that people see. */
  listensOn(port: number): void;
  /** Brings what would not end by itself to its end: streams of pages, commands of callers elsewhere. */
  endOpen(): void;
  /** Finishes what is under way; to be called once nothing more comes in. */
  stop(): Promise<void>;
}

/** Listens, and serves until it is stopped. */
export async function startServer(options: ServeOptions): Promise<Server> {
  const { host, port } = options;
  const opened = await openServer(options);
  const server = await listen(opened.fetch, { host, port, front: opened.front }).catch(async (error: unknown) => {
    await opened.stop();
    throw error;
  });
  opened.listensOn(server.port);
  return {
    url: urlOf(host, server.port),
    stop: async () => {
      const closed = server.close();
      opened.endOpen();
      await closed;
      await opened.stop();
    },
  };
}

/**
 * Serves the pages, their API and streams, and takes webhooks in. Several processes may serve one train: nothing is held that is not in the database or
 * read again from the world.
 */
export async function openServer(options: ServeOptions): Promise<OpenServer> {
  const { app, log, port, safe } = options;
  const assets = await readAssets();
  let outside: Outside = safe.outside === null ? loopbackOutside(port) : outsideOf(safe.outside);
  const guard = signInGuard({
    app,
    outside: () => outside,
    link: safe.local,
    html: nobodysPage(app, assets.addresses),
    addressOf: addressReader(options.behindProxy),
    log,
  });
  const metrics = serverMetrics();
  const snapshots = await keptSnapshots(options, metrics);
  const working = await startWorking(options, snapshots);
  const site = pagesOf(options, { guard, snapshots, assets });
  const inbox = deliveryInbox(await app.jobs());
  metrics.gauges(async () => {
    const { waiting, dead } = await inbox.counts();
    return { streams: site.streams.size, pages: snapshots.size, deliveries_waiting: waiting, deliveries_dead: dead };
  });
  const root = rootApp(log);
  const watch = watcher(metrics, log, (path) => site.routeOf(path));
  root.use('*', watched(watch));
  root.route('/', healthRoutes(app));
  root.use(
    '*',
    strictHeaders(() => outside.secure),
    plainPaths(),
    guard.keep,
    bodies(),
  );
  root.route('/', guard.routes);
  root.route('/', assets.routes);
  root.route('/', metricsRoutes({ metrics, guard, local: safe.local }));
  root.route('/', calendarRoutes(app, guard));
  root.route('/', feedRoutes({ app, guard, origin: () => outside.origin }));
  const commands = options.run === undefined ? null : commandRoutes({ app, guard, run: options.run, log });
  if (commands !== null) root.route('/', commands.routes);
  root.route('/', site.routes);
  const warming = options.warmsUp ? warmUp({ app, pages: options.pages ?? PAGES, log }, snapshots) : null;
  return {
    fetch: (...given) => root.fetch(...given),
    front: working.intake === null ? null : watchedFront(working.intake.front, watch),
    listensOn: (got) => {
      if (safe.outside === null) outside = loopbackOutside(got);
    },
    endOpen: () => {
      site.streams.end();
      commands?.leave();
    },
    stop: async () => {
      await warming?.stop();
      await working.stop();
    },
  };
}

function pagesOf(
  { app, log, version, pages = PAGES, actions = ACTIONS }: ServeOptions,
  { guard, snapshots, assets }: { readonly guard: Guard; readonly snapshots: Snapshots; readonly assets: Assets },
): Site {
  return siteOf({
    app,
    guard,
    snapshots,
    pages,
    actions,
    past: pastViews(app),
    frame: framing(app, assets.addresses),
    kept: new KeptHtml(),
    text: ({ doc, room }) => renderText(doc, room),
    product: { title: `${app.loaded.train.title}: releases`, version },
    log,
    changed: () => snapshots.changed(),
  });
}
