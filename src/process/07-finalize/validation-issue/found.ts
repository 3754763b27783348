import type { RepoKey, RepoSlug } from '../../../domain/repo.ts';
import type { ReleaseVersion } from '../../../domain/version.ts';
import type { Forge, ForgeComment, ForgeItem } from '../../../ports/forge.ts';
import { validationMarker } from './body.ts';

/** The step that opens the issue: whoever plans it, there is one. */
export function validationStepKey(repo: RepoKey, release: ReleaseVersion): string {
  return `create-issue:${repo}:validation ${release}`;
}

/** The issue of a release with what was said under it. `strangers`: bear the marker and were opened by nobody the train trusts. */
export interface FoundValidation {
  readonly issue: ForgeItem | null;
  readonly comments: readonly ForgeComment[];
  readonly strangers: readonly ForgeItem[];
}

/** Looks for the issue by its marker; of several the oldest that is open counts, else the newest. */
export async function readValidation(
  forge: Forge,
  slug: RepoSlug,
  { release, trusted }: { readonly release: ReleaseVersion; readonly trusted: readonly string[] },
): Promise<FoundValidation> {
  const marked = await forge.issues.findByMarker(slug, validationMarker(release));
  const ours = marked.filter(({ author, isPullRequest }) => !isPullRequest && trusted.includes(author));
  const strangers = marked.filter(({ author }) => !trusted.includes(author));
  const issue = ours.find(({ open }) => open) ?? ours.at(-1) ?? null;
  return { issue, comments: issue === null ? [] : await forge.comments.list(slug, issue.number), strangers };
}
