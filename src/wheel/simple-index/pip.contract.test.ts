import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { applyPlan } from '../../app/apply-plan.ts';
import { publishIndex } from '../../app/publish-index.ts';
import { StoreKey } from '../../domain/store-key.ts';
import { ReleaseVersion } from '../../domain/version.ts';
import { channelApp, plantWheel, type ChannelApp } from '../../testing/channel-app.ts';
import { serveChannel, type ChannelServer } from '../../testing/channel-server.ts';
import { DEBIAN_PYTHON, WITHOUT_DEBIAN_PIP } from '../../testing/debian-tools.ts';

const RELEASE = ReleaseVersion.parse('2.8.0');

interface PipEnd {
  readonly code: number;
  readonly output: string;
}

let world: ChannelApp;
let folder: string;
let server: ChannelServer | null;

beforeEach(async () => {
  world = channelApp();
  folder = await mkdtemp(join(tmpdir(), 'signalbox-pip-'));
  server = null;
});
afterEach(async () => {
  await server?.close();
  await rm(folder, { recursive: true, force: true });
});

async function publish(): Promise<void> {
  const plan = await publishIndex(world.app, { release: RELEASE, channel: 'test', removals: [], dryRun: false });
  if (!plan.ok || plan.value.kind !== 'planned') throw new Error(JSON.stringify(plan));
  const applying = { confirmation: null, stop: new AbortController().signal, report: () => {} };
  const applied = await applyPlan(world.app, { id: plan.value.view.plan.id, ...applying });
  if (!applied.ok || applied.value.end !== 'finished') throw new Error(JSON.stringify(applied));
}

/** `pip install` from a folder of the channel into a folder of its own, with nothing of this machine's settings. */
async function pip(index: string, ...what: readonly string[]): Promise<PipEnd> {
  server ??= await serveChannel(world.memory, 'static');
  const args = ['-m', 'pip', 'install', '--isolated', '--no-cache-dir', '--disable-pip-version-check', '--no-deps'];
  const env = { PATH: process.env['PATH'] ?? '', HOME: folder, PIP_CONFIG_FILE: '/dev/null', LC_ALL: 'C' };
  return new Promise((resolve) => {
    execFile(
      DEBIAN_PYTHON,
      [...args, '--target', join(folder, 'site'), '--index-url', `${server?.url}${index}`, ...what],
      { env, timeout: 60_000 },
      (error, stdout, stderr) => resolve({ code: error === null ? 0 : 1, output: `${stdout}\n${stderr}` }),
    );
  });
}

const installed = async (): Promise<readonly string[]> => {
  const found = await readdir(join(folder, 'site')).catch(() => []);
  return found.filter((name) => name.endsWith('.dist-info')).toSorted();
};

describe.skipIf(WITHOUT_DEBIAN_PIP)('the real pip', { timeout: 120_000 }, () => {
  it('installs from the HTML of a folder, and of all folders: the newest, the one of a version, names however spelled', async () => {
    plantWheel(world.memory, 'cpu', { name: 'torch', version: '2.8.0+cpu' });
    plantWheel(world.memory, 'cpu', { name: 'torch', version: '2.10.0+cpu' });
    plantWheel(world.memory, 'cu126', { name: 'torch', version: '2.8.0+cu126' });
    plantWheel(world.memory, 'cpu', { name: 'torch_vision', version: '0.23.0' });
    await publish();
    expect(await pip('cpu', 'torch', 'Torch.Vision')).toMatchObject({ code: 0 });
    expect(await installed()).toEqual(['torch-2.10.0+cpu.dist-info', 'torch_vision-0.23.0.dist-info']);
    expect(await pip('', '--upgrade', 'torch==2.8.0+cu126')).toMatchObject({ code: 0 });
    expect(await installed()).toContain('torch-2.8.0+cu126.dist-info');
    expect(server?.seen).toContain('GET /torch/');
  });

  it('installs from the JSON where the server negotiates', async () => {
    plantWheel(world.memory, 'cpu', { name: 'torch', version: '2.8.0+cpu' });
    await publish();
    for (const key of ['cpu/torch/index.html', 'torch/index.html']) {
      await world.memory.remove(StoreKey.parse(key), null);
    }
    server = await serveChannel(world.memory, 'negotiated');
    const end = await pip('cpu', 'torch');
    expect(end.output).toContain('Successfully installed torch-2.8.0+cpu');
  });

  it.each(['static', 'negotiated'] as const)(
    'leaves out what is yanked and what is for another Python (%s)',
    async (how) => {
      plantWheel(world.memory, 'cpu', { name: 'torch', version: '2.8.0' });
      plantWheel(world.memory, 'cpu', { name: 'torch', version: '2.8.1', requiresPython: '>=3.99, <4' });
      plantWheel(world.memory, 'cpu', { name: 'torch', version: '2.8.2' });
      await publish();
      // As the page of another tool would say it; kept by the next publishing.
      const json = world.memory.text('torch/index.json') ?? '';
      const yanked: unknown = JSON.parse(json, (_key, value: unknown) =>
        isEntry(value) && value.filename.includes('2.8.2') ? { ...value, yanked: 'broken & "bad"' } : value,
      );
      world.memory.plant('torch/index.json', JSON.stringify(yanked));
      await publish();
      server = await serveChannel(world.memory, how);
      expect(await pip('cpu', 'torch')).toMatchObject({ code: 0 });
      expect(await installed()).toEqual(['torch-2.8.0.dist-info']);
    },
  );

  it('refuses a wheel whose bytes are not those of the index', async () => {
    const wheel = plantWheel(world.memory, 'cpu', { name: 'torch', version: '2.8.0' });
    await publish();
    plantWheel(world.memory, 'cpu', { name: 'torch', version: '2.8.0', description: 'another build' });
    const end = await pip('cpu', 'torch');
    expect(end.code).toBe(1);
    expect(end.output).toContain('THESE PACKAGES DO NOT MATCH THE HASHES');
    expect(end.output).toContain(wheel.split('-')[0]);
  });
});

function isEntry(value: unknown): value is { readonly filename: string } {
  return typeof value === 'object' && value !== null && 'filename' in value && typeof value.filename === 'string';
}
