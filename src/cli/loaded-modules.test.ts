import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '..', '..');
const HOOK = `data:text/javascript,${encodeURIComponent(
  "import { registerHooks } from 'node:module'; registerHooks({ load(url, context, next) { process.stderr.write('LOADED ' + url + '\\n'); return next(url, context); } });",
)}`;

/** The modules that a command loads from the sources, in a process of its own: paths below the package, packages by name. */
function loadedBy(...argv: readonly string[]): readonly string[] {
  const ran = spawnSync(process.execPath, ['--import', HOOK, join(root, 'src', 'cli', 'main.ts'), ...argv], {
    encoding: 'utf8',
    cwd: root,
  });
  expect(ran.status).toBe(0);
  const loaded = ran.stderr.split('\n').filter((line) => line.startsWith('LOADED file:'));
  return loaded.map((line) => decodeURI(line.slice('LOADED file://'.length)).replace(`${root}/`, ''));
}

/** What speaks to stores of artifacts; the SDK of S3 alone is some two hundred modules. */
const STORES = /@aws-sdk|@smithy|adapters\/(s3|folder|http-store|pypi|conda)\//u;
const DATABASE = /\/(pg|kysely|pg-[a-z]+)\/|adapters\/postgres/u;

it('loads for --help the tree and nothing else: no package, no use case, no command', () => {
  const loaded = loadedBy('--help');
  // Beside the tables of commands, one for each group, of which none loads its commands.
  expect(loaded.filter((path) => !path.startsWith('src/cli/commands/')).length).toBeLessThan(12);
  expect(loaded.length).toBeLessThan(30);
  expect(
    loaded.filter(
      (path) => path.includes('node_modules') || /^src\/(app|adapters|engine|process|config)\//u.test(path),
    ),
  ).toEqual([]);
});

it.each([
  [['support', 'show', '--train', 'pytorch']],
  [['calendar', 'show', '--train', 'pytorch']],
  [['config', 'check', '--train', 'pytorch']],
  [['completion', 'bash']],
  [['version']],
])('loads no database and no store for %j', (argv) => {
  expect(loadedBy(...argv).filter((path) => DATABASE.test(path) || STORES.test(path))).toEqual([]);
});
