import type { Plan } from '../domain/plan/plan.ts';
import type { Git, RemoteRef, RemoteRepo } from '../ports/git.ts';

/**
 * Git for one carrying-out of a plan, which asks each remote once for all that is to be compared before anything is done: the refs the plan rests
 * on and those it is about. Each ref is answered once from that; every later question, such as whether a push has arrived, goes to the remote.
 */
export function withFirstLook(git: Git, plan: Plan): Git {
  const wanted = refsByRemote(plan);
  const looks = new Map<string, Promise<readonly RemoteRef[]>>();
  return {
    ...git,
    async remoteRefs(at, patterns) {
      const left = wanted.get(at.remote);
      if (left === undefined || !patterns.every((pattern) => left.has(pattern))) return git.remoteRefs(at, patterns);
      const look = looks.get(at.remote) ?? git.remoteRefs(at, [...left]);
      looks.set(at.remote, look);
      const refs = await look;
      for (const pattern of patterns) left.delete(pattern);
      return refs.filter(({ ref }) => patterns.includes(ref));
    },
  };
}

function refsByRemote({ body }: Plan): ReadonlyMap<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  const add = ({ remote }: Pick<RemoteRepo, 'remote'>, ref: string): void => {
    found.set(remote, (found.get(remote) ?? new Set<string>()).add(ref));
  };
  const first = Math.min(...body.steps.map(({ wave }) => wave));
  for (const assumed of body.assumes) add(assumed, assumed.ref);
  for (const step of body.steps) {
    // Later waves are looked at when their turn comes: the waves before may take long.
    if (step.kind === 'push-refs' && step.wave === first) for (const { ref } of step.updates) add(step, ref);
  }
  return found;
}
