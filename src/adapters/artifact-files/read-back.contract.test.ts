import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Digest } from '../../domain/canonical-json.ts';
import { StoreKey } from '../../domain/store-key.ts';
import { serveChannel, type ChannelServer } from '../../testing/channel-server.ts';
import { memoryStores, sha256Of, type MemoryStore } from '../../testing/memory-store.ts';
import { desiredPages, INDEX_TYPES, pageKeys, renderContent } from '../../wheel/simple-index/index.ts';
import { systemDocumentTools } from '../http/document.ts';
import { httpStore } from '../http-store/index.ts';
import { httpPublicChannel } from '../public-channel/index.ts';
import { storedArtifactFiles } from './index.ts';

const NAME = 'torch-2.8.0-py3-none-any.whl';
const KEY = StoreKey.parse(`cpu/${NAME}`);
const ARCHIVE = StoreKey.parse('libtorch.zip');
const is = { key: KEY, size: 7, digest: sha256Of('a wheel') };
const AT = { channel: 'stable', place: 0 };

let memory: MemoryStore;
let server: ChannelServer;
beforeAll(async () => {
  memory = memoryStores().store('stable');
  server = await serveChannel(memory);
});
afterAll(() => server.close());

async function publish(digest: Digest, forms: readonly ('html' | 'json')[] = ['html', 'json']): Promise<void> {
  const facts = { size: 7, requiresPython: null, metadata: null, yanked: null, uploadedAt: null };
  const pages = desiredPages([{ folder: 'cpu', file: { name: NAME, digest, ...facts } }]);
  if (!pages.ok) throw new Error(JSON.stringify(pages.problems));
  for (const { place, content } of pages.value) {
    const bytes = renderContent(content);
    for (const form of forms) {
      const page = bytes[form] ?? new Uint8Array();
      const served = { contentType: INDEX_TYPES[form], cacheControl: null };
      const draft = { sha256: sha256Of(page), served, onlyIf: null };
      await memory.put(StoreKey.parse(pageKeys(place)[form]), { bytes: page }, draft);
    }
  }
}

function read(files: readonly (typeof is)[]): Promise<readonly string[]> {
  const outside = httpStore({ address: server.url, tools: systemDocumentTools });
  return storedArtifactFiles(async () => ({
    store: memory,
    writable: () => memory,
    outside,
    index: { channel: httpPublicChannel(), address: server.url },
  })).readBack(AT, files);
}

it('finds all well when the file answers and both forms of both pages list it with its digest', async () => {
  memory.plant(KEY, 'a wheel', is.digest);
  await publish(is.digest);
  const from = server.seen.length;
  expect(await read([is])).toEqual([]);
  expect(server.seen.slice(from).filter((line) => line.startsWith('HEAD'))).toEqual([`HEAD /cpu/${NAME}`]);
  expect(server.seen.slice(from)).toContain('GET /cpu/torch/');
  expect(server.seen.slice(from)).toContain('GET /torch/index.json');
});

it('asks no index of what none lists', async () => {
  memory.plant(ARCHIVE, 'a wheel', is.digest);
  expect(await read([{ ...is, key: ARCHIVE }])).toEqual([]);
});

it('tells of a page that is not there, that does not list the file, or lists it with another digest', async () => {
  memory.plant(KEY, 'a wheel', is.digest);
  server.broken.set('/cpu/torch/', 404);
  const gone = await read([is]);
  server.broken.clear();
  expect(gone).toEqual([expect.stringContaining('/cpu/torch/ (HTML): it is not there')]);
  const other = { ...is, key: StoreKey.parse(`cpu/${NAME.replace('2.8.0', '2.9.0')}`) };
  memory.plant(other.key, 'a wheel', is.digest);
  expect((await read([other])).join('\n')).toContain('does not list torch-2.9.0');
  await publish(sha256Of('wheel X'));
  const wrong = await read([is]);
  expect(wrong).toHaveLength(4);
  expect(wrong[0]).toContain(sha256Of('wheel X'));
  await publish(is.digest, ['html']);
  const half = await read([is]);
  expect(half).toHaveLength(2);
  expect(half[0]).toContain('(JSON)');
  await publish(is.digest);
  expect(await read([is])).toEqual([]);
});

it('tells of a file that is not there from outside, of another size, or of another or no digest', async () => {
  await publish(is.digest);
  server.broken.set(`/cpu/${NAME}`, 404);
  expect((await read([is])).join('\n')).toContain('is not there');
  server.broken.clear();
  memory.plant(KEY, 'a longer wheel', is.digest);
  expect((await read([is])).join('\n')).toContain('14 bytes, not 7');
  memory.plant(KEY, 'wheel X', sha256Of('wheel X'));
  expect((await read([is])).join('\n')).toContain(sha256Of('wheel X'));
  memory.plant(KEY, 'a wheel', null);
  expect((await read([is])).join('\n')).toContain('no digest recorded');
});
