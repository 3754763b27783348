import { expect, it } from 'vitest';
import { CalendarDate, Instant } from './instant.ts';
import { ago, clockTime, due, dueDay, durationMillis, spanOfTime, tookText, weekdayText } from './time-text.ts';

const now = Instant.parse('2025-07-12T14:02:04Z');
const at = (text: string): Instant => Instant.parse(text);

it.each([
  [4_000, '4 s'],
  [12 * 60_000, '12 min'],
  [130 * 60_000, '2 h 10 min'],
  [5 * 3_600_000, '5 h'],
  [51 * 3_600_000, '2 d 3 h'],
  [18 * 86_400_000, '18 d'],
])('says %d ms as %s', (millis, text) => expect(spanOfTime(millis)).toBe(text));

it('says what is due, late, past and of another day or year', () => {
  expect(due(at('2025-07-14T17:02:04Z'), now)).toBe('in 2 d 3 h');
  expect(due(at('2025-07-10T14:02:04Z'), now)).toBe('2 d late');
  expect(ago(at('2025-07-12T14:02:00Z'), now)).toBe('4 s ago');
  expect(ago(at('2025-07-12T15:00:00Z'), now)).toBe('now');
  expect(clockTime(at('2025-07-12T09:05:00Z'), now)).toBe('09:05 UTC');
  expect(clockTime(at('2025-07-09T09:10:00Z'), now)).toBe('9 Jul 09:10 UTC');
  expect(clockTime(at('2024-12-31T23:59:59Z'), now)).toBe('31 Dec 2024 23:59 UTC');
  expect(weekdayText(CalendarDate.parse('2025-07-30'), now)).toBe('Wed 30 Jul');
  expect([
    dueDay(CalendarDate.parse('2025-07-30'), now),
    dueDay(CalendarDate.parse('2025-07-12'), now),
    dueDay(CalendarDate.parse('2025-07-10'), now),
  ]).toEqual(['in 18 d', 'today', '2 d late']);
});

it.each([
  ['90s', 90_000],
  ['15m', 900_000],
  ['24h', 86_400_000],
  ['7d', 604_800_000],
  ['soon', null],
  ['-1h', null],
  ['1', null],
])('reads the duration %s', (text, millis) => expect(durationMillis(text)).toBe(millis));

it('says how long a step took', () =>
  expect([tookText(1_200), tookText(61_000), tookText(130_000)]).toEqual(['1.2 s', '61 s', '2 min 10 s']));
