import { setTimeout as delay } from 'node:timers/promises';
import type { Connection } from './connection.ts';

/** Asks once on the connection; throws when the answer is not what it has to be. */
export type Ask = (connection: Connection, number: number) => Promise<void>;

export interface Load {
  readonly perSecond: number;
  readonly answered: number;
  /** Milliseconds, of the 99th of a hundred. */
  readonly p99: number;
}

function loadOf(millis: readonly number[], took: number): Load {
  const sorted = millis.toSorted((one, other) => one - other);
  const p99 = sorted[Math.floor(sorted.length * 0.99)] ?? Number.NaN;
  return { answered: sorted.length, perSecond: sorted.length / (took / 1000), p99 };
}

/** As much as the server takes: every connection asks again as soon as it is answered. */
export async function closedLoop(connections: readonly Connection[], millis: number, ask: Ask): Promise<Load> {
  const took: number[] = [];
  let number = 0;
  const started = performance.now();
  const until = started + millis;
  await Promise.all(
    connections.map(async (connection) => {
      for (let now = performance.now(); now < until; now = performance.now()) {
        await ask(connection, (number += 1));
        took.push(performance.now() - now);
      }
    }),
  );
  return loadOf(took, performance.now() - started);
}

/**
 * So many a second, whether the server keeps up or not: each is due at its moment, and its time counts from there, so that one that had to wait
 * for those before it is as late as its sender finds it.
 */
export async function openLoop(
  connections: readonly Connection[],
  { perSecond, millis }: { readonly perSecond: number; readonly millis: number },
  ask: Ask,
): Promise<Load> {
  const idle = [...connections];
  const waiting: (() => void)[] = [];
  const took: number[] = [];
  const one = async (number: number, due: number): Promise<void> => {
    if (idle.length === 0) await new Promise<void>((resolve) => void waiting.push(resolve));
    const connection = idle.pop();
    if (connection === undefined) throw new Error('no connection is idle');
    await ask(connection, number);
    took.push(performance.now() - due);
    idle.push(connection);
    waiting.shift()?.();
  };
  const started = performance.now();
  const all: Promise<void>[] = [];
  for (let number = 0; number < (perSecond * millis) / 1000; number += 1) {
    const due = started + (number * 1000) / perSecond;
    if (due > performance.now()) await delay(due - performance.now());
    all.push(one(number, due));
  }
  await Promise.all(all);
  return loadOf(took, performance.now() - started);
}
