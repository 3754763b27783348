/** Re-versioning beside `cp` of the same file and beside unzip + edit + zip. */
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { beside, median, quietest } from '../quiet.ts';
import { outsideOf, percent, tell, tellTimed } from '../report.ts';
import { LARGE, type WheelSize } from './generate.ts';
import { part, PYTHON, run, settle, signalbox, zipped } from './machine.ts';

const PAIRS = { enough: 5, most: 15 };
/** Of unzip + edit + zip, which takes seconds, or a minute and more. */
const LONG_PAIRS = { enough: 3, most: 5 };
const LIMITS = { zipped: 60, zippedMiddle: 15, cp: 3.5, cpUnhashed: 2, peakBytes: 96e6 };

const Made = z.object({ data: z.object({ wheels: z.array(z.object({ made: z.object({ path: z.string() }) })) }) });

/** What the part prints. */
const Part = z.object({ millis: z.number() });

const SIDES = ['cp', 'ours', 'unhashed', 'hash'] as const;

/** Milliseconds of each side, with the same beginning and a folder of its own. */
interface Taken {
  readonly cp: number;
  readonly ours: number;
  readonly unhashed: number;
  /** One SHA-256 of the file, without the start of a process. */
  readonly hash: number;
  readonly peakBytes: number;
  readonly outside: number;
}

async function timeSide(side: (typeof SIDES)[number], wheel: string, dir: string, isFirst: boolean) {
  const out = join(dir, side);
  await rm(out, { recursive: true, force: true });
  settle(wheel, dir);
  await mkdir(out);
  const taken = await beside(() => {
    if (side === 'cp') return run('cp', [wheel, join(out, 'copy.whl')]);
    if (side === 'unhashed') return part('unhashed', wheel, out);
    if (side === 'hash') return part('hashed', wheel);
    return signalbox('wheel', 'reversion', wheel, '--out', out, '--json', '--quiet');
  });
  if (side === 'ours' && isFirst) {
    const [made] = Made.parse(JSON.parse(taken.value.text)).data.wheels;
    run(PYTHON, ['-m', 'zipfile', '-t', made?.made.path ?? '']);
  }
  await rm(out, { recursive: true });
  const millis = side === 'hash' ? Part.parse(JSON.parse(taken.value.text)).millis : taken.value.millis;
  return { millis, peakBytes: taken.value.peakBytes, outside: taken.outside };
}

async function takeSides(wheel: string, dir: string, index: number): Promise<Taken> {
  const sides = { cp: Number.NaN, ours: Number.NaN, unhashed: Number.NaN, hash: Number.NaN };
  let [outside, peakBytes] = [0, 0];
  // In turn who is first.
  for (const side of index % 2 === 0 ? SIDES : SIDES.toReversed()) {
    const taken = await timeSide(side, wheel, dir, index === 0);
    sides[side] = taken.millis;
    outside = Math.max(outside, taken.outside);
    if (side === 'ours') peakBytes = taken.peakBytes;
  }
  return { ...sides, peakBytes, outside };
}

function tellSides(name: string, taken: readonly Taken[], isLarge: boolean): void {
  const outside = outsideOf(taken);
  const ratioTo = (side: 'ours' | 'unhashed') => median(taken.map((pair) => pair[side] / pair.cp));
  const millisOf = (side: (typeof SIDES)[number]) => `${median(taken.map((pair) => pair[side])).toFixed(0)} ms`;
  tell(`${name}: others took of the cores, in the worst of ${taken.length} runs`, percent(outside), null);
  tell(`${name}: cp`, millisOf('cp'), null);
  tell(`${name}: re-versioned, both digests`, millisOf('ours'), null);
  const limited = [
    ['to cp', ratioTo('ours'), LIMITS.cp],
    ['without digests, to cp', ratioTo('unhashed'), LIMITS.cpUnhashed],
  ] as const;
  for (const [what, ratio, limit] of limited) {
    const value = `${ratio.toFixed(2)} times`;
    if (isLarge) tellTimed(`${name}: ${what}`, `${value}, limit ${limit}`, { holds: ratio <= limit, outside });
    else tell(`${name}: ${what}`, value, null);
  }
  // What no program on this processor does in less: the copy and one digest, each on a core of its own (docs/decisions/0170).
  const floor = median(taken.map((pair) => pair.ours / Math.max(pair.cp, pair.hash)));
  tell(`${name}: one sha256 of it by Node's crypto, no start`, millisOf('hash'), null);
  tell(`${name}: to the longer of cp and that`, `${floor.toFixed(2)} times`, null);
  const peak = Math.max(...taken.map(({ peakBytes }) => peakBytes));
  const text = `${(peak / 1e6).toFixed(1)} MB, limit ${LIMITS.peakBytes / 1e6}`;
  tell(`${name}: peak memory`, text, peak < LIMITS.peakBytes);
}

/** Once the large one, several times the other, beside ours in turn. */
async function measureZipped(name: string, wheel: string, dir: string, isLarge: boolean): Promise<void> {
  const takePair = async (index: number) => {
    const peer = () => beside(() => zipped(wheel, dir));
    const first = index % 2 === 0 ? await peer() : null;
    const ours = await timeSide('ours', wheel, dir, false);
    const old = first ?? (await peer());
    // What others make longer is not counted for us: of the one long run the lesser of time and CPU time.
    const millis = isLarge ? Math.min(old.value, old.cpuMillis ?? old.value) : old.value;
    return { ours: ours.millis, old: millis, outside: isLarge ? ours.outside : Math.max(ours.outside, old.outside) };
  };
  const pairs = await quietest(isLarge ? { enough: 1, most: 1 } : LONG_PAIRS, takePair);
  const ratio = median(pairs.map(({ ours, old }) => old / ours));
  const limit = isLarge ? LIMITS.zipped : LIMITS.zippedMiddle;
  tell(`${name}: unzip + edit + zip`, `${(median(pairs.map(({ old }) => old)) / 1000).toFixed(1)} s`, null);
  const verdict = { holds: ratio >= limit, outside: outsideOf(pairs) };
  tellTimed(`${name}: faster than that`, `${ratio.toFixed(0)} times, limit ${limit}`, verdict);
}

/** All of one size; `short` leaves out unzip + edit + zip of the largest. */
export async function measureReversion(size: WheelSize, wheel: string, dir: string, short: boolean): Promise<void> {
  const name = `${size.label} MB`;
  const isLarge = size.label === LARGE.label;
  tellSides(name, await quietest(PAIRS, (index) => takeSides(wheel, dir, index)), isLarge);
  if (!isLarge || !short) await measureZipped(name, wheel, dir, isLarge);
}
