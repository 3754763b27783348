import { describe, expect, it } from 'vitest';
import { Instant } from '../../domain/instant.ts';
import { known, unknown } from '../../domain/observation.ts';
import { RELEASE, smallTrain } from '../../testing/small-train.ts';
import { decideReleased, decideStableVerified, dueRechecks, nextRecheck, type ShownPlace } from './released.ts';

const NOW = Instant.parse('2026-07-28T16:00:00Z');
const judging = { train: smallTrain(), waivers: [], now: NOW };
const place = (changes: Partial<ShownPlace> = {}) =>
  known<ShownPlace>({ where: 'stable', wanted: 3, faults: [], surplus: [], ...changes }, NOW, 'channel stable');
const judge = (...places: Parameters<typeof decideReleased>[0]['places'][number][]) =>
  decideReleased({ release: RELEASE, obstacle: null, places }, judging);

describe('released', () => {
  it('passes when every place shows all of it and nothing else', () => {
    expect(judge(place(), place({ where: 'stable#1' }))).toMatchObject({
      verdict: 'pass',
      summary: '6 in 2 places, each as everybody sees it',
    });
  });

  it('is queued while a place shows nothing of it, and failing once it shows a part or something else', () => {
    const faults = ['a', 'b', 'c'].map((name) => `${name} is not there`);
    expect(judge(place(), place({ faults }))).toMatchObject({ verdict: 'queued' });
    expect(judge(place({ faults: faults.slice(1) }))).toMatchObject({
      verdict: 'failing',
      summary: 'stable: 2 of 3 not as they should be',
    });
    expect(judge(place({ surplus: ['torch-2.8.0+cu999.whl'] }))).toMatchObject({
      verdict: 'failing',
      summary: 'stable: 1 that nobody decided on',
      evidence: [{ text: 'stable: torch-2.8.0+cu999.whl is there, and nobody decided on it' }],
    });
  });

  it('is never green over a place that could not be read', () => {
    const gate = judge(place(), unknown('503', NOW, 'channel pypi'));
    expect(gate).toMatchObject({ verdict: 'no-data', summary: 'channel pypi could not be read: 503' });
    expect(judge()).toMatchObject({ verdict: 'queued', summary: 'the train names no public place' });
  });

  it('says what keeps it from being looked for', () => {
    const gate = decideStableVerified({ release: RELEASE, obstacle: 'no final candidate', places: [] }, judging);
    expect(gate).toMatchObject({ id: 'stable-verified', verdict: 'queued', summary: 'no final candidate' });
  });
});

const published = Instant.parse('2026-07-28T16:00:00Z');
const due = (at: string, taken: readonly string[] = []) => dueRechecks(published, new Set(taken), Instant.parse(at));

describe('looking again', () => {
  it('is due at once, after an hour, a day and 13 days, each once however late', () => {
    expect(due('2026-07-28T15:59:59Z')).toEqual([]);
    expect(due('2026-07-28T16:00:00Z')).toEqual(['at-once']);
    expect(due('2026-07-28T17:00:00Z', ['at-once'])).toEqual(['1-hour']);
    expect(due('2026-07-29T16:00:00Z', ['at-once'])).toEqual(['1-hour', '24-hours']);
    expect(due('2026-08-10T15:59:59Z', ['at-once', '1-hour', '24-hours'])).toEqual([]);
    expect(due('2026-08-10T16:00:00Z', ['at-once', '1-hour', '24-hours'])).toEqual(['13-days']);
    expect(due('2027-01-01T00:00:00Z', ['at-once', '1-hour', '24-hours', '13-days'])).toEqual([]);
  });

  it('tells which look is next', () => {
    expect(nextRecheck(published, new Set(['at-once']))).toEqual({ name: '1-hour', at: '2026-07-28T17:00:00.000Z' });
    expect(nextRecheck(published, new Set(['at-once', '1-hour', '24-hours', '13-days']))).toBeNull();
  });
});
