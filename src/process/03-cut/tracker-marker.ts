import type { ReleaseVersion } from '../../domain/version.ts';

/** The hidden marker by which the tracker of a release is found again; never its title. */
export function trackerMarker(release: ReleaseVersion): string {
  return `signalbox:tracker ${release}`;
}
