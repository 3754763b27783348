import { describe, expect, it } from 'vitest';
import { cutOff } from './errors.ts';

const withCode = (code: string): Error => Object.assign(new Error(`write ${code}`), { code });

describe('a server that goes away while it lets us in', () => {
  it.each([
    ['before our greeting was written', withCode('EPIPE')],
    ['while it was written', withCode('ECONNRESET')],
    ['after it was written', new Error('Connection terminated unexpectedly')],
    ['at every address that was tried', new AggregateError([withCode('EPIPE')])],
  ])('is told as that: %s', (_when, error) => expect(cutOff(error)).toBe(true));

  it.each([
    ['nobody listens', withCode('ECONNREFUSED')],
    ['a refused password', withCode('28P01')],
    ['no error at all', 'EPIPE'],
  ])('is not mixed up with other failures: %s', (_what, error) => expect(cutOff(error)).toBe(false));
});
