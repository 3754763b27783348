import { describe, expect, it } from 'vitest';
import { ReleaseVersion } from '../../domain/version.ts';
import { smallTrain } from '../../testing/small-train.ts';
import { syncSeries } from './syncs.ts';

const RELEASE = ReleaseVersion.parse('2.8.0');
const SYNC = { weekday: 'tue', at: '09:00', zone: 'America/Los_Angeles', minutes: 45 };
const moved = { on: '2026-02-01', from: '2026-03-19', to: '2026-03-26', by: 'rita', why: 'a blocker' };

function series(
  dates: Record<string, unknown> = { cut: { on: '2026-02-24' }, release: { on: '2026-03-26' } },
  launchSync: Record<string, unknown> | null = SYNC,
  release = RELEASE,
) {
  const rest = launchSync === null ? {} : { launchSync };
  return syncSeries(smallTrain({}, { ...rest, calendar: { cadence: { '2.8': dates } } }), release);
}
const meetingsOf = (found: ReturnType<typeof series>) => (found.known ? found.meetings : []);

describe('the series of syncs', () => {
  it('begins after the cut, goes on until the week of the release, and stays at its time when clocks are set', () => {
    expect(meetingsOf(series()).map(({ date, starts }) => `${date} ${starts.slice(11, 16)}`)).toEqual([
      '2026-03-03 17:00',
      '2026-03-10 16:00',
      '2026-03-17 16:00',
      '2026-03-24 16:00',
    ]);
    expect(meetingsOf(series())[0]).toMatchObject({
      id: 'acme-2.8.0-sync-2026-03-03',
      number: 1,
      ends: '2026-03-03T17:45:00.000Z',
      tentative: false,
    });
  });

  it('has its last meeting in the week of the release, also after its day', () => {
    const friday = meetingsOf(series(undefined, { ...SYNC, weekday: 'fri' }));
    expect(friday.at(-1)?.date).toBe('2026-03-27');
    const monday = meetingsOf(
      series({ cut: { on: '2026-02-24' }, release: { on: '2026-03-29' } }, { ...SYNC, weekday: 'mon' }),
    );
    expect(monday.at(-1)?.date).toBe('2026-03-23');
  });

  it('keeps the ids of its days when the release is moved', () => {
    const later = series({ cut: { on: '2026-02-24' }, release: { on: '2026-03-26', moved: [moved] } });
    const before = series({ cut: { on: '2026-02-24' }, release: { on: '2026-03-19' } });
    const ids = meetingsOf(before).map(({ id }) => id);
    expect(ids).toHaveLength(3);
    expect(
      meetingsOf(later)
        .map(({ id }) => id)
        .slice(0, 3),
    ).toEqual(ids);
    expect(later).toMatchObject({ revision: 1 });
  });

  it('is tentative while a date is', () => {
    const dates = { cut: { on: '2026-02-24' }, release: { on: '2026-03-26', state: 'tentative' } };
    expect(meetingsOf(series(dates)).every(({ tentative }) => tentative)).toBe(true);
  });

  it.each<[string, ReturnType<typeof series>, string]>([
    ['the train has no settings', series(undefined, null), 'the train file has no launchSync'],
    [
      'only the month of the cut is known',
      series({ cut: { on: '2026-02' }, release: { on: '2026-03-26' } }),
      'the calendar has no day of the cut of 2.8',
    ],
    [
      'the release is not planned',
      series({ cut: { on: '2026-02-24' }, release: { state: 'not-planned' } }),
      'the calendar has no day of the release of 2.8',
    ],
    [
      'it is a patch release',
      series(undefined, SYNC, ReleaseVersion.parse('2.8.1')),
      '2.8.1 is a patch release; the series is of minor ones',
    ],
    [
      'the dates are turned round',
      series({ cut: { on: '2026-03-26' }, release: { on: '2026-02-24' } }),
      'no tue lies between the cut (2026-03-26) and the week of the release (2026-02-24)',
    ],
  ])('is none, and says why, when %s', (_name, found, why) => {
    expect(found).toMatchObject({ known: false, why });
  });

  it('does not go on for ever', () => {
    const found = series({ cut: { on: '2026-02-24' }, release: { on: '2999-03-26' } });
    expect(meetingsOf(found)).toHaveLength(104);
  });
});
