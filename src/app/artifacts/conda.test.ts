import { beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { App } from '../app.ts';
import { succeed } from '../../domain/result.ts';
import { Train } from '../../domain/train/train.ts';
import type { CondaChannel, CondaFile } from '../../ports/conda-channel.ts';
import { artifactApp } from '../../testing/artifact-app.ts';
import { cliRun, type CliRan } from '../../testing/cli-terminal.ts';
import { TRAIN_DIGEST } from '../../testing/engine-world.ts';
import { sha256Of } from '../../testing/memory-store.ts';

const base = artifactApp().app.loaded.train;
const { index: _index, ...channels } = base.channels;

/** Core alone, built as two conda packages. */
const train = Train.parse({
  ...base,
  repos: { core: { role: 'core', source: 'main', remote: '/remotes/core', packages: ['small'] } },
  artifacts: {
    ...base.artifacts,
    publish: {},
    packages: {
      small: {
        builds: [
          {
            kind: 'conda',
            platforms: ['linux-x86_64'],
            accelerators: ['cpu'],
            folder: 'linux-64',
            file: 'small-{release}-py{python}_{accelerator}*.tar.bz2',
          },
        ],
      },
    },
  },
  channels: {
    ...channels,
    test: {
      title: 'Candidates',
      write: 'replace',
      places: [{ holds: 'conda', store: 'conda', address: 'https://conda.example/test' }],
    },
  },
});

let files: CondaFile[];
let app: App;
const go = (...argv: readonly string[]): Promise<CliRan> => cliRun(argv, { app });
const gate = async () =>
  z
    .object({ data: z.object({ verdict: z.string(), summary: z.string() }) })
    .parse(JSON.parse((await go('gate', 'show', '2.8.0', 'artifacts-complete:core', '--json')).out)).data;

function fileFor(python: string, more: Partial<CondaFile> = {}): CondaFile {
  const fileName = `small-2.8.0-py${python}_cpu_0.tar.bz2`;
  return {
    subdir: 'linux-64',
    fileName,
    url: `https://conda.example/test/linux-64/${fileName}`,
    name: 'small',
    version: '2.8.0',
    build: `py${python}_cpu_0`,
    buildNumber: 0,
    depends: [],
    size: fileName.length,
    sha256: sha256Of(fileName),
    md5: null,
    builtAt: null,
    ...more,
  };
}

beforeEach(async () => {
  files = [fileFor('3.12'), fileFor('3.13')];
  const conda: CondaChannel = {
    name: 'https://conda.example/test',
    subdir: async (subdir) => (subdir === 'linux-64' ? { files, removed: [], strange: [] } : null),
    source: () => {
      throw new Error('nobody was to ask for bytes');
    },
  };
  const world = artifactApp({ loaded: { train, digest: TRAIN_DIGEST } });
  app = { ...world.app, stores: { ...world.app.stores, condaOf: async () => succeed([conda]) } };
  world.tag('core', 1);
  await go('release', 'create', '2.8.0', '--yes');
});

describe('conda packages of a candidate', () => {
  it('are complete when the channel lists each of them with its digest', async () => {
    expect(await gate()).toEqual({
      verdict: 'pass',
      summary: '2 of 2 files of core 2.8.0-rc1 in test, each once and with its digest',
    });
    expect((await go('artifact', 'record', '2.8.0-rc1', '--yes')).code).toBe(0);
    expect((await go('artifact', 'verify', '2.8.0-rc1', '--told')).code).toBe(0);
    files[1] = fileFor('3.13', { sha256: sha256Of('another') });
    expect((await go('artifact', 'verify', '2.8.0-rc1', '--told')).code).toBe(3);
    expect((await gate()).summary).toBe('1 of 2 files of core 2.8.0-rc1 in test; 1 changed');
  });

  it('are missing, surplus or without digest as files of a store are', async () => {
    files = [fileFor('3.12', { sha256: null }), fileFor('3.14')];
    expect(await gate()).toEqual({
      verdict: 'failing',
      summary: '0 of 2 files of core 2.8.0-rc1 in test; 1 no digest, 1 missing, 1 surplus',
    });
  });

  it('leave the gate without data while their channel cannot be read', async () => {
    const failing = {
      ...app.stores,
      condaOf: () => Promise.reject(Object.assign(new Error('503 of the channel'), { code: 'unreachable' })),
    };
    app = { ...app, stores: failing };
    const found = await gate();
    expect(found.verdict).toBe('no-data');
    expect(found.summary).toContain('503 of the channel');
  });
});
