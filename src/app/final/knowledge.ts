import type { Instant } from '../../domain/instant.ts';
import type { LedgerEntry } from '../../domain/ledger-event.ts';
import type { CandidateVersion } from '../../domain/version.ts';
import { foldManifests, manifestFor, type RecordedManifest } from '../../engine/fold-manifests.ts';
import { touchedSince } from './subject.ts';

/** What the ledger knows of candidates, to tell whether what was said of one still says something of another. */
export interface CandidateKnowledge {
  readonly candidate: CandidateVersion;
  /** Since when its files are as they are, where it had others before; null where it never had. */
  readonly changedAt: Instant | null;
  /** Whether the files of these repositories (all of them if none is named) are the same in that candidate. */
  readonly isSame: (other: CandidateVersion, ...repos: readonly string[]) => boolean;
}

/** The same of the candidate that the last gates are about. */
export function knowledgeOf(
  entries: readonly LedgerEntry[],
  { candidate, digest, manifest, at }: RecordedManifest,
): CandidateKnowledge {
  const manifests = foldManifests(entries);
  const had = manifests.some((each) => each.candidate === candidate && each.digest !== digest);
  return {
    candidate,
    changedAt: had ? at : null,
    isSame: (other, ...repos) => {
      const then = manifestFor(manifests, other);
      return then !== null && touchedSince(entries, then.digest, { now: manifest, repos })?.length === 0;
    },
  };
}
