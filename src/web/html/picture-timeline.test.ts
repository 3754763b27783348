import { expect, it } from 'vitest';
import { Instant } from '../../domain/instant.ts';
import { htmlOf } from './stage.ts';
import { timelineSvg } from './picture-timeline.tsx';

const at = (day: string): Instant => Instant.parse(`2026-${day}T00:00:00Z`);
const room = { now: at('07-10'), viewer: null, holders: {}, query: {}, past: null };

it('names a moment at the right edge before it, so that nothing of it is cut off', () => {
  const { parts } = timelineSvg(
    {
      kind: 'timeline',
      now: at('07-10'),
      spans: [
        { lane: '2.8', name: '2.8 branch cut', from: at('06-01'), to: at('06-01'), state: 'pass' },
        { lane: '2.8', name: '2.8.0 release day', from: at('07-30'), to: at('07-30'), state: 'queued' },
      ],
    },
    room,
  );
  const texts = [...htmlOf(parts).matchAll(/<text x="([\d.]+)"[^>]*text-anchor="(\w+)"[^>]*>([^<]*)/gu)];
  expect(texts.map(([, , anchor, name]) => [anchor, name])).toEqual([
    ['start', '2.8 branch cut'],
    ['end', '2.8.0 release day'],
  ]);
});
