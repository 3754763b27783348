import type { App } from '../../app/app.ts';
import { reposOf } from '../../domain/train/naming.ts';
import type { ReleaseVersion } from '../../domain/version.ts';

/** The release branch of each repository of a release, by the repository's name in the train. */
export function branchesOf(app: App, release: ReleaseVersion): (repo: string) => string {
  const branches = new Map(reposOf(app.loaded.train, release).map(({ key, branch }) => [String(key), branch]));
  return (repo) => branches.get(repo) ?? 'BRANCH';
}
