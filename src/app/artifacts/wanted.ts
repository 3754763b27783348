import type { ManifestFile } from '../../domain/manifest.ts';
import { releaseOf } from '../../domain/version.ts';
import type { RecordedManifest } from '../../engine/fold-manifests.ts';
import type { App } from '../app.ts';
import { backupKey } from '../promotion/backup-facts.ts';
import { stagedFiles, type StagedFile } from '../promotion/staged-files.ts';

/** A file of a candidate as it has to be in one channel: under which key, and of which bytes. */
export interface WantedFile extends ManifestFile {
  /** The project whose file it is on a package index; null elsewhere. */
  readonly project: string | null;
}

/**
 * What a channel has to hold of a candidate: its files as they were recorded; in the backup below its tag; in staging and on the package index what its
 * wheels were re-versioned to, by the lineage of the plans that did it. Files that no plan has staged yet are wanted nowhere.
 */
export async function wantedFiles(
  app: App,
  { candidate, manifest }: RecordedManifest,
): Promise<(channel: string) => readonly WantedFile[]> {
  const { backup, staging, pypi } = app.loaded.train.promotion;
  const staged = await stagedFiles(app, releaseOf(candidate));
  const ofThis = staged.ok && staged.value.recorded.candidate === candidate ? staged.value.staged : [];
  return (channel) => {
    if (channel === staging) return ofThis.flatMap((each) => made(each, null));
    if (channel === pypi) return ofThis.flatMap((each) => made(each, each.file.project));
    return manifest.files.map((file) => ({
      ...file,
      key: channel === backup ? backupKey(candidate, file) : file.key,
      project: null,
    }));
  };
}

function made({ file, staged, lineage }: StagedFile, project: string | null): readonly WantedFile[] {
  if (lineage === null) return [];
  const { size, digest } = lineage;
  return [{ ...file.source, key: staged.key, size, digest, project }];
}
