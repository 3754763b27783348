import { describe, expect, it } from 'vitest';
import { CalendarView } from '../../api/views/calendar.ts';
import { textOfDoc } from '../../testing/doc-text.ts';
import { roomOf } from '../../testing/pick-views.ts';
import { calendarDoc } from './calendar.ts';

const date = (what: string, on: string | null, changes: Record<string, unknown> = {}) => ({
  line: '2.8',
  what,
  release: what === 'patch' ? '2.8.1' : '2.8.0',
  on,
  state: 'fixed',
  shown: on ?? 'Not planned',
  was: null,
  ...changes,
});
const deadline = (changes: Record<string, unknown>) => ({
  line: '2.8',
  id: 'M4',
  title: 'Final candidate',
  owner: null,
  patch: null,
  tentative: false,
  due: '2026-06-20T17:00:00Z',
  earliest: null,
  latest: null,
  passed: false,
  ...changes,
});
const viewOf = (changes: Record<string, unknown> = {}): CalendarView =>
  CalendarView.parse({ title: 'Acme', dates: [], deadlines: [], slips: [], ...changes });

describe('the calendar', () => {
  const dates = [
    date('cut', '2026-06-01'),
    date('release', '2026-07-01', { was: '2026-06-24' }),
    date('patch', '2026-08', { state: 'tentative' }),
    date('patch', null, { state: 'not-planned', release: '2.8.2' }),
  ];

  it('draws what is near: the time from cut to release, each day, a month as long as it is', () => {
    const { blocks } = calendarDoc(viewOf({ dates }), roomOf());
    const spans = blocks.flatMap((block) =>
      block.kind === 'picture' && block.picture.kind === 'timeline' ? block.picture.spans : [],
    );
    expect(spans.map(({ name, from, to, state }) => [name, from.slice(0, 10), to.slice(0, 10), state])).toEqual([
      ['2.8 cut to release', '2026-06-01', '2026-07-01', 'running'],
      ['2.8 branch cut', '2026-06-01', '2026-06-01', 'pass'],
      ['2.8.0 release day', '2026-07-01', '2026-07-01', 'queued'],
      ['2.8.1 patch release, tentative', '2026-08-01', '2026-08-31', 'queued'],
    ]);
    expect(spans[2]?.was).toBe('2026-06-24T00:00:00Z');
  });

  it('tells deadlines with the time left, the unknown ones as a span of days, and those that are past', () => {
    const deadlines = [
      deadline({ owner: 'otto' }),
      deadline({ id: 'P1', due: null, earliest: '2026-08-01', latest: '2026-08-31', tentative: true }),
      deadline({ id: 'M3', passed: true, due: '2026-06-01T17:00:00Z' }),
    ];
    const text = textOfDoc(calendarDoc(viewOf({ dates, deadlines }), roomOf({ line: '2.8' })));
    expect(text).toContain(
      '[queued] to come | 2.8 M4 | Final candidate | <minute 2026-06-20T17:00:00Z> | <until 2026-06-20T17:00:00Z> | otto',
    );
    expect(text).toContain('[queued] tentative | 2.8 P1 | Final candidate | 1 Aug to 31 Aug |');
    expect(text).toContain('[skipped] past | 2.8 M3');
    expect(textOfDoc(calendarDoc(viewOf({ dates, deadlines }), roomOf()))).not.toContain('2.8 M3');
  });

  it('tells every move with who moved it and why', () => {
    const slips = [
      {
        line: '2.8',
        what: 'release',
        release: '2.8.0',
        from: '2026-06-24',
        to: '2026-07-01',
        days: 7,
        on: '2026-06-05',
        by: 'rita',
        why: '<b>a blocker</b>',
      },
    ];
    expect(textOfDoc(calendarDoc(viewOf({ dates, slips }), roomOf()))).toContain(
      '2.8.0 release day | 2026-06-24 | 2026-07-01 | +7 d | 5 Jun | @rita | <b>a blocker</b>',
    );
  });

  it('says why it is empty', () => {
    const text = textOfDoc(calendarDoc(viewOf(), roomOf()));
    expect(text).toContain('No deadline is to come.');
    expect(text).toContain('The calendar has no dates near today.');
    expect(text).toContain('None of these dates was moved.');
    expect(calendarDoc(viewOf(), roomOf({ line: '<b>' })).command).toBe('signalbox calendar show');
  });
});
