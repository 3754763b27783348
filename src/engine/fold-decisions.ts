import type { Digest } from '../domain/canonical-json.ts';
import type { Instant } from '../domain/instant.ts';
import type { LedgerEntry } from '../domain/ledger-event.ts';
import type { CandidateVersion, ReleaseVersion } from '../domain/version.ts';
import { releaseOf } from '../domain/version.ts';
import { foldManifests, manifestFor } from './fold-manifests.ts';

/** What somebody decided, when, and why. */
export interface Decision {
  readonly by: string;
  readonly at: Instant;
  readonly reason: string;
}

/** The candidate that is to become the release, bound to the files it had when it was marked. */
export interface FinalCandidate extends Decision {
  readonly candidate: CandidateVersion;
  /** Digest of the manifest that was recorded then. */
  readonly manifest: Digest;
  /** Whether that manifest still counts for the candidate: another one recorded since is not what was decided on. */
  readonly isCurrent: boolean;
}

/** What nothing is planned or carried out with again. */
export interface Abandoned {
  readonly releases: ReadonlyMap<ReleaseVersion, Decision>;
  readonly candidates: ReadonlyMap<CandidateVersion, Decision>;
}

/** The final candidate of a release; null while none is marked, once the mark was withdrawn, and once the candidate or the release was abandoned. */
export function finalCandidate(entries: readonly LedgerEntry[], release: ReleaseVersion): FinalCandidate | null {
  let found: Omit<FinalCandidate, 'isCurrent'> | null = null;
  for (const { event, actor, at } of entries) {
    if (event.type === 'candidate-final' && event.release === release) {
      const { candidate, manifest, reason } = event;
      found = { candidate, manifest, by: actor, at, reason };
    }
    if (event.type === 'candidate-final-withdrawn' && event.candidate === found?.candidate) found = null;
  }
  if (found === null || abandonmentOf(entries, found.candidate) !== null) return null;
  return { ...found, isCurrent: manifestFor(foldManifests(entries), found.candidate)?.digest === found.manifest };
}

/** Since when nothing is carried out on the train, by whom and why; null while it is not frozen. Frozen twice, the first counts. */
export function freezeOf(entries: readonly LedgerEntry[]): Decision | null {
  let freeze: Decision | null = null;
  for (const { event, actor, at } of entries) {
    if (event.type === 'train-frozen') freeze ??= { by: actor, at, reason: event.reason };
    if (event.type === 'train-thawed') freeze = null;
  }
  return freeze;
}

/** Whether the train is frozen. */
export function isFrozen(entries: readonly LedgerEntry[]): boolean {
  return freezeOf(entries) !== null;
}

/** Everything that was abandoned, with the first decision that did so: it cannot be taken back. */
export function abandoned(entries: readonly LedgerEntry[]): Abandoned {
  const releases = new Map<ReleaseVersion, Decision>();
  const candidates = new Map<CandidateVersion, Decision>();
  for (const { event, actor, at } of entries) {
    if (event.type === 'release-abandoned' && !releases.has(event.release))
      releases.set(event.release, { by: actor, at, reason: event.reason });
    if (event.type === 'candidate-abandoned' && !candidates.has(event.candidate))
      candidates.set(event.candidate, { by: actor, at, reason: event.reason });
  }
  return { releases, candidates };
}

/** Why nothing is done with a candidate again: itself, or its whole release, was abandoned. Null when neither was. */
export function abandonmentOf(entries: readonly LedgerEntry[], candidate: CandidateVersion): Decision | null {
  const { releases, candidates } = abandoned(entries);
  return candidates.get(candidate) ?? releases.get(releaseOf(candidate)) ?? null;
}
