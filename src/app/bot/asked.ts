import type { RepoKey, RepoSlug } from '../../domain/repo.ts';
import type { Forge } from '../../ports/forge.ts';

/** Where a command was given, by whom. */
export interface Asked {
  readonly forge: Forge;
  readonly repo: RepoKey;
  readonly slug: RepoSlug;
  /** The issue or pull request that the comment is on. */
  readonly item: number;
  readonly by: string;
  readonly via: string;
}
