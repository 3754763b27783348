/**
 * Re-versioning and inspecting the largest wheels: ours beside `cp`, unzip + edit + zip, a download, and pip's lazy wheel. Prints times, requests,
 * bytes and peak memory, and fails over a limit. `--short` leaves out unzip + edit + zip of the largest, which takes a minute or two.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { endReport } from '../report.ts';
import { LARGE, MIDDLE, wheelOf } from './generate.ts';
import { PARTS, root, run } from './machine.ts';
import { measureRemote } from './remote.ts';
import { measureReversion } from './reversion.ts';

const short = process.argv.includes('--short');

// Costs Node time at every start, and is not what is measured.
delete process.env['NODE_EXTRA_CA_CERTS'];

async function bundleParts(): Promise<void> {
  await build({
    absWorkingDir: root,
    entryPoints: [join(import.meta.dirname, 'parts.ts')],
    outfile: PARTS,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
  });
}

const dir = await mkdtemp(join(tmpdir(), 'signalbox-bench-wheel-'));
try {
  run(process.execPath, [join(root, 'scripts', 'build.mjs')]);
  await bundleParts();
  for (const size of [MIDDLE, LARGE]) await measureReversion(size, await wheelOf(size), dir, short);
  await measureRemote(await wheelOf(LARGE), dir);
} finally {
  await rm(dir, { recursive: true, force: true });
}
endReport('wheel');
