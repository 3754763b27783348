import type { ByteSource } from '../domain/byte-source.ts';
import type { Digest } from '../domain/canonical-json.ts';
import type { ObjectId } from '../domain/git-names.ts';
import type { RepoSlug } from '../domain/repo.ts';

/** What the forge shows of a tag: a text, and files to download. */
export interface ForgeRelease {
  readonly id: number;
  readonly tag: string;
  readonly title: string;
  readonly body: string;
  /** A draft is seen only by people who may write to the repository, and its tag need not exist. */
  readonly state: 'draft' | 'published';
  readonly author: string;
  readonly link: string;
}

export interface ReleaseDraft {
  readonly tag: string;
  /** Where the forge would make the tag if it were published without one. */
  readonly commit: ObjectId;
  readonly title: string;
  readonly body: string;
}

/** A file of a release. */
export interface ReleaseFile {
  readonly id: number;
  readonly name: string;
  readonly size: number;
  /** Null where the forge does not tell it. */
  readonly digest: Digest | null;
  /** False: its upload broke off. It holds its name until it is taken away. */
  readonly whole: boolean;
}

export interface ReleaseFileDraft {
  readonly name: string;
  readonly size: number;
  /** What is sent is held against it; the forge never has other bytes whole. */
  readonly digest: Digest;
  readonly bytes: ByteSource;
}

/** Releases of repositories on the forge. */
export interface ForgeReleases {
  /** All releases of exactly this tag, oldest first, drafts too where the token may see them; whoever wrote them: the caller judges. */
  find(repo: RepoSlug, tag: string): Promise<readonly ForgeRelease[]>;
  /** The commit that a tag is on at the forge; null when there is no such tag. */
  tagAt(repo: RepoSlug, tag: string): Promise<ObjectId | null>;
  /** Makes a draft. Not idempotent: whoever must not make two puts a marker into the body and looks first. */
  draft(repo: RepoSlug, draft: ReleaseDraft): Promise<ForgeRelease>;
  files(repo: RepoSlug, release: number): Promise<readonly ReleaseFile[]>;
  /**
   * Uploads a file. Throws `invalid` for a name that is taken, or that the forge would change; a failure of the source (`ByteSourceError`) passes
   * through. What broke off may be there afterwards, not whole.
   */
  attach(repo: RepoSlug, release: number, file: ReleaseFileDraft): Promise<ReleaseFile>;
  /** Takes a file away, by its id; twice is once. */
  detach(repo: RepoSlug, file: number): Promise<void>;
  /** Shows a draft to everybody; twice is once. Makes the tag on `commit` where there is none: look at it before. */
  publish(
    repo: RepoSlug,
    release: number,
    how: { readonly commit: ObjectId; readonly latest: boolean },
  ): Promise<ForgeRelease>;
  /** Deletes a draft and its files; twice is once. Throws `invalid` for a release that was published. */
  discard(repo: RepoSlug, release: number): Promise<void>;
}
