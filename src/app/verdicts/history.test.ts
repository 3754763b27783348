import { expect, it } from 'vitest';
import { GateId } from '../../domain/gate.ts';
import { addSeconds } from '../../domain/instant.ts';
import { LedgerEvent } from '../../domain/ledger-event.ts';
import { ReleaseVersion } from '../../domain/version.ts';
import { memoryApp } from '../../testing/memory-app.ts';
import { endWaiver, waiveGate } from '../gates.ts';
import { judge } from '../judge.ts';
import { createRelease } from '../releases.ts';
import { burnDown, thinned, type CountsAt } from './burn-down.ts';
import { gateHistory, withSince } from './gate-history.ts';
import { NOTHING_KEPT, recordVerdicts } from './record.ts';

const RELEASE = ReleaseVersion.parse('2.8.0');

it('has decisions and verdicts of a gate in one list, newest first, and since when it is as it is', async () => {
  const app = memoryApp();
  await createRelease(app, RELEASE);
  const start = app.clock.now();
  const closed = (await judge(app, RELEASE, {})).gates.find(({ verdict }) => verdict === 'failing');
  if (closed === undefined) throw new Error('a gate of the small train fails');
  let kept = await recordVerdicts(app, RELEASE, NOTHING_KEPT);
  app.clock.move(600);
  const until = addSeconds(app.clock.now(), 3600);
  await waiveGate(app, { release: RELEASE, gate: closed.id, reason: 'known', until });
  app.clock.move(60);
  kept = await recordVerdicts(app, RELEASE, kept);
  app.clock.move(600);
  await endWaiver(app, { release: RELEASE, gate: closed.id, reason: 'it was mended' });
  kept = await recordVerdicts(app, RELEASE, kept);
  const history = await gateHistory(app, RELEASE, closed.id);
  expect(history.map(({ what, verdict, actor }) => [what, verdict, actor])).toEqual([
    ['turned', 'failing', 'ana'],
    ['waiver-ended', null, 'ana'],
    ['turned', 'waived', 'ana'],
    ['waived', null, 'ana'],
    ['turned', 'failing', 'ana'],
  ]);
  expect(history.at(-1)?.text).toMatch(/^was first seen as failing(, blocking)?: core has no candidate/u);
  expect(history[2]?.text).toMatch(/^turned from failing: /u);
  const ended = app.clock.now();
  app.clock.move(7200);
  const now = await judge(app, RELEASE, {});
  const gates = await withSince(app, RELEASE, now.gates);
  expect(gates.find(({ id }) => id === closed.id)?.since).toBe(closed.since ?? ended);
  const calm = gates.find(({ id, since }) => id !== closed.id && since !== null);
  expect(calm?.since).toBe(start);
  // A verdict that nobody has seen yet is not older than it is.
  const other = { ...closed, since: null, verdict: 'running' as const };
  expect(await withSince(app, RELEASE, [other])).toEqual([other]);
  expect((await burnDown(app, RELEASE)).map(({ at }) => at)).toHaveLength(3);
});

it('leaves the history of other gates and releases out', async () => {
  const app = memoryApp();
  await createRelease(app, RELEASE);
  await recordVerdicts(app, RELEASE, NOTHING_KEPT);
  expect(await gateHistory(app, RELEASE, GateId.parse('nobody-knows-it'))).toEqual([]);
  expect(await gateHistory(app, ReleaseVersion.parse('2.9.0'), 'people')).toEqual([]);
  expect(await burnDown(app, ReleaseVersion.parse('2.9.0'))).toEqual([]);
});

it('thins a long history to what a picture can show, and keeps its ends', () => {
  const start = memoryApp().clock.now();
  const counts = Array.from({ length: 1000 }, (_, index): CountsAt => ({
    at: addSeconds(start, index * index),
    blockers: 1000 - index,
    picks: null,
  }));
  const thin = thinned(counts, 60);
  expect(thin.length).toBeLessThanOrEqual(60);
  expect(thin.length).toBeGreaterThan(20);
  expect([thin[0], thin.at(-1)]).toEqual([counts[0], counts.at(-1)]);
  expect(thin.map(({ blockers }) => blockers)).toEqual(thin.map(({ blockers }) => blockers).toSorted((a, b) => b - a));
  expect(thinned(counts.slice(0, 60), 60)).toEqual(counts.slice(0, 60));
});

it('keeps no counts that are none', () => {
  const event = { type: 'gates-judged', release: '2.8.0', changes: [], blockers: -1, picks: null };
  expect(LedgerEvent.safeParse(event).success).toBe(false);
});
