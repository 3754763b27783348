import { expect, it } from 'vitest';
import { createRelease } from '../app/releases.ts';
import { succeed } from '../domain/result.ts';
import { ReleaseVersion } from '../domain/version.ts';
import { NOW } from '../testing/engine-world.ts';
import { madePage } from '../testing/made-page.ts';
import { memoryApp } from '../testing/memory-app.ts';
import type { Page } from './page.ts';
import { Snapshots } from './snapshots.ts';
import { warmUp } from './warm-up.ts';

const page = (path: string, read: string[], changes: Partial<Page> = {}) =>
  madePage({
    name: path,
    path,
    read: async ({ params }) => {
      read.push([path, ...Object.values(params)].join(' '));
      return succeed({ view: { words: [] }, asOf: NOW, stale: false });
    },
    ...changes,
  });

async function ground(changes: Partial<Page> = {}) {
  const app = memoryApp();
  await createRelease(app, ReleaseVersion.parse('2.8.0'));
  const read: string[] = [];
  const logged: (readonly [string, unknown])[] = [];
  const pages = [page('/', read), page('/todo', read, changes), page('/r/:release', read), page('/people', read)];
  const snapshots = new Snapshots({ app, failed: () => undefined, patience: () => new Promise(() => {}) });
  const log = (event: string, facts: unknown) => void logged.push([event, facts]);
  return { app, pages, snapshots, read, logged, warm: () => warmUp({ app, pages, log }, snapshots) };
}

it('reads what people open first, the open releases with it, and whoever looks then waits for nothing', async () => {
  const { warm, read, logged, snapshots, pages } = await ground();
  await warm().done;
  expect(read).toEqual(['/', '/todo', '/r/:release 2.8.0']);
  expect(logged).toMatchObject([['pages-warmed-up', { read: 3, unread: 0 }]]);
  const release = pages[2];
  if (release === undefined) throw new Error('the page is missing');
  await snapshots.soon({ page: release, params: { release: '2.8.0' }, query: {} });
  expect(read).toHaveLength(3);
});

it('goes on after a page that cannot be read, and says how many were not', async () => {
  const { warm, read, logged } = await ground({ read: () => Promise.reject(new Error('the forge is away')) });
  await warm().done;
  expect(read).toEqual(['/', '/r/:release 2.8.0']);
  expect(logged).toMatchObject([['pages-warmed-up', { read: 2, unread: 1 }]]);
});

it('begins no page more once the server stops', async () => {
  const reading = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<void>();
  const { warm, read, logged } = await ground({
    read: async () => {
      begun.resolve();
      await reading.promise;
      return succeed({ view: { words: [] }, asOf: NOW, stale: false });
    },
  });
  const warming = warm();
  await begun.promise;
  const stopped = warming.stop();
  reading.resolve();
  await stopped;
  expect(read).toEqual(['/']);
  expect(logged).toEqual([]);
});
