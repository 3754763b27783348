import type { Digest } from '../../../domain/canonical-json.ts';
import type { ObjectId } from '../../../domain/git-names.ts';
import type { IndexFile } from '../../../domain/index-page.ts';
import type { Manifest } from '../../../domain/manifest.ts';
import type { Observed } from '../../../domain/observation.ts';
import type { OutsideDependency } from '../../../domain/train/dependency.ts';
import type { RepoInRelease } from '../../../domain/train/naming.ts';
import type { CandidateVersion, ReleaseVersion } from '../../../domain/version.ts';

/** What the core repository says at one commit. */
export interface PinnedAt {
  readonly commit: ObjectId;
  /** The tag or branch that was read. */
  readonly name: string;
  /** The newest candidate of the train; null while there is only the branch. */
  readonly candidate: CandidateVersion | null;
  /** Null where the pin file is not there, or holds no commit. */
  readonly pin: ObjectId | null;
  /** By file; null where it is not there, or holds no version. */
  readonly versions: ReadonlyMap<string, string | null>;
}

/** A requirement that files of the candidate have to carry. */
export interface RequiredPackage {
  readonly backend: string;
  /** In the one spelling: `triton~=3.3.0`. */
  readonly text: string;
  /** As names are compared. */
  readonly name: string;
  readonly version: string;
  /** Where the train says it is found. */
  readonly from: string | null;
  /** Null where all files of the backend must carry it. */
  readonly platforms: readonly string[] | null;
}

/** A file that our own channel has of the package. */
export interface OwnFile {
  readonly name: string;
  /** As recorded with it; null where nothing was. */
  readonly digest: Digest | null;
}

/** Where a required package was looked for. */
export interface PackagePlaces {
  readonly required: RequiredPackage;
  /** The channel whose index must have it; null where it must lie in the channel of the candidates. */
  readonly index: string | null;
  /** Files of the required version there; null where no index is to have it. */
  readonly published: Observed<readonly IndexFile[]> | null;
  /** Files of the required version in the candidates' channel. */
  readonly own: Observed<readonly OwnFile[]>;
}

/** What the world says of one dependency that is pinned by commit and published by others. */
export interface PinnedFacts {
  readonly release: ReleaseVersion;
  readonly channel: string;
  readonly name: string;
  readonly dependency: OutsideDependency;
  readonly core: RepoInRelease | null;
  /** Null before the cut. */
  readonly at: Observed<PinnedAt | null>;
  /** The released version's tag in the dependency's own repository; the commit is null where there is no such tag, the whole where its name is not known. */
  readonly tag: Observed<{ readonly name: string; readonly commit: ObjectId | null } | null>;
  readonly places: readonly PackagePlaces[];
  /** What was recorded of the newest candidate. */
  readonly manifest: Manifest | null;
}
