import { lineOf, nextLine, patchNumber, releaseOn, type ReleaseVersion } from '../../domain/version.ts';
import { cadenceDates, plannedText } from '../../process/01-plan/index.ts';
import type { App } from '../app.ts';

/** Where a change goes that is not picked: the next minor release, and the patch release it may be proposed for. */
export interface Later {
  readonly release: ReleaseVersion;
  /** The day of its cut, as the calendar says it; null where it says nothing. */
  readonly cut: string | null;
  /** When it comes out. */
  readonly when: string | null;
  /** Null where the train plans no more patches of the line. */
  readonly patch: ReleaseVersion | null;
}

export function laterOf(app: App, release: ReleaseVersion): Later {
  const { calendar } = app.loaded.train;
  const line = lineOf(release);
  const next = nextLine(line);
  const dates = cadenceDates(calendar, next);
  const say = (what: 'cut' | 'release'): string | null => {
    const date = dates.find((one) => one.what === what)?.date;
    const text = date === undefined || date.on === undefined ? '' : plannedText(date);
    return text === '' ? null : text;
  };
  const patches = cadenceDates(calendar, line).filter(({ what }) => what === 'patch');
  const patch = releaseOn(line, patchNumber(release) + 1);
  const isPlanned = patches.some((one) => one.release === patch && one.date.on !== undefined);
  // Of a minor release there is always a patch to propose for; later ones only as far as they are planned.
  return {
    release: releaseOn(next, 0),
    cut: say('cut'),
    when: say('release'),
    patch: patchNumber(release) === 0 || isPlanned ? patch : null,
  };
}
