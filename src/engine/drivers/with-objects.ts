import type { PushCommitStep, PushTagStep } from '../../domain/plan/step.ts';
import { GitError, type Git } from '../../ports/git.ts';

/**
 * Does something with commits that planning has fetched, and fetches them again only when they are gone: mirrors may be deleted at any time, and
 * the plan may have been made on another machine.
 */
export async function withObjects<Answer>(
  git: Git,
  step: PushCommitStep | PushTagStep,
  work: () => Promise<Answer>,
): Promise<Answer> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof GitError) || error.code !== 'object-missing' || step.via === null) throw error;
    await git.fetch(step, [step.via]);
    return work();
  }
}
