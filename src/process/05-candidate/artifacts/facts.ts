import type { ArtifactKind } from '../../../domain/artifact.ts';
import type { Digest } from '../../../domain/canonical-json.ts';
import type { Expectation } from '../../../domain/expected/expectation.ts';
import type { ExpectationProblem } from '../../../domain/expected/expected.ts';
import type { ObjectId } from '../../../domain/git-names.ts';
import type { Instant } from '../../../domain/instant.ts';
import type { Job } from '../../../domain/jobs.ts';
import type { Observed } from '../../../domain/observation.ts';
import type { Result } from '../../../domain/result.ts';
import type { StoreKey } from '../../../domain/store-key.ts';
import type { RepoInRelease } from '../../../domain/train/naming.ts';
import type { CandidateVersion, ReleaseVersion } from '../../../domain/version.ts';

/** A file of a channel, as its store tells of it. */
export interface FoundFile {
  readonly key: StoreKey;
  /** The part before the last slash; empty at the top. */
  readonly folder: string;
  readonly name: string;
  readonly size: number;
  /** As recorded with it: a claim until the bytes were read. Null where nothing was. */
  readonly digest: Digest | null;
  readonly modified: Instant | null;
}

export interface PlaceContent {
  /** Files that have to do with the release, or could be meant so. */
  readonly files: readonly FoundFile[];
  /** Names that are none of a store, told as they are. */
  readonly strange: readonly string[];
}

/** One place of the candidates' channel with what lies there. */
export interface PlaceFacts {
  /** For people. */
  readonly name: string;
  /** What the train says lies there; `any` for all kinds. */
  readonly holds: ArtifactKind | 'any';
  /** Whether an earlier place of the same kind is the one that counts. */
  readonly isMirror: boolean;
  readonly content: Observed<PlaceContent>;
}

/** The tag that a repository's files are built from. */
export interface CandidateTag {
  readonly candidate: CandidateVersion;
  readonly commit: ObjectId;
  /** Files that are older than their commit are not built from it. */
  readonly committedAt: Instant;
  /** Jobs on the commit; null where there is no forge to ask. */
  readonly jobs: Observed<readonly Job[]> | null;
}

/** A repository that builds packages. */
export interface RepoArtifacts {
  readonly repo: RepoInRelease;
  /** Its newest candidate; null while it has none. */
  readonly tag: Observed<CandidateTag | null>;
}

/** What is known of a candidate's files. */
export interface ArtifactFacts {
  readonly release: ReleaseVersion;
  /** The train's candidate that is looked at: core's. Null while core has none, or its tags could not be read. */
  readonly candidate: CandidateVersion | null;
  readonly channel: string;
  readonly expectation: Result<Expectation, ExpectationProblem>;
  readonly repos: readonly RepoArtifacts[];
  readonly places: readonly PlaceFacts[];
}
