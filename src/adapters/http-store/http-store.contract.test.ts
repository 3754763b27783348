import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { failureOf, keyOf, keysIn } from '../../testing/artifact-store-contract.ts';
import { sha256Of } from '../../testing/memory-store.ts';
import { scriptedServer, text, type ScriptedServer } from '../../testing/scripted-server.ts';
import { site, type SitePage } from '../../testing/site.ts';
import { systemDocumentTools, type DocumentTools } from '../http/document.ts';
import { httpStore } from './index.ts';

const HEX = sha256Of('bytes').slice('sha256:'.length);
const page = (...links: readonly string[]): SitePage => ({
  type: 'text/html',
  body: `<!DOCTYPE html><html><body>${links.map((href) => `<a href="${href}">x</a>`).join('\n')}</body></html>`,
});
const wheel = (body: string): SitePage => ({ body, type: 'application/zip', etag: '"w"' });

/** As PyTorch's own host serves a channel: projects below accelerators, wheels beside the projects. */
const CHANNEL: Readonly<Record<string, SitePage>> = {
  '/whl/': page('cpu/', 'cu126/', '/whl/', '../'),
  '/whl/cpu/': page('torch/'),
  '/whl/cu126/': page('torch/', '/whl/cu126/torch/'),
  '/whl/cpu/torch/': page(
    `/whl/cpu/torch-2.7.0%2Bcpu.whl#sha256=${HEX}`,
    'https://elsewhere.example/torch-9.whl',
    '/other/torch-1.whl',
  ),
  '/whl/cu126/torch/': page(
    '../torch-2.7.0%2Bcu126.whl',
    '/whl/%2e%2e%2fsecret',
    '/whl/cu126/a%2F..%2Fb',
    'torch-2.6.0.whl?signed=1',
  ),
  '/whl/cpu/torch-2.7.0%2Bcpu.whl': wheel('bytes'),
};

let server: ScriptedServer;
const tools: DocumentTools = {
  ...systemDocumentTools,
  http: { ...systemDocumentTools.http, timers: { ...systemDocumentTools.http.timers, sleep: () => Promise.resolve() } },
};
beforeAll(async () => {
  server = await scriptedServer();
});
afterAll(() => server.close());

const store = () => httpStore({ address: `${server.url}/whl`, tools });
const play = (pages: Readonly<Record<string, SitePage>>): void => server.play([site(pages)], true);

describe('a store that is read over HTTP', () => {
  it('lists what the pages of its index lead to, in order, with the digests they tell', async () => {
    play(CHANNEL);
    const pages = [];
    for await (const each of store().list('')) pages.push(each);
    expect(pages).toEqual([
      {
        objects: [
          { key: 'cpu/torch-2.7.0+cpu.whl', size: null, etag: null, sha256: sha256Of('bytes'), modified: null },
          { key: 'cu126/torch-2.7.0+cu126.whl', size: null, etag: null, sha256: null, modified: null },
        ],
        strange: ['/whl/%2e%2e%2fsecret', '/whl/cu126/a%2F..%2Fb'],
      },
    ]);
    expect(new Set(server.seen.map(({ path }) => path)).size).toBe(server.seen.length);
  });

  it('reads only the pages that lead to the prefix, and goes on after a key', async () => {
    play(CHANNEL);
    expect(await keysIn(store(), 'cpu/')).toEqual(['cpu/torch-2.7.0+cpu.whl']);
    expect(server.seen.map(({ path }) => path)).toEqual(['/whl/cpu/', '/whl/cpu/torch/']);
    expect(await keysIn(store(), '', keyOf('cpu/torch-2.7.0+cpu.whl'))).toEqual(['cu126/torch-2.7.0+cu126.whl']);
    expect(await keysIn(store(), 'xpu/')).toEqual([]);
  });

  it('looks at an object and reads it, of one state', async () => {
    play(CHANNEL);
    const key = keyOf('cpu/torch-2.7.0+cpu.whl');
    const there = await store().look(key);
    expect(there).toMatchObject({
      key,
      size: 5,
      etag: 'w',
      modified: '2025-06-16T12:00:00.000Z',
      contentType: 'application/zip',
    });
    expect(await store().look(keyOf('cpu/none'))).toBeNull();
    expect(Buffer.from(await store().source(key, there?.etag).read(1, 3)).toString()).toBe('yte');
    expect(await failureOf(store().source(key, 'another').read(1, 3))).toBe('changed');
    expect(await failureOf(store().source(keyOf('cpu/none')).tail(3))).toBe('missing');
  });

  it('is a failure, not empty, when its address leads nowhere or to no page', async () => {
    play({});
    expect(await failureOf(keysIn(store(), ''))).toBe('missing');
    play({ '/whl/': { body: '{}', type: 'application/json' } });
    expect(await failureOf(keysIn(store(), ''))).toBe('unexpected-answer');
    server.play([text(403, 'no', 'text/plain')], true);
    expect(await failureOf(keysIn(store(), ''))).toBe('not-allowed');
    expect(await failureOf(store().look(keyOf('a')))).toBe('not-allowed');
  });

  it('does not go round in circles, nor down without end', async () => {
    server.play(
      [(response) => void response.writeHead(200, { 'content-type': 'text/html' }).end('<a href="deeper/">x</a>')],
      true,
    );
    expect(await failureOf(keysIn(store(), ''))).toBe('unexpected-answer');
    expect(server.seen.length).toBeLessThan(10);
  });
});
