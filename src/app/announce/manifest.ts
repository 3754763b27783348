import { compareVersions, type ReleaseVersion } from '../../domain/version.ts';
import { abandonmentOf, finalCandidate } from '../../engine/fold-decisions.ts';
import { foldManifests, manifestFor, type RecordedManifest } from '../../engine/fold-manifests.ts';
import type { App } from '../app.ts';
import { entriesOf } from '../record.ts';

/** The files that a release is announced with: those of the final candidate, or of the newest recorded one while none is final; null while nothing was recorded. */
export async function announcedManifest(app: App, release: ReleaseVersion): Promise<RecordedManifest | null> {
  const entries = await entriesOf(app, release);
  const manifests = foldManifests(entries).filter(({ manifest }) => manifest.release === release);
  const final = finalCandidate(entries, release);
  if (final !== null) return manifestFor(manifests, final.candidate);
  const living = manifests
    .map(({ candidate }) => candidate)
    .filter((candidate) => abandonmentOf(entries, candidate) === null);
  const newest = living.toSorted(compareVersions).at(-1);
  return newest === undefined ? null : manifestFor(manifests, newest);
}
