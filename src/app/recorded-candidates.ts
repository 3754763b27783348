import type { Instant } from '../domain/instant.ts';
import type { LedgerEntry } from '../domain/ledger-event.ts';
import { compareVersions, type CandidateVersion, type ReleaseVersion } from '../domain/version.ts';
import { abandonmentOf } from '../engine/fold-decisions.ts';
import { foldManifests } from '../engine/fold-manifests.ts';
import type { App } from './app.ts';
import { entriesOf } from './record.ts';

/** A candidate whose files were recorded: what a mark as final can be bound to. */
export interface RecordedCandidate {
  readonly candidate: CandidateVersion;
  readonly digest: string;
  readonly files: number;
  readonly by: string;
  readonly at: Instant;
  readonly abandoned: boolean;
}

/** Candidates of a release with the record that counts of each, newest first. */
export async function recordedCandidates(app: App, release: ReleaseVersion): Promise<readonly RecordedCandidate[]> {
  return recordedIn(await entriesOf(app, release), release);
}

/** The same of entries that are at hand. */
export function recordedIn(entries: readonly LedgerEntry[], release: ReleaseVersion): readonly RecordedCandidate[] {
  const last = new Map(
    foldManifests(entries)
      .filter(({ manifest }) => manifest.release === release)
      .map((recorded) => [recorded.candidate, recorded]),
  );
  return [...last.values()]
    .toSorted((left, right) => compareVersions(right.candidate, left.candidate))
    .map(({ candidate, digest, manifest, by, at }) => ({
      candidate,
      digest,
      files: manifest.files.length,
      by,
      at,
      abandoned: abandonmentOf(entries, candidate) !== null,
    }));
}
