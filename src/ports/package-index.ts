import type { ByteSource } from '../domain/byte-source.ts';
import type { IndexFile } from '../domain/index-page.ts';

/** A project with all its files, of every version. */
export interface PackageProject {
  /** In the one form of names: lower case, dashes. */
  readonly name: string;
  /** What the index says the versions are, also those without a file; null where it does not say it. */
  readonly versions: readonly string[] | null;
  readonly files: readonly IndexFile[];
  /** What it lists and no file can be, in words for people. */
  readonly strange: readonly string[];
}

/** One version of a project, by the index's own record of it rather than by its list of files. */
export interface PackageRelease {
  readonly version: string;
  readonly files: readonly IndexFile[];
  readonly classifiers: readonly string[];
  readonly requiresDist: readonly string[];
}

/** An identity that published a file, as the index vouches for it (PEP 740). What its kind does not have is null. */
export interface FilePublisher {
  /** `GitHub`, `GitLab`, `Google`, or what an index may add. */
  readonly kind: string;
  readonly repository: string | null;
  /** The file of the workflow. */
  readonly workflow: string | null;
  readonly environment: string | null;
}

/** What an index tells of who published a file. `nothing`: it does not speak of it. `none`: it says that there is no provenance. */
export type FileProvenance =
  | { readonly told: 'nothing' }
  | { readonly told: 'none' }
  | { readonly told: 'publishers'; readonly publishers: readonly FilePublisher[] };

/** A package index, as everybody can read it. Null is its answer that there is no such thing. Failures throw `PackageIndexError`. */
export interface PackageIndex {
  /** For people: its address. */
  readonly name: string;
  /** What installers see. */
  project(name: string): Promise<PackageProject | null>;
  /** What the index has recorded of one version; told by another way than the list of files, and not always at the same moment. */
  release(name: string, version: string): Promise<PackageRelease | null>;
  /** Who published files of a project, by their names; a file that it does not list is left out. One reading for the list, one for each provenance. */
  provenance(name: string, files: readonly string[]): Promise<ReadonlyMap<string, FileProvenance>>;
  /** The bytes of a file that it lists. */
  source(file: Pick<IndexFile, 'url'>): ByteSource;
}

/** `invalid`: no name of a project, or no address that may be read. The others are as they say. */
export class PackageIndexError extends Error {
  readonly code: 'invalid' | 'not-allowed' | 'busy' | 'unreachable' | 'unexpected-answer';
  constructor(code: PackageIndexError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'PackageIndexError';
    this.code = code;
  }
}
