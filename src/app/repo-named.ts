import { RepoKey } from '../domain/repo.ts';
import { refuse, succeed, type Result } from '../domain/result.ts';
import type { App } from './app.ts';
import type { AppProblem } from './problem.ts';

/** The named repository of the train, or the names there are. */
export function repoNamed(app: App, typed: string): Result<RepoKey, AppProblem> {
  const { repos } = app.loaded.train;
  const key = RepoKey.safeParse(typed);
  if (key.success && repos[key.data] !== undefined) return succeed(key.data);
  const names = Object.keys(repos).join(', ');
  const shown = typed.length > 60 ? `${typed.slice(0, 57)}...` : typed;
  return refuse({
    kind: 'usage',
    code: 'repo-unknown',
    text: `The train has no repository "${shown}". It has: ${names}.`,
  });
}
