import { httpPublicChannel } from '../../../adapters/public-channel/index.ts';
import { systemTools } from '../../../adapters/http/exchange.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { judge } from '../../../app/judge.ts';
import { applyPlan } from '../../../app/apply-plan.ts';
import { publishIndex } from '../../../app/publish-index.ts';
import { StoreKey } from '../../../domain/store-key.ts';
import { ReleaseVersion } from '../../../domain/version.ts';
import type { Gate } from '../../../domain/gate.ts';
import {
  channelApp,
  plantRelease,
  plantWheel,
  recordCandidate,
  type ChannelApp,
} from '../../../testing/channel-app.ts';
import { serveChannel, type ChannelServer } from '../../../testing/channel-server.ts';
import { memoryStores, sha256Of } from '../../../testing/memory-store.ts';
import type { ReadableStore } from '../../../ports/artifact-store.ts';

const RELEASE = ReleaseVersion.parse('2.8.0');
const CPU = 'torch-2.8.0+cpu-cp312-cp312-manylinux_2_28_x86_64.whl';
const IN_URL = CPU.replace('+', '%2B');

/** The channel of this test; the server goes on over the tests, each of which has a store of its own. */
let current: ReadableStore = memoryStores().store('none');
let server: ChannelServer;

beforeAll(async () => {
  server = await serveChannel({
    name: 'the channel of the test',
    list: (...given) => current.list(...given),
    look: (...given) => current.look(...given),
    source: (...given) => current.source(...given),
  });
});
afterAll(() => server.close());

/** Asks again without waiting. */
const impatient = httpPublicChannel({
  ...systemTools,
  timers: { ...systemTools.timers, sleep: () => Promise.resolve() },
});

async function published(): Promise<ChannelApp> {
  const world = channelApp(server.url);
  current = world.memory;
  server.broken.clear();
  plantRelease(world.memory);
  await publish(world);
  return world;
}

async function publish({ app }: ChannelApp, types = false): Promise<void> {
  const plan = await publishIndex(app, { release: RELEASE, channel: 'test', removals: [], types, dryRun: false });
  if (!plan.ok || plan.value.kind !== 'planned') throw new Error(JSON.stringify(plan));
  const { id } = plan.value.view.plan;
  const applied = await applyPlan(app, {
    id,
    confirmation: null,
    stop: new AbortController().signal,
    report: () => {},
  });
  if (!applied.ok || applied.value.end !== 'finished') throw new Error(JSON.stringify(applied));
}

async function indexValid(
  { app }: ChannelApp,
  how: Parameters<typeof judge>[2] = { only: ['index-valid'] },
): Promise<Gate> {
  const { gates } = await judge(app, RELEASE, how);
  const gate = gates.find(({ id }) => id === 'index-valid');
  if (gate === undefined) throw new Error('the gate was not judged');
  return gate;
}

/** Changes a stored object by hand, as other programs would. */
async function tamper({ memory }: ChannelApp, key: string, change: (text: string) => string): Promise<void> {
  const before = memory.text(key) ?? '';
  const after = change(before);
  expect(after).not.toBe(before);
  const object = await memory.look(StoreKey.parse(key));
  const served = { contentType: object?.contentType ?? '', cacheControl: null };
  await memory.put(
    StoreKey.parse(key),
    { bytes: Buffer.from(after) },
    { sha256: sha256Of(after), served, onlyIf: null },
  );
}

const forget = (text: string): string =>
  text.replace(new RegExp(`(${IN_URL.replaceAll('+', '\\+')})#sha256=[0-9a-f]{64}`), '$1');

describe('index-valid', () => {
  it('passes when a client sees in both forms what lies there', async () => {
    const gate = await indexValid(await published());
    expect(gate).toMatchObject({
      verdict: 'pass',
      summary: '6 pages in HTML and JSON, 8 links answer, 8 files with their hashes',
      fix: null,
    });
  });

  it('names an entry without hash, in the file and the page (incident: index hash missing)', async () => {
    const world = await published();
    await tamper(world, 'cpu/torch/index.html', forget);
    const gate = await indexValid(world);
    expect(gate.verdict).toBe('failing');
    expect(gate.summary).toContain(`1 file listed without a hash: ${CPU}`);
    expect(gate.evidence[0]).toMatchObject({
      text: `${CPU} is listed without a hash on ${server.url}cpu/torch/`,
      link: `${server.url}cpu/torch/`,
    });
    expect(gate.fix).toBe('signalbox artifact index 2.8.0 --channel test, then signalbox gate show 2.8.0 index-valid');
    await publish(world);
    expect(await indexValid(world)).toMatchObject({ verdict: 'pass' });
  });

  it('names a page whose content type no installer takes, and the index is told to serve it right', async () => {
    const world = await published();
    const key = StoreKey.parse('cpu/torch/index.json');
    const bytes = world.memory.bytes(key) ?? new Uint8Array();
    const served = { contentType: 'application/octet-stream', cacheControl: null };
    await world.memory.put(key, { bytes }, { sha256: sha256Of(bytes), served, onlyIf: null });
    const gate = await indexValid(world);
    expect(gate.verdict).toBe('failing');
    expect(gate.summary).toContain('1 page served under a wrong content type');
    expect(gate.fix).toBe(
      'signalbox artifact index 2.8.0 --channel test --types, then signalbox gate show 2.8.0 index-valid',
    );
    await publish(world, true);
    expect(await indexValid(world)).toMatchObject({ verdict: 'pass' });
    expect(world.memory.bytes(key)).toEqual(bytes);
  });

  it('names an entry whose hash is not that of the file (incident), in HTML alone, JSON alone, and both', async () => {
    const world = await published();
    const digest = sha256Of(world.memory.bytes(`cpu/${CPU}`) ?? '').slice('sha256:'.length);
    const lie = (text: string): string => text.replace(digest, 'f'.repeat(64));
    await tamper(world, 'cpu/torch/index.html', lie);
    const html = await indexValid(world);
    expect(html.summary).toBe(
      `1 file listed with the hash of another: ${CPU}; 1 difference between HTML and JSON: ${CPU}: digest is sha256:${'f'.repeat(64)} in the HTML and sha256:${digest} in the JSON of ${server.url}cpu/torch/`,
    );
    await tamper(world, 'cpu/torch/index.json', lie);
    expect((await indexValid(world)).summary).toBe(`1 file listed with the hash of another: ${CPU}`);
  });

  it('names a file that is listed and not there (incident), also one of an earlier release when it is asked for by name', async () => {
    const world = await published();
    const old = plantWheel(world.memory, 'cpu', { name: 'torch', version: '2.7.0' });
    await publish(world);
    await world.memory.remove(StoreKey.parse(`cpu/${old}`), null);
    expect((await indexValid(world)).summary).toContain(`1 file listed that is not there: ${old}`);
    expect(await indexValid(world, {})).toMatchObject({ verdict: 'pass' });
  });

  it('names a file of the release that is not listed', async () => {
    const world = await published();
    plantWheel(world.memory, 'cu126', { name: 'torch', version: '2.8.0+cu126', tags: 'cp314-cp314-win_amd64' });
    expect((await indexValid(world)).summary).toBe(
      '1 file of the release not listed: torch-2.8.0+cu126-cp314-cp314-win_amd64.whl',
    );
  });

  it('holds hashes to the record of the candidate, and misses a recorded file that is gone', async () => {
    const world = await published();
    await recordCandidate(world, 1);
    expect(await indexValid(world)).toMatchObject({ verdict: 'pass' });
    await recordCandidate(world, 2, (file) =>
      file.key === `cpu/${CPU}` ? { ...file, digest: sha256Of('another build') } : file,
    );
    expect((await indexValid(world)).summary).toBe(`1 file listed with the hash of another: ${CPU}`);
    await recordCandidate(world, 3, (file) =>
      file.key === `cpu/${CPU}` ? { ...file, key: StoreKey.parse(`cu126/${CPU.replaceAll('cp312', 'cp399')}`) } : file,
    );
    expect((await indexValid(world)).summary).toBe(
      `1 file of the release not listed: ${CPU.replaceAll('cp312', 'cp399')}`,
    );
  });

  it('names metadata files that are gone, or of another wheel', async () => {
    const world = await published();
    await tamper(world, `cpu/${CPU}.metadata`, (text) => `${text}\n`);
    await world.memory.remove(
      StoreKey.parse('cu126/torch-2.8.0+cu126-cp312-cp312-manylinux_2_28_x86_64.whl.metadata'),
      null,
    );
    expect((await indexValid(world)).summary).toBe(
      `1 metadata file with the hash of another: ${CPU}; 1 metadata file that is not there: torch-2.8.0+cu126-cp312-cp312-manylinux_2_28_x86_64.whl`,
    );
  });

  it('names pages that are missing, and those that are HTML only', async () => {
    const world = await published();
    await world.memory.remove(StoreKey.parse('torch/index.json'), null);
    await world.memory.remove(StoreKey.parse('cpu/torch/index.json'), null);
    await world.memory.remove(StoreKey.parse('cpu/torch/index.html'), null);
    expect((await indexValid(world)).summary).toBe(
      `1 page not there: ${server.url}cpu/torch/; 1 page without JSON: ${server.url}torch/`,
    );
  });

  it.each([403, 500])('is without data, never green, when the channel answers %i for a file', async (status) => {
    const world = await published();
    server.broken.set(`/cpu/${IN_URL}`, status);
    const gate = await indexValid({ ...world, app: { ...world.app, outside: impatient } });
    expect(gate).toMatchObject({ verdict: 'no-data', evidence: [] });
    expect(gate.summary).toContain(`${server.url}cpu/${IN_URL} could not be read`);
    expect(gate.summary).toContain(String(status));
  });

  it('is without data before the files are there', async () => {
    const world = channelApp(server.url);
    current = world.memory;
    expect(await indexValid(world)).toMatchObject({
      verdict: 'no-data',
      summary: 'no file of the release lies in the channel',
    });
  });

  it('is without data for a channel that nobody can read from outside', async () => {
    const world = channelApp('stores/test');
    plantRelease(world.memory);
    expect(await indexValid(world)).toMatchObject({
      verdict: 'no-data',
      summary: 'could not be read: no place of channel test with wheels has a public address',
    });
  });
});
