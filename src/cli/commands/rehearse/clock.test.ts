import { expect, it } from 'vitest';
import { Instant } from '../../../domain/instant.ts';
import { storyClock } from './clock.ts';

it('begins so many days before the given clock, and goes on with it and by the days that pass', () => {
  let real = Instant.parse('2025-06-24T14:00:00Z');
  const clock = storyClock(() => real, 90);
  expect(clock.now()).toBe('2025-03-26T14:00:00.000Z');
  clock.later(14);
  real = Instant.parse('2025-06-24T14:01:00Z');
  expect(clock.now()).toBe('2025-04-09T14:01:00.000Z');
  expect(clock.ahead()).toBe(-76);
});
