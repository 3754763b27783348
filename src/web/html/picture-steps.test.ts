import { expect, it } from 'vitest';
import { addSeconds, Instant } from '../../domain/instant.ts';
import type { Picture } from '../doc.ts';
import { stepsSvg } from './picture-steps.tsx';
import { htmlOf } from './stage.ts';

type Steps = Extract<Picture, { readonly kind: 'steps' }>;

const START = Instant.parse('2026-07-01T00:00:00Z');
const day = (days: number): Instant => addSeconds(START, days * 86_400);
const room = { now: day(10), viewer: null, holders: {}, query: {}, past: null };

const drawn = (changes: Partial<Steps>): string =>
  htmlOf(stepsSvg({ kind: 'steps', unit: '', series: [], marks: [], now: day(10), ...changes }, room).parts);

const points = (...values: readonly number[]) => values.map((value, index) => ({ at: day(index * 5), value }));

it('draws a value as long as it holds, to scale in time, and the last one until now', () => {
  const html = drawn({ series: [{ name: 'Open', points: [...points(4, 2), { at: day(6), value: 0 }] }] });
  const [, path = ''] = /<path d="(M[^"]+)"[^>]*class="stairs"/u.exec(html) ?? [];
  expect(path).toBe('M44 33H307V108H359.6V183H570');
  expect(html).toContain('Open 0');
});

it('draws counts that are all nothing, one look alone, and no look at all', () => {
  expect(drawn({ series: [{ name: 'Open', points: points(0, 0) }] })).not.toMatch(/NaN|Infinity/u);
  expect(drawn({ series: [{ name: 'Open', points: [{ at: day(10), value: 3 }] }] })).not.toMatch(/NaN|Infinity/u);
  expect(drawn({})).not.toMatch(/NaN|Infinity/u);
});

it('puts names of dates that are close together on lines of their own, none cut off at the edge', () => {
  const names = ['Branch cut', 'M3.1', 'M4', 'Release day'];
  const marks = names.map((name, index) => ({ name, at: index === 3 ? day(60) : day(index / 10) }));
  const html = drawn({ series: [{ name: 'Open', points: points(1) }], marks });
  const texts = [...html.matchAll(/<text x="([\d.]+)" y="(\d+)" text-anchor="(\w+)" class="axis">([^<]*)/gu)].filter(
    ([, , , , name = '']) => names.includes(name),
  );
  expect(texts.map(([, , y, , name]) => [name, y])).toEqual([
    ['Branch cut', '15'],
    ['M3.1', '30'],
    ['M4', '45'],
    ['Release day', '15'],
  ]);
  for (const [, x, , anchor, name = ''] of texts)
    expect(anchor === 'end' || Number(x) + name.length * 7 < 720).toBe(true);
});
