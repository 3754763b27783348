import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { systemClock } from '../adapters/system/clock.ts';
import type { App } from '../app/app.ts';
import { WEBHOOK_PATH } from '../app/bot/hooks.ts';
import { savePlan } from '../app/plans.ts';
import { entriesOf } from '../app/record.ts';
import { createToken } from '../app/sign-in/tokens.ts';
import { ReleaseVersion } from '../domain/version.ts';
import { composeFor } from '../testing/crash-apply.ts';
import { planOf, tagStep } from '../testing/engine-world.ts';
import { makeRepo, testGit } from '../testing/git-repos.ts';
import { plannedCut } from '../testing/planned-cut.ts';
import { testDatabase, type TestDatabase } from '../testing/postgres.ts';
import { signatureOf } from './signature.ts';

/**
 * Two servers that only answer and one process that works, as they are installed, on one PostgreSQL; each is killed again and again while webhooks, approvals
 * and orders to carry plans out come in. SIGNALBOX_LONG=1 does it for minutes.
 */
const LONG = process.env['SIGNALBOX_LONG'] === '1';
const ROUNDS = LONG ? 12 : 2;
const PLANS = LONG ? 12 : 4;
const DELIVERIES = LONG ? 1_500 : 240;
const SECRET = 'a-secret-of-the-forge-and-us';
/** Plans with a step that cannot be taken back, which are approved and not carried out. */
const TO_APPROVE = LONG ? 60 : 12;
const REPOS = ['core', 'vision'] as const;
const APPROVERS = ['cleo', 'dora'] as const;
const PROGRAM = join(import.meta.dirname, '..', '..', 'bin', 'signalbox.js');
/** Of a process that says nothing about work it took, until others take it: the heartbeat of jobs and their first pause. */
const LEFT_BEHIND_MILLIS = 120_000;

const Job = z.object({ state: z.string(), count: z.coerce.number() });

let home: string;
let database: TestDatabase;
const processes: Killable[] = [];

beforeAll(async () => {
  home = await mkdtemp(join(process.env['SIGNALBOX_TEST_HOME'] ?? tmpdir(), 'killed-'));
  database = await testDatabase();
  for (const repo of REPOS) {
    await makeRepo({
      dir: join(home, `${repo}.git`),
      commits: [{ files: { 'version.txt': '3.0.0a0\n' } }],
    });
  }
  await writeFile(join(home, 'train.yaml'), trainText());
});
afterAll(async () => {
  for (const each of processes) await each.kill();
  await database.drop();
  await rm(home, { recursive: true, force: true });
});

function trainText(): string {
  const repos = REPOS.map((name, index): readonly [string, object] => [
    name,
    { role: index === 0 ? 'core' : 'infra', source: 'main', remote: join(home, `${name}.git`) },
  ]);
  return JSON.stringify({
    train: 'killed',
    title: 'Killed',
    product: 'killed',
    roles: { 'release-manager': ['ana'], approver: APPROVERS },
    repos: Object.fromEntries<object>(repos),
  });
}

/** A process of `signalbox serve`, which is killed and comes back, at another port each time. */
class Killable {
  readonly name: string;
  readonly #works: boolean;
  #child: ChildProcess | null = null;
  #url: Promise<string> = Promise.reject(new Error('not started'));
  kills = 0;

  constructor(name: string, works: boolean) {
    this.name = name;
    this.#works = works;
    this.#url.catch(() => undefined);
  }

  /** Where it listens now; waits while it comes back. */
  get url(): Promise<string> {
    return this.#url;
  }

  start(): Promise<string> {
    const args = ['serve', '--port', '0', ...(this.#works ? [] : ['--no-work'])];
    const child = spawn(process.execPath, [PROGRAM, ...args], {
      cwd: home,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        PATH: process.env['PATH'] ?? '',
        HOME: home,
        DATABASE_URL: database.url('signalbox'),
        SIGNALBOX_USER: 'ana',
        SIGNALBOX_WEBHOOK_SECRET: SECRET,
      },
    });
    this.#child = child;
    this.#url = new Promise((resolve, reject) => {
      let said = '';
      const hear = (piece: Buffer): void => {
        said += piece.toString();
        const url = /Open at (http:\/\/127\.0\.0\.1:\d+)/u.exec(said)?.[1];
        if (url !== undefined) resolve(url);
        if (said.length > 20_000) said = said.slice(-2_000);
      };
      child.stdout.on('data', hear);
      child.stderr.on('data', hear);
      child.once('exit', () => reject(new Error(`${this.name} ended: ${said.slice(-2_000)}`)));
    });
    this.#url.catch(() => undefined);
    return this.#url;
  }

  async kill(): Promise<void> {
    const child = this.#child;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
    this.kills += 1;
  }
}

async function appFor(user: string): Promise<App> {
  const order = { trainFile: join(home, 'train.yaml'), token: 'none', databaseUrl: database.url('signalbox') };
  return composeFor({ ...order, user, indexToken: null }, systemClock());
}

async function as<Answer>(user: string, work: (app: App) => Promise<Answer>): Promise<Answer> {
  const app = await appFor(user);
  try {
    return await work(app);
  } finally {
    await app.close();
  }
}

async function tokenOf(user: string): Promise<string> {
  const made = await as(user, (app) => createToken(app, { name: 'test', scope: 'write', days: 1 }));
  if (!made.ok) throw new Error(made.problems[0].text);
  return made.value.secret;
}

/** Needs two approvals, and is never carried out. */
async function plannedTag(app: App, patch: number): Promise<string> {
  const release = ReleaseVersion.parse(`2.0.${patch}`);
  const { train, digest } = app.loaded;
  const plan = planOf([tagStep('core')], { train: train.train, trainDigest: digest, release, title: `Tag ${release}` });
  return (await savePlan(app, plan)).plan.id;
}

interface Heard {
  readonly status: number;
  readonly text: string;
}

/** Null: nobody knows what became of it, since the process died or was not there. */
async function ask(server: Killable, path: string, init: RequestInit): Promise<Heard | null> {
  try {
    const answer = await fetch(`${await server.url}${path}`, { method: 'POST', ...init });
    return { status: answer.status, text: await answer.text() };
  } catch {
    return null;
  }
}

/** Of everything that was sent: what was answered, and how often an answer was lost. */
class Sent {
  readonly answered = new Set<string>();
  lost = 0;

  lose(): void {
    this.lost += 1;
  }
}

/** Sends again until it is answered, now here, now there, as a forge and people do. */
async function sendUntilTold(
  servers: readonly Killable[],
  sent: Sent,
  {
    name,
    path,
    init,
    told,
  }: {
    readonly name: string;
    readonly path: string;
    readonly init: RequestInit;
    readonly told: (heard: Heard) => boolean;
  },
): Promise<void> {
  for (let tries = 0; ; tries += 1) {
    const server = servers[tries % servers.length];
    if (server === undefined) throw new Error('there is no server');
    const heard = await ask(server, path, init);
    if (heard !== null && told(heard)) {
      sent.answered.add(name);
      return;
    }
    if (heard === null) sent.lose();
    // A server that comes back may still be opening the database.
    if (heard !== null && heard.status < 500) throw new Error(`${name}: ${heard.status} ${heard.text}`);
    if (tries > 2_000) throw new Error(`${name} was never answered`);
    await delay(10);
  }
}

function delivery(number: number): { readonly name: string; readonly init: RequestInit } {
  const name = `0000beef-0000-0000-0000-${String(number).padStart(12, '0')}`;
  const body = JSON.stringify({
    action: 'created',
    issue: { number: 1 },
    comment: { id: 10_000 + number, body: `comment ${number}`, user: { login: 'mona' } },
    repository: { full_name: 'acme/core' },
    sender: { login: 'mona' },
  });
  const headers = {
    'content-type': 'application/json',
    'x-github-event': 'issue_comment',
    'x-github-delivery': name,
    'x-hub-signature-256': signatureOf(SECRET, Buffer.from(body)),
  };
  return { name, init: { headers, body } };
}

it('loses no webhook, no approval and no order, whichever of three processes is killed, and does nothing twice', async () => {
  const started = performance.now();
  const plans: string[] = [];
  const toApprove: string[] = [];
  await as('ana', async (app) => {
    // Each cuts a line of its own, so that plans do not wait for each other.
    for (let minor = 1; minor <= PLANS; minor += 1)
      plans.push(await plannedCut(app, ReleaseVersion.parse(`3.${minor}.0`)));
    for (let patch = 1; patch <= TO_APPROVE; patch += 1) toApprove.push(await plannedTag(app, patch));
  });
  const tokens = new Map(
    await Promise.all(['ana', ...APPROVERS].map(async (who) => [who, await tokenOf(who)] as const)),
  );
  const worker = new Killable('worker', true);
  const servers = [new Killable('first server', false), new Killable('second server', false)];
  processes.push(worker, ...servers);
  await Promise.all(processes.map((each) => each.start()));

  const hooks = new Sent();
  const approvals = new Sent();
  const orders = new Sent();
  const authorized = (who: string, body: object): RequestInit => ({
    headers: { authorization: `Bearer ${tokens.get(who) ?? ''}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  let next = 0;
  const forge = async (turn: number): Promise<void> => {
    const order = turn % 2 === 0 ? servers : servers.toReversed();
    while (next < DELIVERIES) {
      const { name, init } = delivery((next += 1));
      await sendUntilTold(order, hooks, { name, path: WEBHOOK_PATH, init, told: ({ status }) => status === 202 });
    }
  };
  const people = async (): Promise<void> => {
    for (const [index, plan] of plans.entries()) {
      const order = index % 2 === 0 ? servers : servers.toReversed();
      const one = { name: plan, path: `/api/v1/plans/${plan}/apply`, init: authorized('ana', {}) };
      const told = ({ status, text }: Heard): boolean => status === 200 || /held-by-other|plan-finished/u.test(text);
      await sendUntilTold(order, orders, { ...one, told });
      // So that plans come in as long as processes die.
      await expect
        .poll(() => hooks.answered.size, { timeout: 300_000 })
        .toBeGreaterThanOrEqual(((index + 1) * DELIVERIES) / (PLANS + 1));
    }
  };
  const approvers = async (who: string): Promise<void> => {
    for (const [index, plan] of toApprove.entries()) {
      // So that approvals come in as long as processes die.
      const due = (index * DELIVERIES) / (TO_APPROVE + 1);
      await expect.poll(() => hooks.answered.size, { timeout: 300_000, interval: 10 }).toBeGreaterThanOrEqual(due);
      await sendUntilTold(index % 2 === 0 ? servers : servers.toReversed(), approvals, {
        name: `${plan} ${who}`,
        path: `/api/v1/plans/${plan}/approve`,
        init: authorized(who, {}),
        // Sent again after a lost answer, it may be there already.
        told: ({ status, text }) => status === 200 || text.includes('approval-twice'),
      });
    }
  };
  const killer = async (): Promise<void> => {
    const victims = [worker, ...servers];
    for (let kill = 0; kill < ROUNDS * victims.length; kill += 1) {
      // At another place of what is going on each time, told by how far it has come.
      const due = ((kill + 1) * DELIVERIES) / (ROUNDS * victims.length + 2) + (kill % 3);
      await expect
        .poll(() => hooks.answered.size, { timeout: 300_000, interval: 3 })
        .toBeGreaterThanOrEqual(Math.floor(due));
      const victim = victims[kill % victims.length];
      await victim?.kill();
      await victim?.start();
    }
  };
  await Promise.all([
    killer(),
    people(),
    ...APPROVERS.map(approvers),
    ...Array.from({ length: 6 }, (_none, turn) => forge(turn)),
  ]);

  const left = (): Promise<number> =>
    as('ana', async (app) => {
      const jobs = await app.jobs();
      const counts = [await jobs.counts('deliveries'), await jobs.counts('apply')];
      return counts.reduce((sum, { waiting, running }) => sum + waiting + running, 0);
    });
  await expect.poll(left, { timeout: LEFT_BEHIND_MILLIS, interval: 250 }).toBe(0);

  const known = await as('ana', async (app) =>
    (await app.jobs()).known(
      'deliveries',
      [...hooks.answered].map((name) => `delivery ${name}`),
    ),
  );
  const states = z
    .array(Job)
    .parse(
      await database.asOwner(
        `SELECT state::text AS state, count(*) AS count FROM signalbox_jobs.job WHERE name IN ('deliveries', 'deliveries-dead') GROUP BY state`,
        [],
      ),
    );
  const entries = await as('ana', (app) => entriesOf(app));
  const events = entries.map(({ event }) => event);
  const finished = plans.map(
    (plan) => events.filter((event) => event.type === 'plan-finished' && event.plan === plan).length,
  );
  const receipts = plans.map((plan) =>
    events.flatMap((event) => (event.type === 'step-receipt' && event.plan === plan ? [event.step] : [])),
  );
  const approvedBy = entries.flatMap(({ actor, event }) =>
    event.type === 'plan-approved' ? [`${event.plan} ${actor}`] : [],
  );
  const approved = new Set(approvedBy);
  const branches = await Promise.all(
    REPOS.map(
      async (repo) =>
        (await testGit(join(home, `${repo}.git`), ['branch', '--list', 'release/3.*'])).trim().split('\n').length,
    ),
  );
  const verified = await as('ana', async (app) => (await app.ledger()).verify('killed'));
  const counts = {
    kills: processes.map(({ name, kills }) => `${name} ${kills}`).join(', '),
    webhooks: {
      sent: DELIVERIES,
      accepted: hooks.answered.size,
      inDatabase: known.size,
      actedOn: states.find(({ state }) => state === 'completed')?.count ?? 0,
      answersLost: hooks.lost,
    },
    approvals: { answered: approvals.answered.size, inLedger: approved.size, answersLost: approvals.lost },
    plans: {
      askedFor: orders.answered.size,
      carriedOutOnce: finished.filter((count) => count === 1).length,
      answersLost: orders.lost,
    },
    seconds: Math.round((performance.now() - started) / 1000),
  };
  process.stderr.write(`killed processes: ${JSON.stringify(counts)}\n`);
  expect(counts.webhooks).toMatchObject({ accepted: DELIVERIES, inDatabase: DELIVERIES, actedOn: DELIVERIES });
  expect([...approvals.answered].filter((name) => !approved.has(name))).toEqual([]);
  expect(approved.size).toBe(TO_APPROVE * APPROVERS.length);
  expect(finished).toEqual(plans.map(() => 1));
  for (const steps of receipts) expect(new Set(steps).size).toBe(steps.length);
  expect(branches).toEqual(REPOS.map(() => PLANS));
  expect(verified.faults).toEqual([]);
  expect(processes.reduce((sum, { kills }) => sum + kills, 0)).toBe(ROUNDS * 3);
}, 900_000);
