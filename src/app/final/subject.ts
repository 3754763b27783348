import type { Digest } from '../../domain/canonical-json.ts';
import type { LedgerEntry } from '../../domain/ledger-event.ts';
import { compareManifests, type Manifest } from '../../domain/manifest.ts';
import { compareVersions, type ReleaseVersion } from '../../domain/version.ts';
import { abandonmentOf, finalCandidate } from '../../engine/fold-decisions.ts';
import { foldManifests, manifestFor, type RecordedManifest } from '../../engine/fold-manifests.ts';

/**
 * The candidate that the last gates are about, with the files that count for it: the one that was marked as final, and before that the newest of which the
 * files were recorded. Null while there is none.
 */
export function finalSubject(entries: readonly LedgerEntry[], release: ReleaseVersion): RecordedManifest | null {
  const manifests = foldManifests(entries).filter(({ manifest }) => manifest.release === release);
  const final = finalCandidate(entries, release);
  if (final !== null) return manifestFor(manifests, final.candidate);
  const alive = manifests.filter(({ candidate }) => abandonmentOf(entries, candidate) === null);
  const newest = alive
    .map(({ candidate }) => candidate)
    .toSorted(compareVersions)
    .at(-1);
  return newest === undefined ? null : manifestFor(alive, newest);
}

/**
 * Files that are others in `now` than in the manifest that somebody judged, by their keys, of these repositories only (all of them if none is named). Null
 * when that manifest is not in the ledger: then nobody can say what was judged.
 */
export function touchedSince(
  entries: readonly LedgerEntry[],
  judged: Digest,
  { now, repos }: { readonly now: Manifest; readonly repos: readonly string[] },
): readonly string[] | null {
  const then = foldManifests(entries).find(({ digest }) => digest === judged)?.manifest;
  if (then === undefined) return null;
  const { added, removed, changed } = compareManifests(then, now);
  const files = [...changed.map(({ after }) => after), ...added, ...removed];
  return files.filter(({ repo }) => repos.length === 0 || repos.includes(repo)).map(({ key }) => key);
}
