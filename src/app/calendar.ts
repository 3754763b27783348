import type { Train } from '../domain/train/train.ts';
import { compareVersions, Line, releaseOn, type ReleaseVersion } from '../domain/version.ts';

/** Releases that the train's calendar names, newest first: each line's minor and its planned patches. */
export function releasesIn(train: Train): readonly ReleaseVersion[] {
  return Object.entries(train.calendar.cadence)
    .flatMap(([name, dates]) => {
      const line = Line.parse(name);
      const patches = dates.patches.flatMap((patch, index) =>
        patch.state === 'not-planned' ? [] : [releaseOn(line, index + 1)],
      );
      return dates.release.state === 'not-planned' ? patches : [releaseOn(line, 0), ...patches];
    })
    .toSorted((left, right) => compareVersions(right, left));
}
