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

/** Runs something and looks how much of the machine others took meanwhile; processes of ours that go on, as a server, are no others. */
export async function beside<Value>(
  run: () => Value | Promise<Value>,
  helpers: readonly number[] = [],
): Promise<Measured<Value>> {
  const before = ticks(helpers);
  const started = performance.now();
  const value = await run();
  const millis = performance.now() - started;
  const after = ticks(helpers);
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

function ticks(helpers: readonly number[]): Ticks | null {
  try {
    const [all = ''] = readFileSync('/proc/stat', 'latin1').split('\n');
    const [, user = 0, nice = 0, system = 0, , , interrupts = 0, soft = 0, stolen = 0] = all.split(/\s+/).map(Number);
    const [own = 0, ownSystem = 0, children = 0, childrenSystem = 0] = ticksOf('self');
    const helped = helpers.flatMap((pid) => ticksOf(String(pid)).slice(0, 2));
    return {
      busy: user + nice + system + interrupts + soft + stolen,
      own: [own, ownSystem, ...helped].reduce((sum, each) => sum + each),
      children: children + childrenSystem,
    };
  } catch {
    // No such files: another system than Linux. Then every measurement counts.
    return null;
  }
}

/** CPU time that processes took until now; 0 where the system does not tell. */
export function cpuMillisOf(processes: readonly number[]): number {
  try {
    return processes.reduce(
      (sum, pid) =>
        sum +
        ticksOf(String(pid))
          .slice(0, 2)
          .reduce((one, other) => one + other) *
          TICK_MILLIS,
      0,
    );
  } catch {
    return 0;
  }
}

/** Of a process in user and system, and of its children that it waited for. */
function ticksOf(process: string): readonly number[] {
  // The name of the process stands in brackets and may hold anything.
  const fields = readFileSync(`/proc/${process}/stat`, 'latin1').replace(/^.*\) /s, '');
  return fields.split(' ').map(Number).slice(11, 15);
}
