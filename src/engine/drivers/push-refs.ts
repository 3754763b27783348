import { shortId, shortRef } from '../../domain/git-names.ts';
import type { PushRefsStep, RefUpdate } from '../../domain/plan/step.ts';
import type { Git, RemoteRef } from '../../ports/git.ts';
import type { StepDriver } from '../driver.ts';
import { rejectionText } from './rejection.ts';

/** Creates, moves or deletes refs of one repository in one atomic push. */
export function pushRefsDriver(git: Git): StepDriver<PushRefsStep> {
  const readRefs = (step: PushRefsStep) =>
    git.remoteRefs(
      step,
      step.updates.map((update) => update.ref),
    );
  return {
    async observe(step) {
      const refs = await readRefs(step);
      const astray = step.updates.filter((update) => !isAt(refs, update, 'to') && !isAt(refs, update, 'from'));
      if (astray.length > 0) return { is: 'other', text: astray.map((update) => strayText(refs, update)).join('; ') };
      if (step.updates.some((update) => !isAt(refs, update, 'to'))) return { is: 'absent' };
      return { is: 'present', handle: handleOf(step), text: step.updates.map(textOf).join(', ') };
    },
    async act(step) {
      // A cut is planned without its commits being here; a fetch that finds nothing new is one question to the remote.
      if (step.via !== null) await git.fetch(step, [step.via]);
      // What is at `to` already is adopted by the push itself.
      const answer = await git.push(step, step.updates);
      return answer.pushed
        ? { acted: true, handle: handleOf(step) }
        : { acted: false, reason: rejectionText(answer.rejected) };
    },
    reverse(step) {
      const updates = step.updates.map((update) => ({ ref: update.ref, from: update.to, to: update.from }));
      // Moving a branch back would drop what others built on it: only creations are taken back.
      if (step.updates.some((update) => update.from !== null)) return null;
      return { ...step, key: `undo:${step.key}`, via: null, updates, reversible: 'yes', undo: 'create them again' };
    },
  };
}

function idOf(refs: readonly RemoteRef[], update: RefUpdate): string | null {
  return refs.find((ref) => ref.ref === update.ref)?.id ?? null;
}

function isAt(refs: readonly RemoteRef[], update: RefUpdate, side: 'from' | 'to'): boolean {
  return idOf(refs, update) === update[side];
}

function strayText(refs: readonly RemoteRef[], update: RefUpdate): string {
  const found = idOf(refs, update);
  const where = found === null ? 'does not exist' : `is at ${found}`;
  const planned = update.to === null ? 'to be deleted' : `to be at ${update.to}`;
  const from = update.from === null ? 'not to exist before' : `to come from ${update.from}`;
  return `${shortRef(update.ref)} ${where}; the plan wants it ${planned}, and ${from}`;
}

function textOf(update: RefUpdate): string {
  return update.to === null ? `${shortRef(update.ref)} deleted` : `${shortRef(update.ref)} at ${shortId(update.to)}`;
}

function handleOf(step: PushRefsStep): Record<string, string> {
  return Object.fromEntries(step.updates.map((update) => [update.ref, update.to ?? 'deleted']));
}
