import { describe, expect, it } from 'vitest';
import { dueBefore } from '../../../domain/due.ts';
import { Instant } from '../../../domain/instant.ts';
import { known, unknown } from '../../../domain/observation.ts';
import { Calendar } from '../../../domain/train/calendar.ts';
import { ReleaseVersion } from '../../../domain/version.ts';
import type { Tutorial } from './read.ts';
import { decideTutorials } from './decide.ts';

const RELEASE = ReleaseVersion.parse('2.8.0');
const AT = Instant.parse('2025-07-01T08:00:00Z');

const opened = (on: string) => Instant.parse(`${on}T09:00:00Z`);
function tutorial(number: number, change: Partial<Tutorial> = {}): Tutorial {
  const link = `https://forge.example/acme/tutorials/pull/${number}`;
  const openedAt = opened('2025-07-01');
  return { number, title: 'Use it', author: 'alice', openedAt, state: 'open', closedBy: null, link, ...change };
}

interface Given {
  readonly tutorials?: readonly Tutorial[] | string;
  /** The day it is. */
  readonly on?: string;
  /** The date in the calendar: 30 Jul 2025 unless told. */
  readonly date?: string | null;
  readonly release?: ReleaseVersion;
}

function gateOf({ tutorials = [], on = '2025-07-10', date = '2025-07-30', release = RELEASE }: Given) {
  const planned = date === null ? { state: 'not-planned' } : { on: date };
  const calendar = Calendar.parse({ cadence: { '2.8': { cut: { on: '2025-06' }, release: planned } } });
  return decideTutorials({
    release,
    chosen: { by: 'label', name: '2.8' },
    tutorials:
      typeof tutorials === 'string' ? unknown(tutorials, AT, 'forge') : known(tutorials, AT, 'forge acme/tutorials'),
    due: dueBefore(calendar, release, { before: 'release', days: 14 }),
    releaseDue: dueBefore(calendar, release, { before: 'release', days: 0 }),
    owners: ['dora', 'rita'],
    waivers: [],
    now: Instant.parse(`${on}T12:00:00Z`),
  });
}

// The release is on 30 Jul 2025, so they are due on 16 Jul.
describe('tutorials', () => {
  it.each<[string, Given, string, string]>([
    [
      'is pending before the day, with how many are left',
      { tutorials: [tutorial(1), tutorial(2, { state: 'merged' })] },
      'queued',
      '1 of 2 tutorials merged; 1 left; due 16 Jul, in 6 d',
    ],
    [
      'is in time on its day',
      { tutorials: [tutorial(1, { openedAt: opened('2025-07-16') })], on: '2025-07-16' },
      'queued',
      '0 of 1 tutorial merged; 1 left; due 16 Jul, today',
    ],
    [
      'is open once all are merged',
      { tutorials: [tutorial(1, { state: 'merged' })], on: '2025-07-20' },
      'pass',
      '1 of 1 tutorial merged',
    ],
    [
      'waits for the review of what was submitted in time',
      { tutorials: [tutorial(1)], on: '2025-07-17' },
      'running',
      '0 of 1 tutorial merged; 1 under review, submitted in time; merged by the release, due 30 Jul, in 13 d',
    ],
    [
      'is shut by what was submitted too late, and names it with its author',
      {
        tutorials: [tutorial(1, { state: 'merged' }), tutorial(7, { openedAt: opened('2025-07-17') })],
        on: '2025-07-18',
      },
      'failing',
      '1 of 2 tutorials merged; 1 late: #7 @alice',
    ],
    [
      'takes a draft for nothing that can be reviewed',
      { tutorials: [tutorial(7, { state: 'draft' })], on: '2025-07-17' },
      'failing',
      '0 of 1 tutorial merged; 1 late: #7 @alice',
    ],
    [
      'is shut by what is not merged when the release is out',
      { tutorials: [tutorial(7)], on: '2025-07-31' },
      'failing',
      '0 of 1 tutorial merged; 1 late: #7 @alice',
    ],
    [
      'believes a person who closed one',
      { tutorials: [tutorial(1, { state: 'merged' }), tutorial(2, { state: 'closed', closedBy: 'alice' })] },
      'pass',
      '1 of 1 tutorial merged',
    ],
    [
      'does not believe a machine that closed one for its age',
      { tutorials: [tutorial(1, { state: 'merged' }), tutorial(2, { state: 'closed', closedBy: 'stale[bot]' })] },
      'needs-you',
      '1 of 2 tutorials merged; closed by no person: #2',
    ],
    [
      'does not pass where the forge does not say who closed it',
      { tutorials: [tutorial(2, { state: 'closed' })] },
      'needs-you',
      '0 of 1 tutorial merged; closed by no person: #2',
    ],
    [
      'does not pass on nothing but closed ones',
      { tutorials: [tutorial(2, { state: 'closed', closedBy: 'alice' })] },
      'needs-you',
      '1 tutorial, all closed without being merged',
    ],
    [
      'does not pass on none: nobody may have put the label on',
      { on: '2025-07-20' },
      'needs-you',
      'no pull request has the label "2.8"; due 16 Jul, 4 d late',
    ],
    ['waits while there are none yet', {}, 'queued', 'no pull request has the label "2.8" yet; due 16 Jul, in 6 d'],
    [
      'knows nothing where the forge cannot be read',
      { tutorials: 'GitHub answers 502' },
      'no-data',
      'could not be read: GitHub answers 502',
    ],
    [
      'knows nothing where the calendar has no date, whatever is merged',
      { tutorials: [tutorial(1, { state: 'merged' })], date: null },
      'no-data',
      'the calendar has no day of the release, so nobody knows what is late',
    ],
    [
      'is late in no month of which the day is not planned',
      { tutorials: [tutorial(1)], date: '2025-07' },
      'queued',
      '0 of 1 tutorial merged; 1 left; due between 17 Jun and 17 Jul, the day is not planned yet',
    ],
    [
      'is late after the last day of that month',
      { tutorials: [tutorial(1)], date: '2025-06' },
      'failing',
      '0 of 1 tutorial merged; 1 late: #1 @alice',
    ],
    [
      'asks nothing of a patch release',
      { tutorials: 'nobody was to look', release: ReleaseVersion.parse('2.8.1') },
      'skipped',
      'tutorials are for features, and 2.8.1 is a patch release',
    ],
  ])('%s', (_name, given, verdict, summary) => {
    expect(gateOf(given)).toMatchObject({ id: 'tutorials', verdict, summary, owners: ['dora', 'rita'] });
  });

  it('lists the late ones first, with author and link, whatever their titles hold', () => {
    const title = `\u001b[2J${'long '.repeat(100_000)}`;
    const late = tutorial(9, { openedAt: opened('2025-07-20'), title, author: 'mallory' });
    const gate = gateOf({ tutorials: [tutorial(1, { state: 'merged' }), late], on: '2025-07-21' });
    expect(gate.evidence.map(({ text, link }) => `${text.slice(0, 20)}…${text.slice(-40)} ${link ?? ''}`)).toEqual([
      'late: #9 \ufffd[2Jlong lo…on..., by @mallory (open, opened 20 Jul) https://forge.example/acme/tutorials/pull/9',
      'merged: #1 Use it, b…merged: #1 Use it, by @alice https://forge.example/acme/tutorials/pull/1',
    ]);
    expect(gate.evidence[0]?.text.length).toBeLessThan(200);
  });

  it('lists every late one, though the summary names five', () => {
    const tutorials = Array.from({ length: 30 }, (_none, index) => tutorial(index + 1));
    const gate = gateOf({ tutorials, on: '2025-08-01' });
    expect(gate.summary).toContain('30 late: #1 @alice, #2 @alice, #3 @alice, #4 @alice, #5 @alice and 25 more');
    expect(gate.evidence).toHaveLength(30);
  });
});
