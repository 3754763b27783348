import { afterEach, beforeEach, expect, it } from 'vitest';
import {
  openDatabase,
  postgresJobs,
  postgresLedger,
  postgresNotices,
  type Database,
} from '../../adapters/postgres/index.ts';
import { MailAddress, NO_CHOICE } from '../../domain/notice-choice.ts';
import type { Jobs } from '../../ports/jobs.ts';
import { NotifierError } from '../../ports/notifier.ts';
import { NOW, smallTrain } from '../../testing/engine-world.ts';
import { memoryApp } from '../../testing/memory-app.ts';
import { memoryNotifier, type MemoryNotifier } from '../../testing/memory-notifier.ts';
import { testDatabase, type TestDatabase } from '../../testing/postgres.ts';
import type { App } from '../app.ts';
import { followOnce } from './follow.ts';
import { NOTICES, queueDue, sendAsked } from './send.ts';

const PEOPLE = ['ana', 'ben', 'cleo', 'dora'];

/** What one process has of its own: connections, workers; the database is everybody's. */
interface Process {
  readonly app: App;
  readonly database: Database;
  readonly jobs: Jobs;
  readonly stop: () => Promise<void>;
}

let place: TestDatabase;
let processes: Process[] = [];
let notifier: MemoryNotifier;

async function start(): Promise<Process> {
  const database = await openDatabase(place.place);
  const jobs = postgresJobs(database, { retryDelay: 0, retries: 5 });
  const [box, ledger] = [postgresNotices(database, smallTrain.train), postgresLedger(database)];
  const app = memoryApp({
    notices: () => Promise.resolve(box),
    jobs: () => Promise.resolve(jobs),
    ledger: () => Promise.resolve(ledger),
    telling: { mail: true, mention: false, rooms: [], notifier },
  });
  const worker = await jobs.work(NOTICES, ({ data, isLast }) => sendAsked(app, { order: data, isLast, site: null }));
  const stop = async (): Promise<void> => {
    await worker.stop();
    await jobs.close();
    await database.close();
  };
  const made = { app, database, jobs, stop };
  processes.push(made);
  return made;
}

beforeEach(async () => {
  place = await testDatabase();
  notifier = memoryNotifier();
  processes = [];
});
afterEach(async () => {
  for (const { stop } of processes) await stop();
  await place.drop();
});

/** A line for each thing told, with the address that got it. */
const told = (): readonly string[] =>
  notifier.sent.flatMap(({ to, items }) =>
    items.flatMap(({ lines }) => lines.map((line) => `${to.channel === 'mail' ? to.address : ''} ${line}`)),
  );

it('three processes on one PostgreSQL tell everything to everybody once, though sending fails now and then', async () => {
  const three = [await start(), await start(), await start()];
  const [one] = three;
  if (one === undefined) throw new Error('nothing was started');
  const box = await one.app.notices();
  for (const login of PEOPLE) {
    const mail = MailAddress.parse(`${login}@example.org`);
    await box.choices.set(login, { ...NO_CHOICE, by: 'mail', mail, quiet: 'none' }, NOW);
  }
  const all = (work: (app: App) => Promise<unknown>) => Promise.all(three.map(({ app }) => work(app)));
  await all(followOnce);
  expect((await box.followed())?.version).toBe(1);
  const ledger = await one.app.ledger();
  const rounds = 12;
  for (let round = 0; round < rounds; round += 1) {
    const type = round % 2 === 0 ? ('train-frozen' as const) : ('train-thawed' as const);
    const said = ledger.append(smallTrain.train, [{ at: NOW, actor: 'stranger', event: { type, reason: `${round}` } }]);
    if (round % 3 === 0) notifier.failures.push(new NotifierError('busy', 'later'));
    await Promise.all([said, all(followOnce), all(queueDue)]);
  }
  await all(followOnce);
  // Alone, so that what was lost to another process at the same moment is found.
  await queueDue(one.app);
  await expect.poll(() => told().length, { timeout: 20_000 }).toBe(rounds * PEOPLE.length);
  await expect.poll(async () => (await box.due(NOW)).length).toBe(0);
  expect(new Set(told()).size).toBe(rounds * PEOPLE.length);
  await expect.poll(() => one.jobs.counts(NOTICES)).toEqual({ waiting: 0, running: 0, dead: 0 });
  const kept = await box.list({ last: 500 });
  expect(new Set(kept.map(({ state }) => state))).toEqual(new Set(['sent']));
});
