/**
 * Holds the import table (.dependency-cruiser.mjs) against the tree of a folder: this package, or the one given as argument, which
 * needs a package.json, a tsconfig.json and a src/. Exit code: the number of forbidden imports, as dependency-cruiser counts.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const [folder = root, ...options] = process.argv.slice(2);
const roots = ['src', 'bin', 'scripts', 'bench'].filter((each) => existsSync(join(folder, each)));

const { status } = spawnSync(
  process.execPath,
  [
    '--import',
    join(root, 'scripts', 'typescript-js-api.mjs'),
    join(root, 'node_modules', 'dependency-cruiser', 'bin', 'dependency-cruise.mjs'),
    '--config',
    join(root, '.dependency-cruiser.mjs'),
    ...options,
    '--',
    ...roots,
  ],
  { cwd: folder, stdio: ['ignore', 'inherit', 'inherit'] },
);
process.exitCode = status ?? 1;
