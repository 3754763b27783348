import { branchRef, ObjectId, shortId } from '../../domain/git-names.ts';
import type { PushPickStep } from '../../domain/plan/step.ts';
import type { Git, PickAnswer } from '../../ports/git.ts';
import type { StepDriver } from '../driver.ts';
import { rejectionText } from './rejection.ts';

/** Makes the pick again, exactly as it was planned, and pushes it to its branch. Another result than the planned one is never pushed. */
export function pushPickDriver(git: Git): StepDriver<PushPickStep> {
  return {
    async observe(step) {
      const [found] = await git.remoteRefs(step, [branchRef(step.branch)]);
      const at = found?.id ?? null;
      if (at === step.result.commit)
        return { is: 'present', handle: handleOf(step), text: `${step.branch} at ${shortId(at)}` };
      if (at === step.from) return { is: 'absent' };
      const where = at === null ? 'does not exist' : `is at ${at}`;
      return { is: 'other', text: `${step.branch} ${where}; the plan wants ${step.result.commit} there` };
    },
    async act(step) {
      const { onto, commits, does, committer, conflicts, result, generated = [] } = step;
      await git.fetch(step, step.via);
      const made = await git.pickCommits(step, { onto, commits, does, committer, conflicts, generated });
      if (!made.picked)
        return { acted: false, reason: `${does} of ${made.commit} does not come out as planned: ${whyNot(made)}` };
      if (made.commit !== result.commit)
        return {
          acted: false,
          reason: `${does} came out as ${made.commit}, planned was ${result.commit}${drift(step, made)}`,
        };
      const answer = await git.push(step, [{ ref: branchRef(step.branch), from: step.from, to: made.commit }]);
      return answer.pushed
        ? { acted: true, handle: handleOf(step) }
        : { acted: false, reason: rejectionText(answer.rejected) };
    },
    reverse(step, handle) {
      const commit = ObjectId.safeParse(handle['commit']);
      if (!commit.success) return null;
      return {
        key: `undo:${step.key}`,
        wave: step.wave,
        reversible: 'yes',
        undo: 'push the pick again',
        kind: 'push-refs',
        repo: step.repo,
        remote: step.remote,
        via: null,
        updates: [{ ref: branchRef(step.branch), from: commit.data, to: step.from }],
      };
    },
  };
}

type Made = Extract<PickAnswer, { readonly picked: true }>;

function whyNot(made: Exclude<PickAnswer, Made>): string {
  return made.because === 'regeneration'
    ? `${made.command.join(' ')} did not make ${made.paths.join(', ')} again (${made.why}: ${made.detail})`
    : made.because;
}

/** What the plan was shown with is what is pushed: a command that makes something else each time is found out here. */
function drift({ generated, result }: PushPickStep, { tree }: Made): string {
  if (generated === undefined || tree === result.tree) return '';
  const commands = generated.map(({ command }) => command.join(' ')).join('; ');
  return `: ${commands} made other files than when it was planned. Nothing was pushed; plan again, or have a command that makes the same each time`;
}

function handleOf(step: PushPickStep): Record<string, string> {
  return { branch: step.branch, commit: step.result.commit };
}
