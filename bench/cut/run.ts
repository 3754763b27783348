/**
 * The cut of 12 repositories: ours beside the same fetches and pushes by plain git, all repositories at once on both sides. Pairs in
 * turn, each from nothing; prints the medians and their ratio, and fails above the limit.
 */
import { spawn } from 'node:child_process';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { devNull } from 'node:os';
import { join } from 'node:path';
import { testGit } from '../../src/testing/git-repos.ts';
import { openOurHouse, type OurHouse } from './ours.ts';
import { makeWorld, serveWorld } from './world.ts';
import type { BenchWorld } from './world.ts';

const REPOS = 12;
const PAIRS = 5;
const LIMIT = 1.5;

async function timed(work: () => Promise<void>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

async function ours(world: BenchWorld, house: OurHouse): Promise<number> {
  await house.forget();
  await house.prepare();
  const millis = await timed(() => house.cut());
  await world.checkCut();
  await world.uncut();
  return millis;
}

async function plain(world: BenchWorld): Promise<number> {
  const folder = join(world.root, 'plain');
  const list = join(folder, 'list');
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder);
  const clones = world.repos.map(({ name, remote }) => ({ remote, dir: join(folder, name) }));
  for (const { dir } of clones) await testGit(world.root, ['init', '--quiet', '--bare', dir]);
  await writeFile(list, clones.map(({ remote, dir }) => `${remote} ${dir}\n`).join(''));
  const millis = await timed(() => runPlain(list));
  await world.checkCut();
  await world.uncut();
  return millis;
}

function runPlain(list: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const env = { PATH: process.env['PATH'] ?? '', GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: devNull };
    const child = spawn(join(import.meta.dirname, 'plain.sh'), [list], {
      env,
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    child.on('error', reject);
    child.on('close', (code) => (code === 0 ? resolve() : reject(new Error(`plain.sh ended with ${code}`))));
  });
}

function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN;
}

async function measure(): Promise<void> {
  const world = await makeWorld(REPOS);
  const house = await openOurHouse(world);
  try {
    await plain(world);
    await ours(world, house);
    const pairs: { readonly ours: number; readonly plain: number }[] = [];
    for (let pair = 0; pair < PAIRS; pair += 1) {
      // In turn who is first: what warms up in one helps the other.
      const first = pair % 2 === 0 ? await plain(world) : undefined;
      const own = await ours(world, house);
      pairs.push({ ours: own, plain: first ?? (await plain(world)) });
    }
    const ratio = median(pairs.map((pair) => pair.ours / pair.plain));
    const millis = (side: 'ours' | 'plain'): string => `${median(pairs.map((pair) => pair[side])).toFixed(0)} ms`;
    const verdict = ratio <= LIMIT ? 'within' : 'OVER';
    const each = pairs.map((pair) => (pair.ours / pair.plain).toFixed(2)).join(' ');
    console.log(
      `cut of ${REPOS} repositories, median of ${PAIRS} pairs: ours ${millis('ours')}, plain git ${millis('plain')}`,
    );
    console.log(`ratio ${ratio.toFixed(2)} (${each}), limit ${LIMIT}: ${verdict}`);
    if (ratio > LIMIT) process.exitCode = 1;
  } finally {
    await house.close();
    await world.close();
  }
}

// Costs Node time at every start, and is not what is measured.
delete process.env['NODE_EXTRA_CA_CERTS'];
const [mode, root] = process.argv.slice(2);
if (mode === '--serve' && root !== undefined) await serveWorld(root);
else await measure();
