import { expect, it } from 'vitest';
import { epochMillis } from '../../domain/instant.ts';
import { systemClock } from './clock.ts';

it('tells the time of this machine as an instant', () => {
  const before = Date.now();
  const now = epochMillis(systemClock().now());
  expect(now).toBeGreaterThanOrEqual(before);
  expect(now).toBeLessThanOrEqual(Date.now());
});
