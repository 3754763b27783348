import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { gitAdapter } from '../../adapters/git/index.ts';
import { StoreKey } from '../../domain/store-key.ts';
import { Train } from '../../domain/train/train.ts';
import { builtCells, builtTrain } from '../../testing/artifact-app.ts';
import { cliRun, type CliRan } from '../../testing/cli-terminal.ts';
import { TRAIN_DIGEST } from '../../testing/engine-world.ts';
import { addCommits, makeRepo, testGit } from '../../testing/git-repos.ts';
import { makeWheel } from '../../testing/make-wheel.ts';
import { memoryApp } from '../../testing/memory-app.ts';
import { sha256Of } from '../../testing/memory-store.ts';
import type { App } from '../app.ts';
import { composeStores } from '../compose-stores.ts';

let dir: string;
let app: App;
const go = (...argv: readonly string[]): Promise<CliRan> => cliRun(argv, { app, cwd: dir });

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'signalbox-artifacts-'));
  const remote = join(dir, 'core.git');
  await makeRepo({ dir: remote, commits: [{ files: { 'version.txt': '2.8.0\n' } }] });
  await testGit(remote, ['branch', 'release/2.8', 'main']);
  await testGit(remote, ['tag', 'v2.8.0-rc1', 'main']);
  const { limits: _limits, ...index } = builtTrain.channels['index']?.places[0] ?? {};
  const train = Train.parse({
    ...builtTrain,
    channels: { ...builtTrain.channels, index: { title: 'Index', write: 'once', places: [index] } },
    repos: { core: { role: 'core', source: 'main', remote, packages: ['small'] } },
    artifacts: { ...builtTrain.artifacts, packages: { small: builtTrain.artifacts.packages['small'] } },
  });
  app = memoryApp({
    dir,
    loaded: { train, digest: TRAIN_DIGEST },
    stores: composeStores({
      dir,
      train,
      environment: { storeKeys: new Map(), storeAddresses: new Map() },
      answers: null,
    }),
  });
  app = { ...app, git: gitAdapter({ mirrors: join(dir, 'mirrors') }) };
  await go('release', 'create', '2.8.0', '--yes');
});
afterEach(() => rm(dir, { recursive: true, force: true }));

/** Puts every file of core into the folders of the channel, as an upload that records digests does. */
async function upload(number: number): Promise<void> {
  const opened = await app.stores.of('test');
  if (!opened.ok) throw new Error(opened.problems[0].text);
  for (const { cell, folder, file, version } of builtCells('core')) {
    const [, , ...tags] = file.replace('.whl', '').split('-');
    const files = { 'small/__init__.py': `candidate = ${number}\n` };
    const { bytes } =
      cell.kind === 'wheel'
        ? makeWheel({ name: 'small', version, tags: tags.join('-'), files, requiresDist: [`runtime==3.${number}`] })
        : { bytes: Buffer.from(`archive of rc${number}`) };
    for (const { holds, writable } of opened.value) {
      if (holds !== cell.kind || !writable.ok) continue;
      const served = { contentType: 'application/octet-stream', cacheControl: null };
      await writable.value.put(
        StoreKey.parse(`${folder}/${file}`),
        { bytes },
        { sha256: sha256Of(bytes), served, onlyIf: null },
      );
    }
  }
}

it('takes a candidate from real folders and a real repository into the ledger, and the next beside it', async () => {
  await upload(1);
  const first = await go('artifact', 'record', '2.8.0-rc1', '--read', '--yes');
  expect(first.code).toBe(0);
  await mkdir(join(dir, 'stable'));
  expect((await go('artifact', 'verify', '2.8.0-rc1')).code).toBe(0);
  const path = join(dir, 'test', 'cu126', 'small-2.8.0+cu126-cp312-cp312-manylinux_2_28_x86_64.whl');
  expect((await go('artifact', 'show', path)).out).toContain(
    '2.8.0-rc1\n  cell      small/wheel/linux-x86_64/cu126/3.12',
  );

  await addCommits(join(dir, 'core.git'), [{ branch: 'main', message: 'A fix', files: { 'a.txt': '1\n' } }]);
  await testGit(join(dir, 'core.git'), ['tag', 'v2.8.0-rc2', 'main']);
  const stale = await go('artifact', 'record', '2.8.0-rc2', '--yes');
  expect(stale).toMatchObject({ code: 3 });
  expect(stale.err.replaceAll(/\s+/gu, ' ')).toContain('7 stale');
  await upload(2);
  expect((await go('artifact', 'record', '2.8.0-rc2', '--yes')).code).toBe(0);
  const diff = await go('artifact', 'diff', '2.8.0-rc1', '2.8.0-rc2');
  expect(diff.out).toContain('7 changed, 0 added, 0 removed, 0 the same');
  expect(diff.out).toContain('- runtime==3.1 (6 files)\n  + runtime==3.2 (6 files)');
});

it('sees a file that other hands put in the place of one', async () => {
  await upload(1);
  expect((await go('artifact', 'record', '2.8.0-rc1', '--yes')).code).toBe(0);
  const key = 'cpu/small-2.8.0+cpu-cp313-cp313-manylinux_2_28_x86_64.whl';
  await mkdir(dirname(join(dir, 'test', key)), { recursive: true });
  await writeFile(join(dir, 'test', key), 'not a wheel');
  const ran = await go('gate', 'show', '2.8.0', 'artifacts-complete:core');
  expect(ran.code).toBe(3);
  expect(ran.out.replaceAll(/\s+/gu, ' ')).toContain(`${key} was stored without its sha256`);
  const verified = await go('artifact', 'verify', '2.8.0-rc1');
  expect(verified.code).toBe(3);
  expect(verified.out.replaceAll(/\s+/gu, ' ')).toContain(`different: ${key}: 11 bytes, not`);
});
