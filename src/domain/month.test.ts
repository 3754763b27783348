import { describe, expect, it } from 'vitest';
import { dateText, MonthOrDay, monthText, spanOf } from './month.ts';

const date = (text: string): MonthOrDay => MonthOrDay.parse(text);

describe('a date of which perhaps only the month is known', () => {
  it('is written by its month in tables', () => {
    expect([monthText(date('2025-07')), monthText(date('2025-07-30'))]).toEqual(['Jul 2025', 'Jul 2025']);
    expect([dateText(date('2025-07')), dateText(date('2025-07-03'))]).toEqual(['Jul 2025', '3 Jul 2025']);
  });

  it.each([
    ['2025-12', '2025-12-01', '2026-01-01'],
    ['2024-02', '2024-02-01', '2024-03-01'],
    ['2025-01', '2025-01-01', '2025-02-01'],
    ['2025-02-28', '2025-02-28', '2025-03-01'],
  ])('%s stands for the days from %s to before %s', (text, from, until) => {
    expect(spanOf(date(text))).toEqual({ from, until });
  });

  it.each(['2025-13', '2025-00', '2025-02-30', '2025', 'Jul 2025', '2025-7', ''])('refuses %j', (text) => {
    expect(MonthOrDay.safeParse(text).error?.issues[0]?.message).toBe(
      'neither a month nor a day: write 2025-07 or 2025-07-30',
    );
  });
});
