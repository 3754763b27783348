import { expect, it } from 'vitest';
import { z } from 'zod';
import { addSeconds } from '../domain/instant.ts';
import { succeed } from '../domain/result.ts';
import { NOW } from '../testing/engine-world.ts';
import { madePage } from '../testing/made-page.ts';
import { memoryApp } from '../testing/memory-app.ts';
import type { Address } from './address.ts';
import { LiveSession, type LiveEvent } from './live.ts';
import { Showing } from './show.ts';
import { Snapshots } from './snapshots.ts';

function ground() {
  const app = memoryApp();
  let words: readonly string[] = ['one', 'two'];
  let fails = false;
  const page = madePage({
    read: async () => {
      if (fails) throw new Error('away');
      return succeed({ view: { words }, asOf: app.clock.now(), stale: false });
    },
  });
  const snapshots = new Snapshots({ app, failed: () => undefined });
  const parts = { snapshots, showing: new Showing(app), now: () => app.clock.now() };
  const address: Address = { page, params: {}, query: {}, form: null, path: '/' };
  const sent: LiveEvent[] = [];
  const settled = async (): Promise<void> => void (await snapshots.get(address));
  return {
    app,
    sent,
    settled,
    address,
    snapshots,
    open: (has: string | null = null) => {
      const session = new LiveSession(parts, { address, has, identity: null, send: (event) => void sent.push(event) });
      return { session, opened: session.open() };
    },
    /** Something happens in the world. */
    becomes: async (next: readonly string[] | null) => {
      fails = next === null;
      if (next !== null) words = next;
      snapshots.changed();
      await settled();
    },
    /** What was sent since the last call. */
    news: () => sent.splice(0),
  };
}

const Rows = z.object({ said: z.string().nullable(), rows: z.array(z.object({ id: z.string(), html: z.string() })) });

const Whole = z.object({ main: z.string() });

const kinds = (events: readonly LiveEvent[]): readonly string[] => events.map(({ event }) => event);

it('sends all to a page that has nothing, and nothing to one that has it all', async () => {
  const { open, news } = ground();
  await open().opened;
  const [whole, beat] = news();
  expect(whole).toMatchObject({ event: 'page', data: { title: 'Made', stale: false } });
  expect(beat).toMatchObject({ event: 'beat', id: null, data: { asOf: NOW } });
  await open(whole?.id ?? null).opened;
  expect(kinds(news())).toEqual(['beat']);
});

it('sends the row that changed, whole, with its shape and word, and one sentence about it', async () => {
  const { open, news, becomes } = ground();
  await open().opened;
  news();
  await becomes(['one', 'deux']);
  const [event, ...rest] = news();
  expect(rest).toEqual([]);
  expect(event).toMatchObject({ event: 'rows' });
  const { rows, said } = Rows.parse(event?.data);
  expect(said).toContain('deux');
  expect(rows).toHaveLength(1);
  expect(rows[0]?.html).toContain('deux');
  expect(rows[0]?.html).toContain(`id="${rows[0]?.id}"`);
});

it('sends the whole page when rows come or go', async () => {
  const { open, news, becomes } = ground();
  await open().opened;
  news();
  await becomes(['one', 'two', 'three']);
  expect(kinds(news())).toEqual(['page']);
  await becomes(['three']);
  expect(kinds(news())).toEqual(['page']);
});

it('sends nothing when the same was read again, and what it missed to a page that was away', async () => {
  const { open, news, becomes, app } = ground();
  const { session, opened } = open();
  await opened;
  const [whole] = news();
  await becomes(['one', 'two']);
  expect(news()).toEqual([]);
  session.close();
  await becomes(['four']);
  expect(news()).toEqual([]);
  app.clock.set(addSeconds(NOW, 5));
  await open(whole?.id ?? null).opened;
  const [missed] = news();
  expect(missed).toMatchObject({ event: 'page' });
  expect(Whole.parse(missed?.data).main).toContain('four');
});

it('says that a reading failed, keeps what was shown, and says when it is good again', async () => {
  const { open, news, becomes } = ground();
  await open().opened;
  news();
  await becomes(null);
  const [bad] = news();
  expect(bad).toMatchObject({ event: 'page', data: { stale: true } });
  expect(Whole.parse(bad?.data).main).toContain('away');
  await becomes(['one', 'two']);
  expect(news().at(-1)).toMatchObject({ event: 'page', data: { stale: false } });
});
