import type { CellKey } from '../domain/artifact.ts';
import type { Digest } from '../domain/canonical-json.ts';
import type { GateId } from '../domain/gate.ts';
import type { Instant } from '../domain/instant.ts';
import type { LedgerEntry } from '../domain/ledger-event.ts';
import { compareManifests, type Manifest } from '../domain/manifest.ts';
import type { CandidateVersion } from '../domain/version.ts';

/** A manifest as it was recorded. */
export interface RecordedManifest {
  readonly candidate: CandidateVersion;
  readonly digest: Digest;
  readonly manifest: Manifest;
  readonly proof: 'told' | 'read';
  readonly by: string;
  readonly at: Instant;
  readonly reason: string;
}

/** Something that was proved of files of a candidate, and for which of them it still holds. */
export interface RecordedEvidence {
  readonly candidate: CandidateVersion;
  readonly gate: GateId;
  readonly text: string;
  readonly by: string;
  readonly at: Instant;
  readonly holds: readonly CellKey[];
  /** Cells whose file is another one since. */
  readonly void: readonly CellKey[];
}

/** Every manifest that was recorded, oldest first; of several of one candidate the last counts. */
export function foldManifests(entries: readonly LedgerEntry[]): readonly RecordedManifest[] {
  return entries.flatMap(({ event, actor, at }) =>
    event.type === 'manifest-recorded'
      ? [
          {
            candidate: event.candidate,
            digest: event.digest,
            manifest: event.manifest,
            proof: event.proof,
            by: actor,
            at,
            reason: event.reason,
          },
        ]
      : [],
  );
}

/** The manifest that counts for a candidate; null while none was recorded. */
export function manifestFor(
  manifests: readonly RecordedManifest[],
  candidate: CandidateVersion,
): RecordedManifest | null {
  return manifests.findLast((each) => each.candidate === candidate) ?? null;
}

/** The evidence of a candidate against a manifest: what another file has taken the place of is void, the rest holds. */
export function foldEvidence(
  entries: readonly LedgerEntry[],
  candidate: CandidateVersion,
  current: Manifest | null,
): readonly RecordedEvidence[] {
  const manifests = foldManifests(entries);
  return entries.flatMap(({ event, actor, at }): readonly RecordedEvidence[] => {
    if (event.type !== 'evidence-recorded' || event.candidate !== candidate) return [];
    const about = manifests.find(({ digest }) => digest === event.manifest)?.manifest;
    const same = new Set(
      about === undefined || current === null ? [] : compareManifests(about, current).same.map(({ cell }) => cell),
    );
    return [
      {
        candidate,
        gate: event.gate,
        text: event.text,
        by: actor,
        at,
        holds: event.cells.filter((cell) => same.has(cell)),
        void: event.cells.filter((cell) => !same.has(cell)),
      },
    ];
  });
}
