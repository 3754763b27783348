import { parse } from 'yaml';
import { describe, expect, it } from 'vitest';
import { CalendarDate } from '../../domain/instant.ts';
import { PlannedDate } from '../../domain/train/calendar.ts';
import { ReleaseVersion } from '../../domain/version.ts';
import { patchTrain } from '../../testing/patch-world.ts';
import { pickTrain } from '../../testing/pick-train.ts';
import { calendarChange, explainSchedule, scheduleOf, type ScheduleRequest } from './schedule.ts';

const day = (text: string) => CalendarDate.parse(text);
const release = ReleaseVersion.parse('2.8.1');
const dates = (cut: string) => ({
  cadence: {
    '2.8': { cut: { on: '2026-05' }, release: { on: '2026-06-02' }, patches: [{ on: '2026-07', state: 'tentative' }] },
    '2.9': { cut: { on: cut }, release: { on: '2026-10' } },
  },
  milestones: [{ id: 'P1', title: 'Cherry-picks end', anchor: 'patch', days: -14 }],
});
const trainWith = (patches = {}, calendar: Record<string, unknown> = dates('2026-08')) =>
  pickTrain({}, patchTrain(patches, { calendar }));
const request = (more: Partial<ScheduleRequest> = {}): ScheduleRequest => ({
  release,
  today: day('2026-06-08'),
  from: null,
  weeks: null,
  ...more,
});
const scheduled = (train = trainWith(), more: Partial<ScheduleRequest> = {}) => {
  const found = scheduleOf(train, request(more));
  if (!found.ok) throw new Error(explainSchedule(found.problems[0]));
  return found.value;
};
const codes = (train = trainWith(), more: Partial<ScheduleRequest> = {}) =>
  scheduled(train, more).findings.map(({ code }) => code);

describe('the schedule of a patch release', () => {
  it('begins the day after the release and takes five weeks, in which each phase has its two', () => {
    const { start, day: out, weeks, phases, findings } = scheduled();
    expect([start, out, weeks]).toEqual(['2026-06-03', '2026-07-08', 5]);
    expect(phases.map(({ id, from, to }) => [id, from, to])).toEqual([
      ['triage', '2026-06-03', '2026-06-17'],
      ['go-no-go', '2026-06-10', '2026-06-10'],
      ['picks', '2026-06-10', '2026-06-24'],
      ['build-and-test', '2026-06-24', '2026-07-08'],
      ['ga', '2026-07-08', '2026-07-08'],
    ]);
    // Picks close two weeks before it comes out, as the calendar's own milestone says.
    expect(findings).toEqual([]);
  });

  it('takes six weeks one after another where that is asked for, and says that the train says less', () => {
    const { phases, findings } = scheduled(trainWith(), { weeks: 6 });
    expect(phases.map(({ from }) => from)).toEqual([
      '2026-06-03',
      '2026-06-17',
      '2026-06-17',
      '2026-07-01',
      '2026-07-15',
    ]);
    expect(findings).toEqual([{ code: 'total-weeks', text: 'it takes 6 weeks, and the train says 4 to 5' }]);
  });

  it('says in four weeks that the calendar closes picks before these phases do', () => {
    expect(scheduled(trainWith(), { weeks: 4 }).findings).toEqual([
      {
        code: 'picks-end-differs',
        text: 'the calendar closes picks on 2026-06-17 (P1), and these phases on 2026-06-24',
      },
    ]);
  });

  it.each([
    ['a day in it', '2026-06-20', ['next-cut-overlaps']],
    ['the day it comes out', '2026-07-08', ['next-cut-overlaps']],
    ['the day after', '2026-07-09', []],
    ['a month that it reaches into', '2026-07', ['next-cut-overlaps']],
    ['a month after', '2026-08', []],
    ['a day before', '2026-06-02', []],
  ] as const)('warns of the cut of the next minor on %s', (_name, cut, expected) => {
    expect(codes(trainWith({}, dates(cut)))).toEqual(expected);
  });

  it('warns of a cut that nobody knows, of a start that is assumed or too early, and of a weekend', () => {
    expect(codes(trainWith({}, {}))).toEqual(['start-assumed', 'next-cut-unknown']);
    expect(codes(trainWith(), { from: day('2026-06-02') })).toContain('before-the-release');
    expect(codes(trainWith(), { from: day('2026-06-06') })).toEqual(['weekend']);
  });

  it.each([
    ['a third patch where two are planned', { release: ReleaseVersion.parse('2.8.3') }, {}, 'too-many-patches'],
    ['three weeks', { weeks: 3 }, {}, 'weeks-do-not-fit'],
    ['more weeks than the phases take', { weeks: 7 }, {}, 'weeks-do-not-fit'],
    ['a day that is past', { today: day('2026-09-01') }, {}, 'day-is-past'],
    ['a train without phases', {}, { phases: [] }, 'no-phases'],
  ] as const)('refuses %s, with what to do', (_name, more, patches, code) => {
    const found = scheduleOf(trainWith(patches), request(more));
    expect(found).toMatchObject({ ok: false, problems: [{ code }] });
    expect(found.ok ? '' : explainSchedule(found.problems[0])).toMatch(/\.$|signalbox/u);
  });
});

/** As the train file is read. */
const planned = (text: string) => PlannedDate.parse(parse(text.replaceAll(/: (\d{4}-[\d-]+)/gu, ': "$1"')));

describe('what the calendar has to say', () => {
  const about = { by: 'rita', why: 'two regressions: "silent"', today: day('2026-06-08') };

  it('is a change that reads as a date of the train file, with the move from the month', () => {
    const change = calendarChange(trainWith(), { release, day: day('2026-07-08') }, about);
    expect(change).toMatchObject({
      path: 'calendar.cadence."2.8".patches[0]',
      before: '{ on: 2026-07, state: tentative }',
    });
    expect(planned(change?.after ?? '')).toMatchObject({
      on: '2026-07-08',
      state: 'fixed',
      moved: [{ from: '2026-07', to: '2026-07-08', by: 'rita', why: 'two regressions: "silent"' }],
    });
  });

  it('is nothing where it says so already, and a new date where it had none', () => {
    const calendar = dates('2026-08');
    calendar.cadence['2.8'].patches = [{ on: '2026-07-08', state: 'fixed' }];
    expect(calendarChange(trainWith({}, calendar), { release, day: day('2026-07-08') }, about)).toBeNull();
    const change = calendarChange(trainWith({}, {}), { release, day: day('2026-07-08') }, about);
    expect(change).toMatchObject({ before: 'nothing', after: '{ on: 2026-07-08 }' });
  });
});
