import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CalendarDate, epochMillis, Instant, instantOf } from './instant.ts';
import {
  isQuiet,
  localTime,
  minuteOfDay,
  momentsOf,
  nextAt,
  outsideQuiet,
  QuietHours,
  TimeOfDay,
  TimeZone,
  Weekday,
  weekdayOf,
} from './local-time.ts';

const zone = (name: string) => TimeZone.parse(name);
const time = (text: string) => TimeOfDay.parse(text);
const day = (text: string) => CalendarDate.parse(text);
const MINUTE = 60_000;

/** Zones that set their clocks by an hour, by half of one, at midnight, southward, and not at all; one left a whole day out. */
const ZONES = [
  'UTC',
  'America/Los_Angeles',
  'Europe/Berlin',
  'Australia/Lord_Howe',
  'America/Havana',
  'Asia/Kathmandu',
  'Pacific/Apia',
  'Pacific/Kiritimati',
].map(zone);
const anyZone = fc.constantFrom(...ZONES);
const anyTime = fc
  .integer({ min: 0, max: 1439 })
  .map((minute) => time(`${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`));
const anyMoment = fc
  .integer({ min: Date.UTC(2011, 11, 1) / MINUTE, max: Date.UTC(2032, 0, 1) / MINUTE })
  .map((minutes) => instantOf(minutes * MINUTE));
const anyQuiet = fc.record({ from: anyTime, to: anyTime });

describe('a moment on a clock of a zone', () => {
  it.each([
    ['America/Los_Angeles', '2025-03-09', '01:59', ['2025-03-09T09:59:00.000Z']],
    // The clock goes from 02:00 to 03:00.
    ['America/Los_Angeles', '2025-03-09', '02:30', ['2025-03-09T10:30:00.000Z']],
    ['America/Los_Angeles', '2025-03-09', '03:00', ['2025-03-09T10:00:00.000Z']],
    // The clock goes from 02:00 back to 01:00.
    ['America/Los_Angeles', '2025-11-02', '01:30', ['2025-11-02T08:30:00.000Z', '2025-11-02T09:30:00.000Z']],
    ['Europe/Berlin', '2025-10-26', '02:00', ['2025-10-26T00:00:00.000Z', '2025-10-26T01:00:00.000Z']],
    ['Asia/Kathmandu', '2025-06-01', '09:00', ['2025-06-01T03:15:00.000Z']],
    ['UTC', '2024-02-29', '00:00', ['2024-02-29T00:00:00.000Z']],
  ])('of %s, %s %s', (name, date, at, moments) => {
    expect(momentsOf(zone(name), day(date), time(at))).toEqual(moments);
  });

  it('shows what was asked for, or what the clock jumped to, in every zone', () => {
    fc.assert(
      fc.property(anyZone, anyMoment, anyTime, (where, moment, at) => {
        const { date } = localTime(where, moment);
        for (const found of momentsOf(where, date, at)) {
          const shown = localTime(where, found);
          const isRight = shown.date === date ? shown.minute >= minuteOfDay(at) : shown.date > date;
          expect(isRight).toBe(true);
        }
      }),
    );
  });

  it('is read back from what it shows', () => {
    fc.assert(
      fc.property(anyZone, anyMoment, (where, moment) => {
        const { date, minute } = localTime(where, moment);
        const shown = `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
        expect(momentsOf(where, date, time(shown))).toContain(moment);
      }),
    );
  });

  it('refuses zones that there are none of', () => {
    for (const wrong of ['Mars/Olympus', '', '../etc', 'Europe/Berlin\n', '+02:00'])
      expect(TimeZone.safeParse(wrong).success).toBe(false);
  });
});

describe('the next time of day', () => {
  it('comes after now, within nine days, on a day that counts', () => {
    fc.assert(
      fc.property(
        anyZone,
        anyMoment,
        anyTime,
        fc.subarray(Weekday.options, { minLength: 1 }),
        (where, moment, at, days) => {
          const next = nextAt(where, moment, at, days);
          expect(epochMillis(next)).toBeGreaterThan(epochMillis(moment));
          expect(epochMillis(next) - epochMillis(moment)).toBeLessThan(9 * 24 * 60 * MINUTE);
          const shown = localTime(where, next);
          // A jump of the clock over midnight may show the day after.
          expect(shown.minute !== minuteOfDay(at) || days.includes(weekdayOf(shown.date))).toBe(true);
        },
      ),
    );
  });

  it('is the second of two where the first is over', () => {
    const between = Instant.parse('2025-11-02T09:00:00Z');
    expect(nextAt(zone('America/Los_Angeles'), between, time('01:30'))).toBe('2025-11-02T09:30:00.000Z');
  });

  it('knows the days of the week', () => {
    expect(['1970-01-01', '2025-06-16', '2025-06-22'].map((date) => weekdayOf(day(date)))).toEqual([
      'thu',
      'mon',
      'sun',
    ]);
  });
});

describe('quiet hours', () => {
  const quiet = QuietHours.parse({ from: '22:00', to: '07:00' });
  it.each([
    ['2025-06-16T20:00:00Z', true],
    ['2025-06-16T19:59:00Z', false],
    ['2025-06-17T04:59:00Z', true],
    ['2025-06-17T05:00:00Z', false],
  ])('over midnight in Berlin: %s', (at, expected) => {
    expect(isQuiet(zone('Europe/Berlin'), quiet, Instant.parse(at))).toBe(expected);
  });

  it('that begin where they end are none', () => {
    const none = QuietHours.parse({ from: '08:00', to: '08:00' });
    expect(isQuiet(zone('UTC'), none, Instant.parse('2025-06-16T08:00:00Z'))).toBe(false);
  });

  it('are waited out, and no longer than a day and the jump of a clock', () => {
    fc.assert(
      fc.property(anyZone, anyMoment, anyQuiet, (where, moment, hours) => {
        const free = outsideQuiet(where, hours, moment);
        expect(isQuiet(where, hours, free)).toBe(false);
        expect(epochMillis(free)).toBeGreaterThanOrEqual(epochMillis(moment));
        expect(epochMillis(free) - epochMillis(moment)).toBeLessThanOrEqual(51 * 60 * MINUTE);
        expect(free === moment).toBe(!isQuiet(where, hours, moment));
      }),
      { numRuns: 300 },
    );
  });
});
