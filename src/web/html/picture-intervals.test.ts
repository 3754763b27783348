import { expect, it } from 'vitest';
import type { Picture } from '../doc.ts';
import { pictureData } from '../picture-data.ts';
import { intervalsSvg } from './picture-intervals.tsx';
import { htmlOf } from './stage.ts';
import { roomOf } from '../../testing/doc-says.ts';

type Intervals = Extract<Picture, { readonly kind: 'intervals' }>;

const row = (name: string, value: number, state: Intervals['rows'][number]['state'] = 'pass') => ({
  name,
  low: value - 1,
  value,
  high: value + 1,
  state,
  word: state === 'failing' ? 'regression' : 'unchanged',
});
const picture = (...rows: Intervals['rows']): Intervals => ({ kind: 'intervals', unit: '%', limit: 5, rows });
const drawn = (...rows: Intervals['rows']): string => htmlOf(intervalsSvg(picture(...rows)).parts);

it('draws each interval between the thresholds, what is worse to the right, and says what it is', () => {
  const html = drawn(row('slow', 12, 'failing'), row('same', 0), row('fast', -10));
  const middles = [...html.matchAll(/<circle cx="([\d.]+)"/gu)].map(([, x]) => Number(x));
  const [low = 0, limit = 0] = [...html.matchAll(/<path d="M([\d.]+) 20V/gu)].map(([, x]) => Number(x));
  const [slow = 0, same = 0, fast = 0] = middles;
  expect(fast < low && low < same && same < limit && limit < slow).toBe(true);
  expect(html).toContain('+12 % regression');
  expect(html).toContain('class="interval over"');
  // 5 % worse the other way round is 4.76 % better.
  expect(html).toContain('>-4.76 %<');
  expect(html).toContain('>+5 %<');
});

it('keeps one that is wild within the picture, and draws nothing that is no number', () => {
  const html = drawn(row('wild', 4000, 'failing'), row('same', 0));
  const places = [...html.matchAll(/cx="([\d.]+)"/gu)].map(([, x]) => Number(x));
  expect(Math.max(...places)).toBeLessThanOrEqual(590);
  expect(html).not.toMatch(/NaN|Infinity/u);
  expect(drawn()).not.toMatch(/NaN|Infinity/u);
});

it('shows names as text, whatever is in them', () => {
  expect(drawn(row('<script>alert(1)</script>', 1))).not.toContain('<script>');
});

it('has all of it in a table and in a sentence', () => {
  const data = pictureData(picture(row('slow', 12, 'failing'), row('same', 0)), roomOf());
  expect(data.says).toBe('2 intervals, 1 of them wholly beyond 5 %');
  expect(data.rows[0]).toEqual(['slow', '12', '11', '13', { kind: 'state', state: 'failing', word: 'regression' }]);
});
