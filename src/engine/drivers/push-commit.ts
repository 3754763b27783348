import { branchRef, ObjectId, shortId } from '../../domain/git-names.ts';
import type { PushCommitStep } from '../../domain/plan/step.ts';
import type { Git } from '../../ports/git.ts';
import type { StepDriver } from '../driver.ts';
import { rejectionText } from './rejection.ts';
import { withObjects } from './with-objects.ts';

/** Writes one commit and pushes it to a branch. The commit's id follows from the step, so what is already there is recognised. */
export function pushCommitDriver(git: Git): StepDriver<PushCommitStep> {
  const write = ({ parent, files, message, author, date, ...at }: PushCommitStep) =>
    git.writeCommit(at, { parent, files, message, author, date });
  return {
    async observe(step) {
      const [found] = await git.remoteRefs(step, [branchRef(step.branch)]);
      const at = found?.id ?? null;
      if (at === step.from) return { is: 'absent' };
      const planned = await withObjects(git, step, () => write(step));
      if (at === planned)
        return { is: 'present', handle: handleOf(step, planned), text: `${step.branch} at ${shortId(planned)}` };
      const where = at === null ? 'does not exist' : `is at ${at}`;
      return { is: 'other', text: `${step.branch} ${where}; the plan wants ${planned} there` };
    },
    async act(step) {
      const commit = await withObjects(git, step, () => write(step));
      const answer = await git.push(step, [{ ref: branchRef(step.branch), from: step.from, to: commit }]);
      return answer.pushed
        ? { acted: true, handle: handleOf(step, commit) }
        : { acted: false, reason: rejectionText(answer.rejected) };
    },
    reverse(step, handle) {
      const commit = handle['commit'];
      if (step.from !== null || commit === undefined) return null;
      return {
        key: `undo:${step.key}`,
        wave: step.wave,
        reversible: 'yes',
        undo: 'push the commit again',
        kind: 'push-refs',
        repo: step.repo,
        remote: step.remote,
        via: null,
        updates: [{ ref: branchRef(step.branch), from: ObjectId.parse(commit), to: null }],
      };
    },
  };
}

function handleOf(step: PushCommitStep, commit: ObjectId): Record<string, string> {
  return { branch: step.branch, commit };
}
