import { expect, it } from 'vitest';
import { Instant } from '../domain/instant.ts';
import { NOW } from '../testing/engine-world.ts';
import { madePage } from '../testing/made-page.ts';
import { memoryApp } from '../testing/memory-app.ts';
import type { Address } from './address.ts';
import type { Identity } from './guard.ts';
import { Showing } from './show.ts';
import type { Snapshot } from './snapshots.ts';

const address = (query: Address['query'] = {}): Address => ({
  page: madePage(),
  params: {},
  query,
  form: null,
  path: '/',
});

function snapshot(words: readonly string[], version = 'v1', changes: Partial<Snapshot> = {}): Snapshot {
  return { data: { words }, asOf: NOW, stale: false, version, readAt: NOW, failure: null, ...changes };
}

function person(login: string, ...roles: Identity['roles']): Identity {
  return { login, roles, how: 'session', scope: 'write' };
}

it('renders once for all whom nothing on the page is about, and who have the same roles', () => {
  const showing = new Showing(memoryApp());
  const of = snapshot(['one', 'Mona wrote this']);
  const first = showing.show(address(), of, person('finn'));
  expect(showing.show(address(), of, person('gina'))).toBe(first);
  expect(showing.show(address(), of, person('hugo', 'approver'))).not.toBe(first);
  expect(showing.show(address(), of, null)).not.toBe(first);
  expect(first.room.viewer?.login).not.toBe('finn');
});

it('renders of its own for whom the page, or its address, may be about, whatever the case of the name', () => {
  const showing = new Showing(memoryApp());
  const of = snapshot(['one', 'Mona wrote this']);
  expect(showing.show(address(), of, person('mona')).room.viewer).toEqual({ login: 'mona', roles: [] });
  expect(showing.show(address({ for: 'Finn' }), of, person('finn')).room.viewer?.login).toBe('finn');
  expect(showing.show(address(), of, person('finn')).room.viewer?.login).not.toBe('finn');
});

it('shows facts that were read again and are the same as they are, and new ones anew', () => {
  const app = memoryApp();
  const showing = new Showing(app);
  const first = showing.show(address(), snapshot(['one']), null);
  const later = Instant.parse('2025-07-12T15:00:00Z');
  expect(showing.show(address(), snapshot(['one'], 'v1', { asOf: later, readAt: later }), null)).toBe(first);
  const next = showing.show(address(), snapshot(['two'], 'v2'), null);
  expect(next.main()).toContain('two');
  app.clock.move(60);
  expect(showing.show(address(), snapshot(['two'], 'v2'), null)).not.toBe(next);
});

it('says since when it could not be read, by the moment of what is shown', () => {
  const showing = new Showing(memoryApp());
  const failure = { text: 'away.', at: NOW };
  const old = Instant.parse('2025-07-12T09:13:00Z');
  const main = showing.show(address(), snapshot(['one'], 'v1', { failure, asOf: old }), null).main();
  expect(main).toContain('away.');
  expect(main).toContain(old.slice(0, 16));
});

it('keeps no more text than it may, whatever is asked for', () => {
  const showing = new Showing(memoryApp());
  const words = Array.from({ length: 2_000 }, (_none, index) => `word ${index} ${'x'.repeat(1_000)}`);
  const shown = Array.from({ length: 20 }, (_none, index) => {
    const one = showing.show(address({ n: String(index) }), snapshot(words), null);
    expect(one.rows()).toHaveLength(words.length);
    return one;
  });
  expect(shown.reduce((sum, one) => sum + one.size(), 0)).toBeGreaterThan(24_000_000);
  const again = (index: number): boolean => {
    const found = showing.show(address({ n: String(index) }), snapshot(words), null);
    return found === shown[index];
  };
  expect(again(19)).toBe(true);
  expect(again(0)).toBe(false);
});

it('says of what was overtaken when it was read, and that it is another page than the new reading of the same', () => {
  const showing = new Showing(memoryApp());
  const fresh = snapshot(['one']);
  const overtaken = showing.show(address(), { ...fresh, stale: true, overtaken: true }, null);
  expect(overtaken.main()).toContain('Something happened since this was read at');
  expect(overtaken.main()).toContain('It is being read again');
  const shown = showing.show(address(), fresh, null);
  expect(shown.main()).not.toContain('Something happened');
  // By its version an open page knows that it lacks something.
  expect(shown.version).not.toBe(overtaken.version);
});
