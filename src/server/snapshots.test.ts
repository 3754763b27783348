import { expect, it, vi } from 'vitest';
import { addSeconds } from '../domain/instant.ts';
import { refuse, succeed } from '../domain/result.ts';
import { NOW } from '../testing/engine-world.ts';
import { madePage } from '../testing/made-page.ts';
import { memoryApp } from '../testing/memory-app.ts';
import type { Page } from './page.ts';
import { keyOf, Snapshots, type Snapshot } from './snapshots.ts';

function ground(changes: Partial<Page> = {}) {
  const app = memoryApp();
  let words: readonly string[] = ['one'];
  let readings = 0;
  const page = madePage({
    read: async () => {
      readings += 1;
      return succeed({ view: { words }, asOf: app.clock.now(), stale: false });
    },
    ...changes,
  });
  const failures: unknown[] = [];
  const versions: string[] = [];
  const snapshots = new Snapshots({
    app,
    patience: () => new Promise(() => {}),
    failed: (_page, error) => void failures.push(error),
    changed: (_key, _page, { version }) => void versions.push(version),
    most: 3,
  });
  const address = { page, params: {}, query: {} };
  const get = async () => {
    const reading = await snapshots.get(address);
    if (!reading.ok) throw new Error(reading.problems[0].text);
    return reading.value;
  };
  return {
    app,
    page,
    snapshots,
    address,
    get,
    failures,
    versions,
    say: (...next: readonly string[]) => void (words = next),
    readings: () => readings,
  };
}

it('reads once for all who ask at the same time, and again only once it is old', async () => {
  const { app, get, readings, snapshots, address } = ground();
  await Promise.all([get(), get(), get()]);
  await get();
  expect(readings()).toBe(1);
  app.clock.set(addSeconds(NOW, 61));
  // What has only grown old is shown with its age while it is read again.
  expect((await get()).readAt).toBe(NOW);
  expect(readings()).toBe(2);
  await snapshots.get(address);
});

it('reads what something happened to before it is shown', async () => {
  const { get, say, snapshots } = ground();
  await get();
  say('two');
  expect((await get()).data).toEqual({ words: ['one'] });
  snapshots.changed();
  expect((await get()).data).toEqual({ words: ['two'] });
});

it('reads once more where something happens while a reading is under way', async () => {
  const gates: (() => void)[] = [];
  const app = memoryApp();
  let word = 'before';
  const page = madePage({
    read: async () => {
      const taken = word;
      await new Promise<void>((open) => gates.push(open));
      return succeed({ view: { words: [taken] }, asOf: NOW, stale: false });
    },
  });
  const snapshots = new Snapshots({ app, failed: () => undefined });
  const first = snapshots.get({ page, params: {}, query: {} });
  word = 'after';
  snapshots.changed();
  const second = snapshots.get({ page, params: {}, query: {} });
  gates[0]?.();
  await first;
  await Promise.resolve();
  await new Promise<void>((open) => setImmediate(open));
  gates[1]?.();
  const reading = await second;
  expect(reading.ok && reading.value.data).toEqual({ words: ['after'] });
});

/** A page whose every reading ends when it is told to, and somebody who looks and has no patience. */
function slowGround(changes: Partial<Page> = {}) {
  const app = memoryApp();
  const readings: ((word: string) => void)[] = [];
  const page = madePage({
    read: async () => {
      const word = await new Promise<string>((tell) => void readings.push(tell));
      return succeed({ view: { words: [word] }, asOf: app.clock.now(), stale: false });
    },
    ...changes,
  });
  const snapshots = new Snapshots({ app, failed: () => undefined, patience: () => Promise.resolve() });
  const address = { page, params: {}, query: {} };
  const first = async () => {
    const reading = snapshots.soon(address);
    readings[0]?.('one');
    return reading;
  };
  return { app, snapshots, address, readings, first };
}

it('gives whoever looks the last reading at once, as overtaken, while it is read again', async () => {
  const { snapshots, address, readings, first } = slowGround();
  expect(await first()).toMatchObject({ ok: true, value: { data: { words: ['one'] }, stale: false } });
  const heard: Snapshot[] = [];
  const end = snapshots.watch(address, (snapshot) => heard.push(snapshot));
  snapshots.changed();
  expect(await snapshots.soon(address)).toMatchObject({
    ok: true,
    value: { data: { words: ['one'] }, stale: true, overtaken: true, asOf: NOW },
  });
  // Whoever cannot be told of what comes later gets it when it is there, and nobody is told of the old as of something new.
  const waiting = snapshots.get(address);
  expect(heard).toEqual([]);
  readings[1]?.('two');
  const reading = await waiting;
  expect(reading).toMatchObject({ ok: true, value: { data: { words: ['two'] }, stale: false } });
  expect(reading.ok && reading.value.overtaken).toBe(undefined);
  expect(heard.map(({ data, stale }) => [data, stale])).toEqual([[{ words: ['two'] }, false]]);
  expect(await snapshots.soon(address)).toEqual(reading);
  end();
});

it('gives whoever looks what is read within their patience', async () => {
  const { snapshots, address, say, get } = ground();
  await get();
  say('two');
  snapshots.changed();
  const reading = await snapshots.soon(address);
  expect(reading).toMatchObject({ ok: true, value: { data: { words: ['two'] }, stale: false } });
});

it('gives no old verdict to whoever looks: what was read too long ago is not known any more', async () => {
  const { app, snapshots, address, first } = slowGround({ outdated: () => ({ words: ['no data'] }) });
  await first();
  app.clock.set(addSeconds(NOW, 15 * 60 + 1));
  expect(await snapshots.soon(address)).toMatchObject({
    ok: true,
    value: { data: { words: ['no data'] }, stale: true, overtaken: true },
  });
});

it('waits for the reading that a change began, also when somebody watches the page', async () => {
  const { get, say, snapshots, address } = ground();
  await get();
  const end = snapshots.watch(address, () => undefined);
  say('two');
  snapshots.changed();
  expect((await get()).data).toEqual({ words: ['two'] });
  end();
});

it('tells those who watch of what is new at once', async () => {
  const { get, say, snapshots, address } = ground();
  const heard = Promise.withResolvers<Snapshot>();
  await get();
  const end = snapshots.watch(address, (snapshot) => heard.resolve(snapshot));
  say('two');
  snapshots.changed();
  expect((await heard.promise).data).toEqual({ words: ['two'] });
  end();
});

it('shows the last reading as stale, with the reason, when the next one fails', async () => {
  const { app, snapshots, failures, versions } = ground();
  let fails = false;
  const page = madePage({
    read: async () => {
      if (fails) throw new Error('the forge is away');
      return succeed({ view: { words: ['good'] }, asOf: NOW, stale: false });
    },
  });
  const address = { page, params: {}, query: {} };
  await snapshots.get(address);
  fails = true;
  app.clock.set(addSeconds(NOW, 10));
  snapshots.changed();
  const reading = await snapshots.get(address);
  expect(reading).toMatchObject({
    ok: true,
    value: { data: { words: ['good'] }, stale: true, asOf: NOW, failure: { text: 'the forge is away' } },
  });
  expect(failures).toHaveLength(1);
  expect(versions).toHaveLength(1);
});

it('says why a page cannot be read at all, and what use cases refuse', async () => {
  const { snapshots } = ground();
  const broken = madePage({ name: 'broken', read: () => Promise.reject(new Error('away')) });
  expect(await snapshots.get({ page: broken, params: {}, query: {} })).toMatchObject({
    ok: false,
    problems: [{ kind: 'no-data', code: 'page-unread' }],
  });
  const problem = { kind: 'usage', code: 'release-unknown', text: 'There is no release 9.9.9.' } as const;
  const refusing = madePage({ name: 'refusing', read: async () => refuse(problem) });
  expect(await snapshots.get({ page: refusing, params: {}, query: {} })).toEqual({ ok: false, problems: [problem] });
});

it('keeps so many pages at most, and those that are watched', async () => {
  const { snapshots, page } = ground();
  const at = (release: string) => ({ page, params: { release }, query: {} });
  snapshots.watch(at('watched'), () => undefined);
  for (const release of ['a', 'b', 'c', 'd', 'e']) await snapshots.get(at(release));
  expect(snapshots.size).toBe(3);
});

it('knows a page by what decides on its reading, and by nothing else', () => {
  const page = madePage({ reads: ['for'] });
  const key = (query: Record<string, string>) => keyOf({ page, params: {}, query });
  expect(key({ for: 'ana', open: 'row' })).toBe(key({ open: 'other', for: 'ana' }));
  expect(key({ for: 'ana' })).not.toBe(key({ for: 'ben' }));
  expect(key({ for: 'ana' })).not.toBe(key({}));
});

it('marks what was shown when it cannot be read any more, and answers no for what is not there any more', async () => {
  const { app } = ground();
  const no = { kind: 'no-data', code: 'store-away', text: 'The store is away.' } as const;
  let answer: Awaited<ReturnType<Page['read']>> = succeed({ view: { words: ['good'] }, asOf: NOW, stale: false });
  const snapshots = new Snapshots({ app, failed: () => undefined });
  const address = { page: madePage({ read: async () => answer }), params: {}, query: {} };
  const seen: Snapshot[] = [];
  snapshots.watch(address, (snapshot) => void seen.push(snapshot));
  await snapshots.get(address);
  answer = refuse(no);
  snapshots.changed();
  const kept = { ok: true, value: { data: { words: ['good'] }, stale: true, failure: { text: no.text } } };
  expect(await snapshots.get(address)).toMatchObject(kept);
  const gone = { kind: 'usage', code: 'release-unknown', text: 'There is no release 9.9.9.' } as const;
  answer = refuse(gone);
  snapshots.changed();
  expect(await snapshots.get(address)).toEqual({ ok: false, problems: [gone] });
  // Whoever looks at it is told in both cases.
  expect(seen.map(({ failure }) => failure?.text ?? null)).toEqual([null, no.text, gone.text]);
  expect(await snapshots.get(address)).toEqual({ ok: false, problems: [gone] });
});

it('does not believe what was read too long ago and cannot be read again: its verdicts are not known any more', async () => {
  let isDown = false;
  const { app, get, snapshots, address, failures } = ground({
    read: async () => {
      if (isDown) throw new Error('the database is away');
      return succeed({ view: { words: ['pass'] }, asOf: NOW, stale: false });
    },
    outdated: () => ({ words: ['no data'] }),
  });
  const seen: Snapshot[] = [];
  await get();
  snapshots.watch(address, (snapshot) => void seen.push(snapshot));
  isDown = true;
  app.clock.set(addSeconds(NOW, 600));
  snapshots.refresh();
  await vi.waitFor(() => expect(seen.at(-1)?.failure?.text).toBe('the database is away'));
  expect((await get()).data).toEqual({ words: ['pass'] });
  app.clock.set(addSeconds(NOW, 3600));
  expect(await get()).toMatchObject({ data: { words: ['no data'] }, stale: true, readAt: NOW });
  expect(seen.at(-1)?.data).toEqual({ words: ['no data'] });
  expect(failures).not.toEqual([]);
  // As soon as it is read again it is known again.
  isDown = false;
  snapshots.changed();
  expect(await get()).toMatchObject({ data: { words: ['pass'] }, stale: false });
});

it('takes the verdicts off open pages when a reading never ends', async () => {
  let reads = 0;
  const { app, get, snapshots, address } = ground({
    read: () => {
      reads += 1;
      return reads === 1
        ? Promise.resolve(succeed({ view: { words: ['pass'] }, asOf: NOW, stale: false }))
        : new Promise(() => undefined);
    },
    outdated: () => ({ words: ['no data'] }),
  });
  const seen: Snapshot[] = [];
  await get();
  snapshots.watch(address, (snapshot) => void seen.push(snapshot));
  app.clock.set(addSeconds(NOW, 120));
  snapshots.refresh();
  app.clock.set(addSeconds(NOW, 3600));
  snapshots.refresh();
  snapshots.refresh();
  expect(seen.map(({ data }) => data)).toEqual([{ words: ['no data'] }]);
});

it('waits for the reading where nobody looked for so long that what there is must not be believed', async () => {
  const { app, get, say } = ground();
  await get();
  say('two');
  app.clock.set(addSeconds(NOW, 3600));
  expect((await get()).data).toEqual({ words: ['two'] });
});
