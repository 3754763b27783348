/** Signed webhooks: ours, which stores each in PostgreSQL before it answers, beside Probot and bare node:http, which store nothing. */
import { join } from 'node:path';
import { openDatabase, postgresJobs } from '../../src/adapters/postgres/index.ts';
import { DELIVERIES } from '../../src/app/deliveries.ts';
import { beside, cpuMillisOf, median, quietest } from '../quiet.ts';
import { outsideOf, tell, tellTimed } from '../report.ts';
import type { Child } from './child.ts';
import { withConnections } from './connection.ts';
import { closedLoop, openLoop, type Load } from './load.ts';
import { delivering, type deliveries } from './webhooks.ts';

const CONNECTIONS = 20;
const PER_SECOND = 300;
const MILLIS = 4_000;
const ROUNDS = { enough: 3, most: 6 };

/** A server under load, and where it takes webhooks. */
export interface Side {
  readonly name: string;
  readonly child: Child;
  readonly url: string;
  readonly deliver: ReturnType<typeof deliveries>;
}

interface Measured {
  readonly most: Load;
  readonly steady: Load;
  /** CPU time of one webhook at the highest rate, in microseconds: of the server, of what works for it, of the sender. */
  readonly cpu: { readonly server: number; readonly helpers: number; readonly sender: number };
  readonly outside: number;
}

async function measure({ url, child, deliver }: Side, helpers: readonly number[]): Promise<Measured> {
  const ask = delivering(deliver);
  const taken = (): readonly number[] => [[child.pid], helpers, [process.pid]].map(cpuMillisOf);
  const { value, outside } = await beside(
    () =>
      withConnections(url, CONNECTIONS, async (connections) => {
        const before = taken();
        const most = await closedLoop(connections, MILLIS, ask);
        const [server = 0, helped = 0, sender = 0] = taken().map(
          (millis, index) => ((millis - (before[index] ?? 0)) * 1000) / most.answered,
        );
        const steady = await openLoop(connections, { perSecond: PER_SECOND, millis: MILLIS }, ask);
        return { most, steady, cpu: { server, helpers: helped, sender } };
      }),
    [child.pid, ...helpers],
  );
  return { ...value, outside };
}

function told({ most, steady, cpu }: Measured): string {
  const micros = `CPU ${cpu.server.toFixed(0)} + ${cpu.helpers.toFixed(0)} µs, sender ${cpu.sender.toFixed(0)}`;
  return `${most.perSecond.toFixed(0)} a second (${micros}); at ${PER_SECOND} a second p99 ${steady.p99.toFixed(1)} ms`;
}

/** Whether all that was answered is there: the answers say 202, the database says how many. */
async function checkStored(home: string, answered: number): Promise<void> {
  const database = await openDatabase({ dataDir: join(home, '.signalbox') });
  const { waiting, running, dead } = await postgresJobs(database).counts(DELIVERIES);
  await database.close();
  const stored = waiting + running + dead;
  tell('webhooks answered and found in the database', `${answered} and ${stored}`, answered === stored);
}

export interface IntakeSides {
  readonly ours: Side;
  readonly bare: Side;
  readonly probot: Side | null;
  readonly home: string;
  /** Processes that work for ours: the database. */
  readonly helpers: () => Promise<readonly number[]>;
}

export async function measureIntake({ ours, bare, probot, home, helpers }: IntakeSides): Promise<void> {
  const sides = [ours, bare, ...(probot === null ? [] : [probot])];
  // All warm before the first round counts.
  let answered = 0;
  for (const side of sides) {
    const taken = await warm(side);
    answered += side === ours ? taken : 0;
  }
  const rounds = await quietest(ROUNDS, async (index) => {
    const turn = index % 2 === 0 ? sides : sides.toReversed();
    const found = new Map<Side, Measured>();
    for (const side of turn) found.set(side, await measure(side, await helpers()));
    const own = found.get(ours);
    if (own === undefined) throw new Error('ours was not measured');
    answered += own.most.answered + own.steady.answered;
    for (const side of sides) {
      const one = found.get(side);
      if (one !== undefined) console.log(`  ${side.name.padEnd(12)} ${told(one)}`);
    }
    const outside = Math.max(...[...found.values()].map((one) => one.outside));
    return {
      own,
      bare: found.get(bare) ?? own,
      peer: (probot === null ? undefined : found.get(probot)) ?? null,
      outside,
    };
  });
  const rate = (pick: (round: (typeof rounds)[number]) => Measured | null): string =>
    median(rounds.map((round) => pick(round)?.most.perSecond ?? Number.NaN)).toFixed(0);
  const outside = outsideOf(rounds);
  const toBare = median(rounds.map(({ own, bare: other }) => own.most.perSecond / other.most.perSecond));
  tell(
    'webhooks stored, to bare node:http that stores none',
    `${toBare.toFixed(2)} of its ${rate((one) => one.bare)} a second`,
    null,
  );
  const toPeer = median(rounds.map(({ own, peer }) => own.most.perSecond / (peer?.most.perSecond ?? Number.NaN)));
  const late = median(rounds.map(({ own, peer }) => own.steady.p99 / (peer?.steady.p99 ?? Number.NaN)));
  if (probot === null) {
    tell('webhooks stored, to Probot', 'peer absent: PROBOT_FOLDER names no folder that holds it', null);
  } else {
    const text = `${toPeer.toFixed(2)} times (${rate((one) => one.own)} to ${rate((one) => one.peer)} a second), limit 1`;
    tellTimed('webhooks stored, to Probot, which stores none', text, { holds: toPeer >= 1, outside });
    const p99 = (pick: (round: (typeof rounds)[number]) => Measured | null): string =>
      median(rounds.map((round) => pick(round)?.steady.p99 ?? Number.NaN)).toFixed(1);
    const lateText = `${late.toFixed(2)} of Probot's (${p99((one) => one.own)} to ${p99((one) => one.peer)} ms), limit 1`;
    tellTimed(`p99 at ${PER_SECOND} webhooks a second`, lateText, { holds: late <= 1, outside });
  }
  await checkStored(home, answered);
}

/** How many it answered. */
async function warm({ url, deliver }: Side): Promise<number> {
  const load = await withConnections(url, CONNECTIONS, (connections) =>
    closedLoop(connections, MILLIS / 2, delivering(deliver)),
  );
  return load.answered;
}
