import { readdirSync, readFileSync } from 'node:fs';
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

/**
 * Runs something and looks how much of the machine others took meanwhile; processes of ours that go on, as a server or a browser, are no others, nor are
 * those that they started.
 */
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
    const helped = [...familyOf(helpers)].flatMap((pid) => ticksOfLiving(pid));
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

/** These processes and all that they started and that run. */
function familyOf(roots: readonly number[]): ReadonlySet<number> {
  const family = new Set(roots);
  if (roots.length === 0) return family;
  const parents = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      const [, parent] = fieldsOf(name) ?? [];
      return parent === undefined ? [] : [[Number(name), Number(parent)] as const];
    });
  for (let size = 0; size < family.size;) {
    size = family.size;
    for (const [pid, parent] of parents) if (family.has(parent)) family.add(pid);
  }
  return family;
}

/** With what those took that it started and that ended; nothing of one that has ended since it was seen. */
function ticksOfLiving(pid: number): readonly number[] {
  return fieldsOf(String(pid))?.map(Number).slice(11, 15) ?? [];
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
  return textOf(process).split(' ').map(Number).slice(11, 15);
}

/** State, parent and so on; null for a process that has ended. */
function fieldsOf(process: string): readonly string[] | null {
  try {
    return textOf(process).split(' ');
  } catch {
    return null;
  }
}

function textOf(process: string): string {
  // The name of the process stands in brackets and may hold anything.
  return readFileSync(`/proc/${process}/stat`, 'latin1').replace(/^.*\) /s, '');
}
