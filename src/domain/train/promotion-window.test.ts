import { expect, it } from 'vitest';
import { Instant } from '../instant.ts';
import { Promotion } from './promotion.ts';
import { openingAt } from './promotion-window.ts';

const { windows } = Promotion.parse({
  windows: [
    { days: ['mon', 'wed'], from: '15:00', to: '18:00' },
    { days: ['thu'], from: '08:00', to: '09:30' },
  ],
});
const at = (text: string) => openingAt(windows, Instant.parse(text));

it('is always open where the train has no windows', () => {
  expect(openingAt([], Instant.parse('2026-11-29T03:00:00Z'))).toEqual({ open: true });
});

// 8 June 2026 is a Monday.
it.each([
  ['from its first minute', '2026-06-08T15:00:00Z'],
  ['to before its last', '2026-06-08T17:59:59.999Z'],
  ['on another day of its own', '2026-06-10T16:00:00Z'],
  ['in another window', '2026-06-11T09:29:59Z'],
])('is open %s', (_case, moment) => {
  expect(at(moment)).toEqual({ open: true });
});

it.each([
  ['later the same day', '2026-06-08T14:59:59.999Z', '2026-06-08T15:00:00Z'],
  ['after its end, on the next of its days', '2026-06-08T18:00:00Z', '2026-06-10T15:00:00Z'],
  ['the nearest of two windows', '2026-06-10T18:00:00Z', '2026-06-11T08:00:00Z'],
  ['over the weekend', '2026-06-11T09:30:00Z', '2026-06-15T15:00:00Z'],
  ['over the end of the year', '2026-12-31T12:00:00Z', '2027-01-04T15:00:00Z'],
])('opens %s', (_case, moment, opens) => {
  expect(at(moment)).toEqual({ open: false, opens });
});

it('opens the same day of the next week where it is the only one and over for today', () => {
  const { windows: mondays } = Promotion.parse({ windows: [{ days: ['mon'], from: '15:00', to: '18:00' }] });
  const after = openingAt(mondays, Instant.parse('2026-06-08T18:00:00Z'));
  expect(after).toEqual({ open: false, opens: '2026-06-15T15:00:00Z' });
});
