import { expect, it } from 'vitest';
import { Instant } from '../instant.ts';
import { MonthOrDay } from '../month.ts';
import { plannedDayText } from './planned-day.ts';

const now = Instant.parse('2025-07-12T14:00:00Z');
const day: Parameters<typeof plannedDayText>[0] = { on: MonthOrDay.parse('2025-06-24'), state: 'fixed', moved: [] };

it('says that what was to be done by a day is late only as long as it is not done', () => {
  expect(plannedDayText(day, now)).toBe('Tue 24 Jun, 18 d late');
  expect(plannedDayText(day, now, true)).toBe('Tue 24 Jun, done');
});
