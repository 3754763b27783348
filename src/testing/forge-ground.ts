import type { ObjectId } from '../domain/git-names.ts';
import type { RepoSlug } from '../domain/repo.ts';
import type { Forge } from '../ports/forge.ts';

/** A fresh repository at a forge, and the hands of the people and machines that work there. */
export interface ForgeGround {
  readonly forge: Forge;
  /** Nobody has done anything in it; it has the branch `main` and one commit more on `topic`. */
  readonly repo: RepoSlug;
  /** A repository that does not exist. */
  readonly gone: RepoSlug;
  /** Whose token the forge is used with: an admin of the repository. */
  readonly me: string;
  /** A person who may read the repository, and no more. */
  readonly reader: string;
  readonly topic: ObjectId;
  writeIssue(by: string, draft: { readonly title: string; readonly body: string }): Promise<number>;
  /** Puts the pull request's change on its base and marks it merged; gives the commit on the base. */
  merge(pull: number): Promise<ObjectId>;
  /** Starts a check run, or starts it again, and leaves it in this state; gives its id. */
  runCheck(
    commit: ObjectId,
    name: string,
    state: 'queued' | 'running' | 'success' | 'failure' | 'skipped',
  ): Promise<number>;
  postStatus(commit: ObjectId, context: string, state: 'pending' | 'success' | 'failure'): Promise<void>;
  /** A team with the reader in it, as `org/team`. */
  readonly team: string;
  /** Writes a comment as somebody else; gives its id. */
  writeComment(by: string, item: number, body: string): Promise<number>;
  /** Opens a pull request from `topic` to `main` as somebody else, who may write. */
  openPull(draft: { readonly title: string; readonly draft: boolean }): Promise<number>;
  /** Puts a tag on a commit. */
  tag(name: string, commit: ObjectId, kind: 'light' | 'annotated'): Promise<void>;
  /** Drafts a release as somebody else, who may write; gives its id. */
  draftAs(by: string, draft: { readonly tag: string; readonly body: string }): Promise<number>;
}
