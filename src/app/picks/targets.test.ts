import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadTrain } from '../../config/load.ts';
import { shippedPresets } from '../../config/sources.ts';
import { Instant } from '../../domain/instant.ts';
import { Calendar } from '../../domain/train/calendar.ts';
import type { LoadedTrain } from '../../domain/train/train.ts';
import { Line, ReleaseVersion } from '../../domain/version.ts';
import { windowAt } from '../../process/06-cherry-pick/index.ts';
import { phaseEnds } from './targets.ts';

describe("picks for PyTorch's patch releases", () => {
  let preset: LoadedTrain;
  beforeAll(async () => {
    const loaded = await loadTrain(join(shippedPresets(), 'pytorch', 'train.yaml'));
    if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
    preset = loaded.value;
  });

  /** The phase of a release at a moment, when the day of 2.8.1 is 27 August and of 2.8.2 only the month is known. */
  const phaseAt = (release: string, at: string) => {
    const patches = [{ on: '2025-08-27' }, { on: '2025-09' }];
    const line = { ...preset.train.calendar.cadence[Line.parse('2.8')], patches };
    const calendar = Calendar.parse({
      ...preset.train.calendar,
      cadence: { ...preset.train.calendar.cadence, '2.8': line },
    });
    const train = { ...preset.train, calendar };
    const [version, now] = [ReleaseVersion.parse(release), Instant.parse(at)];
    const window = windowAt(train, version, phaseEnds({ loaded: { ...preset, train } }, version, now), now);
    return [window?.phase.classes.length ?? 0, window?.closesAt ?? null, window?.closed?.phase.late ?? null];
  };

  it.each([
    [
      'two weeks before the release they are taken to the end of the day',
      '2.8.1',
      '2025-08-13T16:59:00Z',
      [5, '2025-08-13T17:00:00Z', null],
    ],
    ['after it nothing is, and nobody may let one in', '2.8.1', '2025-08-13T17:01:00Z', [0, null, 'final']],
    [
      'the next patch has an end of its own, open while only its month is known',
      '2.8.2',
      '2025-08-20T00:00:00Z',
      [5, null, null],
    ],
  ] as const)('%s', (_name, release, at, expected) => expect(phaseAt(release, at)).toEqual(expected));
});
