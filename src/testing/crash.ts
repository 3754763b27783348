import type { App } from '../app/app.ts';
import type { Forge } from '../ports/forge.ts';
import type { Git } from '../ports/git.ts';
import type { Leases, Ledger } from '../ports/ledger.ts';

/** Told before and after each call of a port: the place where a process may die. */
export type CrashPoint = (call: string, when: 'before' | 'after') => void;

/** The app with every call of git, the forge, the ledger and the leases announced before and after it. */
export function withCrashPoints(app: App, point: CrashPoint): App {
  const { forge } = app;
  return {
    ...app,
    git: announced('git', app.git, point),
    forge: forge === null ? null : announcedForge(forge, point),
    ledger: async (): Promise<Ledger> => announced('ledger', await app.ledger(), point),
    leases: async (): Promise<Leases> => announced('leases', await app.leases(), point),
  };
}

function announcedForge(forge: Forge, point: CrashPoint): Forge {
  return {
    people: announced('forge.people', forge.people, point),
    issues: announced('forge.issues', forge.issues, point),
    pulls: announced('forge.pulls', forge.pulls, point),
    checks: announced('forge.checks', forge.checks, point),
  };
}

function announced<Port extends Git | Ledger | Leases | Forge[keyof Forge]>(
  name: string,
  port: Port,
  point: CrashPoint,
): Port {
  return new Proxy(port, {
    get(target, member, receiver) {
      const method: unknown = Reflect.get(target, member, receiver);
      if (typeof method !== 'function') return method;
      return async (...given: readonly unknown[]) => {
        const call = `${name}.${String(member)}`;
        point(call, 'before');
        const answer: unknown = await Reflect.apply(method, target, given);
        point(call, 'after');
        return answer;
      };
    },
  });
}
