/** Our server as `signalbox serve` starts it, on a database of its own, with made-up pages as large as pages get, and people who are signed in. */
import { writeSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { systemClock } from '../../src/adapters/system/clock.ts';
import type { App } from '../../src/app/app.ts';
import { DELIVERIES } from '../../src/app/deliveries.ts';
import { succeed } from '../../src/domain/result.ts';
import { serverLog } from '../../src/server/log.ts';
import { pageOf, type Page } from '../../src/server/page.ts';
import { startServer } from '../../src/server/serve.ts';
import { composeFor } from '../../src/testing/crash-apply.ts';
import * as madeUp from '../../src/testing/pages/made-up.ts';
import { serving, signedInAt } from '../../src/testing/serving.ts';
import type { Doc } from '../../src/web/doc.ts';
import { turnId, type TurnKind } from './turn.ts';

const Given = z.object({
  home: z.string(),
  secret: z.string(),
  people: z.array(z.string()),
  works: z.boolean(),
});

/** `people`: whom the page is about, which those who look are compared with. */
const View = z.object({ row: z.int(), all: z.int(), people: z.array(z.string()) });
const MOST_TURNS = 100;

/** Those of the webhooks `row-...` and `all-...` that are stored: what the large page shows rests on them. */
async function storedOf(app: App, kind: TurnKind): Promise<number> {
  const ids = Array.from({ length: MOST_TURNS }, (_none, index) => `delivery ${turnId(kind, index)}`);
  return (await (await app.jobs()).known(DELIVERIES, ids)).size;
}

function large(app: App): Page {
  return pageOf({
    name: 'large',
    path: '/',
    summary: 'As much as a page has to hold',
    schema: View,
    reads: [],
    budget: 60_000,
    read: async () => {
      const view = {
        row: await storedOf(app, 'row'),
        all: await storedOf(app, 'all'),
        people: ['malfet', 'atalman'],
      };
      return succeed({ view, asOf: app.clock.now(), stale: false });
    },
    doc: ({ row, all }) => ({ ...madeUp.large(all), lead: `${row} webhooks` }),
  });
}

function others(app: App): readonly Page[] {
  const made: Readonly<Record<string, () => Doc>> = {
    train: madeUp.train,
    release: madeUp.release,
    picks: madeUp.picks,
    artifacts: madeUp.artifacts,
    calendar: madeUp.calendar,
    support: madeUp.support,
  };
  return Object.entries(made).map(([name, doc]) =>
    pageOf({
      name,
      path: `/${name}`,
      summary: name,
      schema: z.object({}),
      reads: [],
      budget: 60_000,
      read: () => Promise.resolve(succeed({ view: {}, asOf: app.clock.now(), stale: false })),
      doc,
    }),
  );
}

const { home, secret, people, works } = Given.parse(JSON.parse(process.argv[2] ?? ''));
const order = { token: 'none', databaseUrl: null, user: 'ana', indexToken: null };
const app = await composeFor({ ...order, trainFile: join(home, 'train.yaml') }, systemClock());
const server = await startServer(
  serving(app, {
    port: 0,
    behindProxy: false,
    webhookSecrets: [secret],
    works,
    log: serverLog('info'),
    pages: [large(app), ...others(app)],
  }),
);
const cookies: string[] = [];
for (const login of people) {
  const { cookie } = await signedInAt(server.url, app, login);
  cookies.push(`${cookie.name}=${cookie.value}`);
}
writeSync(3, `${JSON.stringify({ url: server.url, cookies })}\n`);
process.on('SIGTERM', () => {
  void server
    .stop()
    .then(() => app.close())
    .then(() => process.exit(0));
});
