import type { ExpectedCell, Expectation } from '../../domain/expected/expectation.ts';
import { fileNameOf, type Manifest, type ManifestFile } from '../../domain/manifest.ts';
import type { Pep440Version } from '../../domain/pep440.ts';
import { StoreKey } from '../../domain/store-key.ts';
import { tagOf } from '../../domain/version.ts';

/** A file of the candidate that goes to the package index, under the name that it has there. */
export interface FileForIndex {
  readonly source: ManifestFile;
  /** As its makers write it: `torch`. */
  readonly project: string;
  /** Without a local part: `2.8.0`. */
  readonly version: string;
  readonly name: string;
  /** Bytes; null where the train says no limit. */
  readonly fileLimit: number | null;
  readonly projectLimit: number | null;
  /** Below the staging place: a folder for each candidate, so that an earlier final candidate's wheels are in nobody's way. */
  readonly key: StoreKey;
}

/** What goes to the index, and what should and is not among the candidate's files. */
export interface FilesForIndex {
  readonly files: readonly FileForIndex[];
  readonly absent: readonly ExpectedCell[];
}

/** The files of the manifest that the train sends to an index, by their cells: no pattern of names chooses them (PRO-09). */
export function filesForIndex(manifest: Manifest, { cells }: Expectation, channel: string): FilesForIndex {
  const byCell = new Map(manifest.files.map((file) => [file.cell, file]));
  const all = cells.flatMap((expected) =>
    expected.publish
      .filter((each) => each.channel === channel)
      .map((published) => ({ expected, published, source: byCell.get(expected.key) })),
  );
  return {
    files: all.flatMap(({ expected, published, source }) => {
      if (source === undefined) return [];
      const project = expected.cell.package;
      const version = publicVersion(expected.version);
      const { fileLimit, projectLimit } = published;
      const name = bareName(fileNameOf(source));
      const key = StoreKey.parse(`${tagOf(manifest.candidate)}/${name}`);
      return { source, project, version, name, fileLimit, projectLimit, key };
    }),
    absent: all.flatMap(({ expected, source }) => (source === undefined ? [expected] : [])),
  };
}

function publicVersion(version: Pep440Version): string {
  return version.split('+')[0] ?? version;
}

/** The name without the local part of its version: tags and build number stay as they were built. */
function bareName(name: string): string {
  const [project = '', version = '', ...rest] = name.split('-');
  return [project, version.split('+')[0] ?? version, ...rest].join('-');
}
