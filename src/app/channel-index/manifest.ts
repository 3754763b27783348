import { candidatesIn } from '../../domain/release-tags.ts';
import { tagRef } from '../../domain/git-names.ts';
import type { ManifestFile } from '../../domain/manifest.ts';
import { reposOf } from '../../domain/train/naming.ts';
import { releaseOf, tagOf, type CandidateVersion, type ReleaseVersion } from '../../domain/version.ts';
import { foldManifests, manifestFor } from '../../engine/fold-manifests.ts';
import type { App } from '../app.ts';
import { entriesOf } from '../record.ts';

/**
 * The files of the release's newest candidate by their keys, as they were recorded; none while that was not done, and none in other channels than the
 * candidates'. An earlier candidate's record is not taken: its files had the same names and other bytes.
 */
export async function recordedFiles(
  app: App,
  release: ReleaseVersion,
  channel: string,
): Promise<ReadonlyMap<string, ManifestFile>> {
  if (channel !== app.loaded.train.candidates.channel) return new Map();
  const manifests = foldManifests(await entriesOf(app, release));
  // Where nothing was recorded no remote is asked.
  const candidate = manifests.length === 0 ? null : await newestCandidate(app, release);
  const files = candidate === null ? [] : (manifestFor(manifests, candidate)?.manifest.files ?? []);
  return new Map(files.map((file) => [file.key, file]));
}

/** By the tags of core at its remote. */
async function newestCandidate(
  { loaded: { train }, git }: App,
  release: ReleaseVersion,
): Promise<CandidateVersion | null> {
  const core = reposOf(train, release).find(({ entry }) => entry.role === 'core');
  if (core === undefined || core.remote === null) return null;
  const at = { repo: core.key, remote: core.remote };
  const refs = await git.remoteRefs(at, [`${tagRef(tagOf(core.release))}-rc*`]);
  return candidatesIn(refs).find(({ candidate }) => releaseOf(candidate) === core.release)?.candidate ?? null;
}
