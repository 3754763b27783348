import { Digest } from '../../domain/canonical-json.ts';
import { fileNameOf, type ManifestFile, type ManifestRepo } from '../../domain/manifest.ts';
import { compareVersions, type CandidateVersion } from '../../domain/version.ts';
import {
  foldEvidence,
  foldManifests,
  manifestFor,
  type RecordedEvidence,
  type RecordedManifest,
} from '../../engine/fold-manifests.ts';
import type { App } from '../app.ts';
import { entriesOf } from '../record.ts';

/** A file in a candidate that was recorded. */
export interface FoundArtifact {
  readonly candidate: CandidateVersion;
  /** Whether another record of the candidate counts since. */
  readonly replaced: boolean;
  readonly channel: string;
  readonly file: ManifestFile;
  readonly repo: ManifestRepo | null;
  readonly recorded: Pick<RecordedManifest, 'digest' | 'by' | 'at' | 'proof'>;
  /** What was proved of it, and still holds. */
  readonly evidence: readonly RecordedEvidence[];
}

/** Which candidates have this file: by its digest, its name or its cell. Oldest candidate first. */
export async function findArtifact(app: App, asked: string): Promise<readonly FoundArtifact[]> {
  const entries = await entriesOf(app);
  const manifests = foldManifests(entries);
  const digest = Digest.safeParse(asked.startsWith('sha256:') ? asked : `sha256:${asked}`);
  const is = (file: ManifestFile): boolean =>
    digest.success
      ? file.digest === digest.data
      : file.cell === asked || file.key === asked || fileNameOf(file) === asked;
  const found = manifests.flatMap((recorded) => recorded.manifest.files.filter(is).map((file) => ({ recorded, file })));
  return found
    .map(({ recorded, file }) => {
      const { candidate, manifest } = recorded;
      return {
        candidate,
        replaced: manifestFor(manifests, candidate) !== recorded,
        channel: manifest.channel,
        file,
        repo: manifest.repos.find(({ repo }) => repo === file.repo) ?? null,
        recorded,
        evidence: foldEvidence(entries, candidate, manifest).filter(({ holds }) => holds.includes(file.cell)),
      };
    })
    .toSorted((left, right) => compareVersions(left.candidate, right.candidate));
}
