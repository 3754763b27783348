import type { RepoKey } from '../../domain/repo.ts';
import { reposOf } from '../../domain/train/naming.ts';
import type { Train } from '../../domain/train/train.ts';
import type { ReleaseVersion } from '../../domain/version.ts';
import type { GitFile } from '../../ports/git.ts';
import { applyEdits } from './edits/apply.ts';
import { managedRepos } from './judge.ts';
import { planTargets } from './read.ts';

/** Whose edits are made: those of one repository's release branch. */
export interface DeclaredFor {
  readonly train: Train;
  readonly release: ReleaseVersion;
  readonly repo: RepoKey;
}

/**
 * Texts of a release branch as the train's release-only edits would leave them, by path; files that no edit changes are left out. Pins of other
 * repositories' commits are not made: what they are depends on the day.
 */
export function declaredTexts(
  { train, release, repo }: DeclaredFor,
  files: readonly GitFile[],
): ReadonlyMap<string, string> {
  const repos = reposOf(train, release);
  const own = repos.find(({ key }) => key === repo);
  if (own === undefined) return new Map();
  const edits = planTargets({ train, release }, own).find(({ target }) => target === 'branch')?.edits ?? [];
  const names = { own, repos: new Map(repos.map((one) => [one.key, one])), heads: new Map() };
  const context = { names, managed: managedRepos(repos, train), goodPins: new Map(), neverOlder: [] };
  return new Map(applyEdits(edits, files, context).changed.map(({ path, after }) => [path, after]));
}
