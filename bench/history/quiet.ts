import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';

/** What ran, with what the machine did meanwhile. */
export interface Measured<Value> {
  readonly value: Value;
  readonly millis: number;
  /** CPU time of the processes that it started and waited for; null where the system does not tell. */
  readonly cpuMillis: number | null;
  /** The share of the cores that others took while it ran; 0 where the system does not tell. */
  readonly outside: number;
}

/** Above this share of the cores taken by others a measurement is of them, too. */
const QUIET = 0.1;
const TICK_MILLIS = 10;

/** Runs something and looks how much of the machine others took meanwhile. */
export async function beside<Value>(run: () => Value | Promise<Value>): Promise<Measured<Value>> {
  const before = ticks();
  const started = performance.now();
  const value = await run();
  const millis = performance.now() - started;
  const after = ticks();
  if (before === null || after === null) return { value, millis, cpuMillis: null, outside: 0 };
  const own = after.own + after.children - before.own - before.children;
  const foreign = Math.max(0, after.busy - before.busy - own) * TICK_MILLIS;
  return {
    value,
    millis,
    cpuMillis: (after.children - before.children) * TICK_MILLIS,
    outside: foreign / (millis * availableParallelism()),
  };
}

/** At least `enough` measurements, more while others took too much of the machine; of these the ones that were disturbed least, whatever came out. */
export async function quietest<Taken extends { readonly outside: number }>(
  wanted: { readonly enough: number; readonly most: number },
  take: (index: number) => Promise<Taken>,
): Promise<readonly Taken[]> {
  const taken: Taken[] = [];
  while (taken.length < wanted.most && taken.filter(({ outside }) => outside <= QUIET).length < wanted.enough)
    taken.push(await take(taken.length));
  return taken.toSorted((one, other) => one.outside - other.outside).slice(0, wanted.enough);
}

export function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN;
}

interface Ticks {
  /** Of the whole machine, but for waiting. */
  readonly busy: number;
  readonly own: number;
  readonly children: number;
}

function ticks(): Ticks | null {
  try {
    const [all = ''] = readFileSync('/proc/stat', 'latin1').split('\n');
    const [, user = 0, nice = 0, system = 0, , , interrupts = 0, soft = 0, stolen = 0] = all.split(/\s+/).map(Number);
    // The name of the process stands in brackets and may hold anything.
    const fields = readFileSync('/proc/self/stat', 'latin1')
      .replace(/^.*\) /s, '')
      .split(' ')
      .map(Number);
    const [own, ownSystem, children, childrenSystem] = fields.slice(11, 15);
    return {
      busy: user + nice + system + interrupts + soft + stolen,
      own: (own ?? 0) + (ownSystem ?? 0),
      children: (children ?? 0) + (childrenSystem ?? 0),
    };
  } catch {
    // No such files: another system than Linux. Then every measurement counts.
    return null;
  }
}
