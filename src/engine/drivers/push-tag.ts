import { shortId, tagRef } from '../../domain/git-names.ts';
import type { PushTagStep } from '../../domain/plan/step.ts';
import type { Git } from '../../ports/git.ts';
import type { StepDriver } from '../driver.ts';
import { rejectionText } from './rejection.ts';
import { withObjects } from './with-objects.ts';

/** Pushes an annotated tag. A tag is never moved: on another commit it stops the plan, on the same commit it is adopted. */
export function pushTagDriver(git: Git): StepDriver<PushTagStep> {
  return {
    async observe(step) {
      const [found] = await git.remoteRefs(step, [tagRef(step.tag)]);
      if (found === undefined) return { is: 'absent' };
      const commit = found.peeled ?? found.id;
      if (commit === step.commit) {
        return {
          is: 'present',
          handle: { tag: step.tag, object: found.id, commit },
          text: `${step.tag} on ${shortId(commit)}`,
        };
      }
      return {
        is: 'other',
        text: `tag ${step.tag} is on ${commit}; the plan wants it on ${step.commit}, and a tag is never moved`,
      };
    },
    async act(step) {
      const { tag, commit, message, tagger, date, sign } = step;
      const object = await withObjects(git, step, () =>
        git.writeTag(step, { tag, commit, message, tagger, date, sign }),
      );
      const answer = await git.push(step, [{ ref: tagRef(tag), from: null, to: object }]);
      return answer.pushed
        ? { acted: true, handle: { tag, object, commit } }
        : { acted: false, reason: rejectionText(answer.rejected) };
    },
    reverse() {
      return null;
    },
  };
}
