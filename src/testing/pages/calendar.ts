/** A made-up calendar. */
import type { Doc, State, TimelineSpan } from '../../web/doc.ts';
import { NOW, day } from './parts.ts';

function span(lane: string, name: string, days: readonly [number, number, number?], state: State): TimelineSpan {
  const [from, to, was] = days;
  return { lane, name, from: day(from), to: day(to), state, ...(was === undefined ? {} : { was: day(was) }) };
}

export function calendar(): Doc {
  return {
    title: 'Calendar, train',
    heading: 'Calendar',
    tab: 'calendar',
    release: null,
    command: 'signalbox calendar show',
    blocks: [
      {
        kind: 'picture',
        id: 'cadence',
        caption: 'Releases over time',
        picture: {
          kind: 'timeline',
          now: NOW,
          spans: [
            span('2.7.2', 'triage', [-9, 5], 'running'),
            span('2.7.2', 'go or no-go', [5, 5], 'needs-you'),
            span('2.8.0', 'branch cut', [-18, -18], 'pass'),
            span('2.8.0', 'rc1', [-9, -9], 'pass'),
            span('2.8.0', 'rc2', [-3, -3], 'pass'),
            span('2.8.0', 'candidates', [-18, 9], 'running'),
            span('2.8.0', 'final', [9, 9, 2], 'queued'),
            span('2.8.0', 'release day', [18, 18], 'queued'),
            span('2.8.1', 'picks, tentative', [40, 62], 'queued'),
            span('2.9.0', 'branch cut', [45, 45], 'queued'),
          ],
        },
      },
      {
        kind: 'picture',
        id: 'growth',
        caption: 'Size of torch cp312 linux cu128',
        picture: {
          kind: 'lines',
          unit: 'MB',
          limit: { name: 'PyPI limit', value: 1000 },
          series: [
            {
              name: 'torch',
              points: [700, 741, 768, 790, 821, 834].map((value, at) => ({ at: `2.${3 + at}`, value })),
            },
            { name: 'before split', points: [720, 790, 880, 905].map((value, at) => ({ at: `2.${3 + at}`, value })) },
          ],
        },
      },
      {
        kind: 'picture',
        id: 'slips',
        caption: 'Days late by milestone and release',
        picture: {
          kind: 'heat',
          unit: 'd',
          columns: ['M1', 'M2', 'M3', 'M4', 'M5', 'M6'],
          rows: [
            { name: '2.6', values: [0, 0, 2, 5, 7, 7] },
            { name: '2.7', values: [0, 1, 0, 3, 2, 0] },
            { name: '2.8', values: [0, 0, 0, 7, null, null] },
          ],
        },
      },
      {
        kind: 'table',
        id: 'deadlines',
        caption: 'Deadlines of 2.8.0',
        empty: 'No deadlines.',
        columns: [
          { key: 'what', name: 'What' },
          { key: 'due', name: 'Due' },
          { key: 'left', name: 'Left', align: 'right' },
        ],
        groups: [
          {
            name: null,
            rows: [
              {
                key: 'M4',
                cells: [
                  'M4 branch final',
                  { kind: 'time', at: day(9), form: 'minute' },
                  { kind: 'time', at: day(9), form: 'until' },
                ],
              },
              {
                key: 'M4.1',
                cells: [
                  'M4.1 tutorial drafts',
                  { kind: 'time', at: day(-2), form: 'minute' },
                  { kind: 'time', at: day(-2), form: 'until' },
                ],
              },
            ],
          },
        ],
      },
    ],
  };
}
