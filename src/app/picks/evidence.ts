import { candidatesIn } from '../../domain/release-tags.ts';
import type { RemoteRepo } from '../../ports/git.ts';
import type { ObjectId } from '../../domain/git-names.ts';
import { reposOf } from '../../domain/train/naming.ts';
import { lineOf, type CandidateVersion, type Line } from '../../domain/version.ts';
import type { FixesFacts, PickTarget, RunLink } from '../../process/06-cherry-pick/index.ts';
import type { App } from '../app.ts';

/**
 * A run of CI that a pick for a patch rests on, as the forge has it now: how it ended, and the candidate of the release's line that it ran on. In any
 * repository of the release: what fails may be found by another one's jobs.
 */
export async function ciRun(
  app: App,
  { release }: PickTarget,
  { slug, of, number }: RunLink,
): Promise<Extract<FixesFacts, { readonly is: 'run' | 'missing' }>> {
  if (app.forge === null) return { is: 'missing' };
  const { checks } = app.forge;
  const run = of === 'job' ? await checks.job(slug, number) : await checks.run(slug, number);
  if (run === null) return { is: 'missing' };
  const repo = reposOf(app.loaded.train, release).find(({ entry }) => entry.slug?.toLowerCase() === slug.toLowerCase());
  const candidate =
    repo === undefined || repo.remote === null
      ? null
      : await candidateAt(app, { repo: repo.key, remote: repo.remote }, { line: repo.line, commit: run.commit });
  return { is: 'run', candidate, failed: run.state === 'red' };
}

async function candidateAt(
  app: App,
  at: RemoteRepo,
  { line, commit }: { readonly line: Line; readonly commit: ObjectId },
): Promise<CandidateVersion | null> {
  const tags = await app.git.remoteRefs(at, ['refs/tags/v*']);
  const found = candidatesIn(tags).find((one) => lineOf(one.candidate) === line && one.commit === commit);
  return found?.candidate ?? null;
}
