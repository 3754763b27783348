import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { z } from 'zod';
import { systemClock } from '../adapters/system/clock.ts';
import type { App } from '../app/app.ts';
import { entriesOf } from '../app/record.ts';
import { FORM_FIELD } from '../api/form.ts';
import { ReleaseVersion } from '../domain/version.ts';
import { composeFor } from '../testing/crash-apply.ts';
import { makeRepo } from '../testing/git-repos.ts';
import { plannedCut } from '../testing/planned-cut.ts';
import { testDatabase, type TestDatabase } from '../testing/postgres.ts';
import { ORIGIN, serving, signedInAt } from '../testing/serving.ts';
import { openServer } from './serve.ts';

/** Two people with a browser each, at two servers of one PostgreSQL; each server works, too. */
const RELEASE = ReleaseVersion.parse('2.8.0');
const PEOPLE = ['ana', 'ben'] as const;

let home: string;
let database: TestDatabase;
let plan: string;
let browsers: readonly Browser[];
const toClose: (() => Promise<void>)[] = [];

interface Browser {
  readonly login: string;
  /** Posts the form of the plan's page; says where it leads, or the page that says no. */
  readonly apply: () => Promise<{ readonly status: number; readonly said: string }>;
}

async function composed(): Promise<App> {
  const order = { trainFile: join(home, 'train.yaml'), token: 'none', databaseUrl: database.url('signalbox') };
  const app = await composeFor({ ...order, user: 'ana', indexToken: null }, systemClock());
  toClose.push(() => app.close());
  return app;
}

async function browserOf(login: string): Promise<Browser> {
  const app = await composed();
  const server = await openServer(serving(app, { works: true }));
  toClose.push(() => server.stop());
  const { cookie, formToken } = await signedInAt(ORIGIN, app, login);
  const headers = {
    host: '127.0.0.1:8787',
    cookie: `${cookie.name}=${cookie.value}`,
    origin: ORIGIN,
    'sec-fetch-site': 'same-origin',
    accept: 'text/html',
  };
  return {
    login,
    apply: async () => {
      const body = new URLSearchParams({ [FORM_FIELD]: formToken });
      const answer = await server.fetch(
        new Request(`${ORIGIN}/plans/${plan}/apply`, { method: 'POST', headers, body }),
      );
      const to = answer.headers.get('location');
      const said = to === null ? await answer.text() : (new URL(to, ORIGIN).searchParams.get('said') ?? '');
      return { status: answer.status, said };
    },
  };
}

beforeEach(async () => {
  home = await mkdtemp(join(process.env['SIGNALBOX_TEST_HOME'] ?? tmpdir(), 'two-browsers-'));
  database = await testDatabase();
  await makeRepo({ dir: join(home, 'core.git'), commits: [{ files: { 'version.txt': '2.8.0a0\n' } }] });
  const repos = { core: { role: 'core', source: 'main', remote: join(home, 'core.git') } };
  const roles = { 'release-manager': PEOPLE, approver: [] };
  const train = { train: 'small', title: 'Small', product: 'small', roles, repos };
  await writeFile(join(home, 'train.yaml'), JSON.stringify(train));
  plan = await plannedCut(await composed(), RELEASE);
  browsers = await Promise.all(PEOPLE.map(browserOf));
});
afterEach(async () => {
  for (const close of toClose.splice(0).toReversed()) await close();
  await database.drop();
  await rm(home, { recursive: true, force: true });
});

const Receipt = z.object({ type: z.literal('step-receipt'), step: z.string() });

it('one of two who press Apply at once has it carried out; the other is told who; it is done once', async () => {
  const app = await composed();
  const answers = await Promise.all(browsers.map(async ({ login, apply }) => ({ login, ...(await apply()) })));
  const taken = answers.filter(({ said }) => said.includes('carried out in your name'));
  expect(taken).toHaveLength(1);
  const [first] = taken;
  const other = answers.find(({ login }) => login !== first?.login);
  // Asked for, under way or done by then: whichever it is, the page names who.
  expect(other?.said).toContain(first?.login);
  const finished = async () =>
    (await entriesOf(app)).filter(({ event }) => event.type === 'plan-finished' && event.plan === plan);
  await expect.poll(finished, { timeout: 20_000, interval: 50 }).toHaveLength(1);
  expect((await finished())[0]?.actor).toBe(first?.login);
  const receipts = (await entriesOf(app)).flatMap(({ event }) => Receipt.safeParse(event).data?.step ?? []);
  expect(new Set(receipts).size).toBe(receipts.length);
  expect(receipts.length).toBeGreaterThan(0);
  // Whoever comes later is told that it is done.
  const later = await browsers.find(({ login }) => login !== first?.login)?.apply();
  expect(later).toMatchObject({ status: 422 });
  expect(later?.said).toContain(`${first?.login} carried plan ${plan} out`);
});
