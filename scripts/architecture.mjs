/**
 * Holds the import table (.dependency-cruiser.mjs) against a tree: this package, or the folder given as argument, which needs a
 * package.json, a tsconfig.json and a src/. Prints each forbidden import with its rule and reason, or with `--json` the report of
 * dependency-cruiser. Exit code 1 when there is one: dependency-cruiser's own is their number, which for 256 of them reads as success.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const MOST_OUTPUT = 512 * 1024 * 1024;
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const args = process.argv.slice(2);
const folder = resolve(args.find((argument) => argument !== '--json') ?? root);
const roots = ['src', 'bin', 'scripts', 'bench'].filter((each) => existsSync(join(folder, each)));

const { stdout, stderr, error } = spawnSync(
  process.execPath,
  [
    '--import',
    join(root, 'scripts', 'typescript-js-api.mjs'),
    join(root, 'node_modules', 'dependency-cruiser', 'bin', 'dependency-cruise.mjs'),
    '--config',
    join(root, '.dependency-cruiser.mjs'),
    '--output-type',
    'json',
    ...roots,
  ],
  { cwd: folder, encoding: 'utf8', maxBuffer: MOST_OUTPUT },
);
if (error !== undefined || stderr !== '' || !stdout.startsWith('{')) {
  console.error(`architecture: dependency-cruiser failed. ${error?.message ?? ''}\n${stderr}${stdout}`);
  process.exit(2);
}

const report = JSON.parse(stdout);
const { violations, totalCruised, ruleSetUsed } = report.summary;
if (args.includes('--json')) process.stdout.write(stdout);
else {
  const reasons = new Map(ruleSetUsed.forbidden.map(({ name, comment }) => [name, comment]));
  for (const { rule, from, to } of violations) {
    console.log(`${from}${to === from ? '' : ` → ${to}`}: ${rule.name}. ${reasons.get(rule.name)}`);
  }
  console.log(`${totalCruised} modules, ${violations.length} forbidden imports`);
}
process.exitCode = violations.length > 0 ? 1 : 0;
