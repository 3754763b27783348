import { expect, it } from 'vitest';
import { CalendarDate, Instant } from '../../domain/instant.ts';
import { MonthOrDay } from '../../domain/month.ts';
import { Calendar } from '../../domain/train/calendar.ts';
import { SupportLine } from '../../domain/train/support.ts';
import { Line, ReleaseVersion } from '../../domain/version.ts';
import { smallTrain } from '../../testing/small-train.ts';
import { calendarFindings } from './calendar-findings.ts';
import { dateAt, datePlace, explainMove, isMoved, movedDate } from './move-date.ts';
import { explainCadence, proposeCadence } from './next-cadence.ts';
import { changedLine } from './support-change.ts';

const calendar = (cadence: Record<string, unknown>, milestones: readonly unknown[] = []) =>
  Calendar.parse({ cadence, milestones });
const line = (text: string) => Line.parse(text);
const release = (text: string) => ReleaseVersion.parse(text);
const date = (text: string) => MonthOrDay.parse(text);

function proposed(cadence: Record<string, unknown>, request: { cut?: string; from?: string } = {}) {
  const made = proposeCadence(calendar(cadence), {
    line: line('2.10'),
    from: request.from === undefined ? null : line(request.from),
    cut: request.cut === undefined ? null : date(request.cut),
  });
  if (!made.ok) return explainCadence(made.problems[0]);
  const { from, cut, release: out, patches } = made.value;
  const texts = [cut, out, ...patches].map((one) => (one.state === 'not-planned' ? '-' : `${one.on} ${one.state}`));
  return `${from}: ${texts.join(', ')}`;
}

const DAYS = {
  '2.8': { cut: { on: '2025-06-24' }, release: { on: '2025-07-30' } },
  '2.9': {
    cut: { on: '2025-09-09' },
    release: { on: '2025-10-15' },
    patches: [{ on: '2025-11-12' }, { state: 'not-planned' }],
  },
};
const MONTHS = {
  '2.8': { cut: { on: '2025-06' }, release: { on: '2025-07' } },
  '2.9': { cut: { on: '2025-09' }, release: { on: '2025-10' }, patches: [{ on: '2026-01' }] },
};

it.each([
  ['days where all are days', DAYS, {}, '2.9: 2025-11-25 tentative, 2025-12-31 tentative, 2026-01-28 tentative, -'],
  [
    'months where only months are known, over the end of a year',
    MONTHS,
    {},
    '2.9: 2025-12 tentative, 2026-01 tentative, 2026-04 tentative',
  ],
  [
    'from a given day',
    DAYS,
    { cut: '2026-02-02' },
    '2.9: 2026-02-02 tentative, 2026-03-10 tentative, 2026-04-07 tentative, -',
  ],
  [
    'a month and no day from a given month',
    DAYS,
    { cut: '2026-02' },
    '2.9: 2026-02 tentative, 2026-03 tentative, 2026-04 tentative, -',
  ],
  [
    'no day by distances of months',
    MONTHS,
    { cut: '2026-01-31' },
    '2.9: 2026-01-31 tentative, 2026-02 tentative, 2026-05 tentative',
  ],
])('proposes %s', (_name, cadence, request, expected) => {
  expect(proposed(cadence, request)).toBe(expected);
});

it.each([
  ['a line that is there', { ...DAYS, '2.10': DAYS['2.9'] }, {}, 'The calendar has 2.10 already'],
  ['an empty calendar', {}, {}, 'has no line before 2.10'],
  ['a line that is not there', DAYS, { from: '2.7' }, 'has no line 2.7 to take distances from. It has: 2.8, 2.9'],
  ['a line that comes later', { ...DAYS, '2.11': DAYS['2.9'] }, { from: '2.11' }, '2.11 does not come before 2.10'],
  ['no second cut', { '2.9': DAYS['2.9'] }, {}, '--cut 2026-03'],
  [
    'a release that is not planned',
    { '2.8': DAYS['2.8'], '2.9': { cut: { on: '2025-09' }, release: { state: 'not-planned' } } },
    {},
    'The release of 2.9 has no date',
  ],
])('refuses to propose from %s', (_name, cadence, request, said) => {
  expect(proposed(cadence, request)).toContain(said);
});

const MILESTONES = [
  { id: 'M3', title: 'Cut', anchor: 'cut' },
  { id: 'M4', title: 'Final', anchor: 'release', days: -9 },
  { id: 'M6', title: 'Release day', anchor: 'release' },
];

it.each([
  ['2.9.0', 'cut', { line: '2.9', what: 'cut', index: 0 }],
  ['2.9.0', 'm3', { line: '2.9', what: 'cut', index: 0 }],
  ['2.9.0', 'M6', { line: '2.9', what: 'release', index: 0 }],
  ['2.9.2', 'release', { line: '2.9', what: 'patch', index: 1 }],
  ['2.9.3', 'release', { line: '2.9', what: 'patch', index: 2 }],
])('%s %s is a date of the cadence', (of, milestone, place) => {
  expect(datePlace(calendar(DAYS, MILESTONES), release(of), milestone)).toEqual({ ok: true, value: place });
});

it.each([
  ['3.0.0', 'cut', 'The calendar has no dates of 3.0. It has: 2.8, 2.9'],
  ['2.9.0', 'M4', 'M4 is counted from the release (-9 days), and moves with it'],
  ['2.9.1', 'M3', '2.9.1 is a patch, and only minor releases are cut'],
  ['2.9.0', 'lunch\u001b[31m', 'is no date that can be moved. There are: cut, release, M3, M6'],
  ['2.9.4', 'release', 'The calendar plans 2 patches of 2.9'],
])('refuses %s %s', (of, milestone, said) => {
  const found = datePlace(calendar(DAYS, MILESTONES), release(of), milestone);
  expect(found.ok ? '' : explainMove(found.problems[0])).toContain(said);
});

const MOVE = {
  to: date('2025-11-19'),
  state: null,
  on: CalendarDate.parse('2025-10-20'),
  by: 'rita',
  why: 'late',
} as const;

it('keeps every move, and makes none of what was not planned or is there already', () => {
  const dates = calendar(DAYS);
  const first = movedDate(dateAt(dates, { line: line('2.9'), what: 'patch', index: 0 }), MOVE);
  expect(first).toEqual({
    on: '2025-11-19',
    state: 'fixed',
    moved: [{ on: '2025-10-20', from: '2025-11-12', to: '2025-11-19', by: 'rita', why: 'late' }],
  });
  const second = movedDate(first, { ...MOVE, to: date('2025-12') });
  expect(second.moved.map(({ from, to }) => `${from} ${to}`)).toEqual(['2025-11-12 2025-11-19', '2025-11-19 2025-12']);
  expect(movedDate(dateAt(dates, { line: line('2.9'), what: 'patch', index: 1 }), MOVE)).toEqual({
    on: '2025-11-19',
    state: 'tentative',
    moved: [],
  });
  expect(movedDate(undefined, { ...MOVE, state: 'fixed' })).toEqual({ on: '2025-11-19', state: 'fixed', moved: [] });
  expect(movedDate(first, MOVE)).toEqual(first);
  expect([
    isMoved(first, MOVE),
    isMoved(second, MOVE),
    isMoved(undefined, MOVE),
    isMoved(first, { ...MOVE, state: 'fixed' }),
  ]).toEqual([true, false, false, true]);
});

const NOW = Instant.parse('2025-06-01T00:00:00Z');

function found(cadence: Record<string, unknown>, of = '2.9') {
  const train = smallTrain(
    {},
    {
      calendar: {
        cadence,
        milestones: [
          ...MILESTONES,
          { id: 'P1', title: 'Picks end', anchor: 'patch', days: -14 },
          { id: 'M4.1', title: 'Drafts', anchor: 'release', days: -14 },
        ],
      },
      patches: { totalWeeks: { from: 4, to: 5 } },
      tutorials: { repo: 'acme/guides', label: '{line}' },
    },
  );
  return calendarFindings(train, line(of), NOW).map(({ code, text }) => `${code}: ${text}`);
}

it('finds nothing where the dates are sound', () => {
  expect(
    found({ '2.9': { cut: { on: '2025-09-09' }, release: { on: '2025-10-15' }, patches: [{ on: '2025-12-03' }] } }),
  ).toEqual([]);
});

it.each([
  [
    'a weekend',
    { '2.9': { cut: { on: '2025-09-06' }, release: { on: '2025-10-15' } } },
    'weekend: the cut of 2.9: 2025-09-06 is a Saturday',
  ],
  [
    'a date that is over',
    { '2.9': { cut: { on: '2025-04' }, release: { on: '2025-10-15' } } },
    'past: the cut of 2.9: 2025-04 is over',
  ],
  [
    'tutorials before the cut',
    { '2.9': { cut: { on: '2025-10-07' }, release: { on: '2025-10-15' } } },
    'tutorials: tutorials of 2.9 are due on 2025-10-01, before its cut in 2025-10-07',
  ],
  [
    'a release of which only the month is known',
    { '2.9': { cut: { on: '2025-09' }, release: { on: '2025-10' } } },
    'day-unknown: tutorials of 2.9 are due 14 days before its release, of which only the month is known',
  ],
  [
    'a patch that is made while the next minor is cut',
    {
      '2.9': { cut: { on: '2025-09-09' }, release: { on: '2025-10-15' }, patches: [{ on: '2025-12-03' }] },
      '2.10': { cut: { on: '2025-12-01' }, release: { on: '2026-01' } },
    },
    'patch-overlaps-cut: the cut of 2.10 (2025-12-01) falls into the 5 weeks in which 2.9.1 (2025-12-03) is made',
  ],
  [
    'a patch of the line before',
    {
      '2.8': { cut: { on: '2025-06-24' }, release: { on: '2025-07-30' }, patches: [{ on: '2025-09' }] },
      '2.9': { cut: { on: '2025-09-09' }, release: { on: '2025-10-15' } },
    },
    'patch-overlaps-cut: perhaps: the cut of 2.9 (2025-09-09) falls into the 5 weeks in which 2.8.1 (2025-09) is made',
  ],
  [
    'picks that end before there is anything to pick for',
    { '2.9': { cut: { on: '2025-09-09' }, release: { on: '2025-10-15' }, patches: [{ on: '2025-10-22' }] } },
    'deadline-before-cut: P1 of 2.9.1 (Picks end) is due on 2025-10-08, before 2.9.0',
  ],
])('finds %s', (_name, cadence, said) => {
  expect(found(cadence)).toContain(said);
});

const MATRIX = SupportLine.parse({
  python: { from: '3.9', to: '3.13', experimental: ['3.13t'] },
  builds: {
    stable: [{ versions: ['11.8', '12.4'], companion: '9.1' }, { versions: ['12.6'] }],
    rocm: [{ versions: ['6.3'] }],
  },
});
const COLUMNS = [
  { id: 'stable', kind: 'builds' as const, title: 'CUDA', accelerator: 'CUDA', stage: 'stable' as const },
  { id: 'rocm', kind: 'builds' as const, title: 'ROCm', accelerator: 'ROCm', stage: 'stable' as const },
];
const end = (which: 'from' | 'to', value: string) => ({ kind: 'python-range' as const, end: which, value });

it.each([
  ['the newest of several ends', [end('to', '3.14'), end('to', '3.15')], { python: { to: '3.15' } }],
  ['the start moved forth', [end('from', '3.10'), end('from', '3.10')], { python: { from: '3.10' } }],
  [
    'the start moved back to the oldest that lives',
    [end('from', '3.7'), end('from', '3.8')],
    { python: { from: '3.7' } },
  ],
  [
    'one version less',
    [{ kind: 'drop-accelerator' as const, accelerator: 'CUDA', version: '11.8' }],
    { builds: { stable: [{ versions: ['12.4'] }, { versions: ['12.6'] }], rocm: [{ versions: ['6.3'] }] } },
  ],
  [
    'an experimental Python less',
    [{ kind: 'drop-experimental-python' as const, python: '3.13t' }],
    { python: { experimental: [] } },
  ],
])('makes of changes %s', (_name, changes, made) => {
  expect(changedLine({ columns: COLUMNS }, MATRIX, changes)).toMatchObject(made);
});
