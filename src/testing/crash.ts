import type { App } from '../app/app.ts';
import type { Forge } from '../ports/forge.ts';
import type { LeaseAnswer, Leases, Ledger } from '../ports/ledger.ts';

/** Told before and after each call of a port: the place where a process may die. */
export type CrashPoint = (call: string, when: 'before' | 'after') => void;

/** The app with every call of git, files and pages of channels, package indexes, the forge, the ledger, the leases and a lease that was taken announced before and after it. */
export function withCrashPoints(app: App, point: CrashPoint): App {
  const { forge } = app;
  return {
    ...app,
    git: announced('git', app.git, point),
    files: announced('files', app.files, point),
    pages: announced('pages', app.pages, point),
    packages: announced('packages', app.packages, point),
    forge: forge === null ? null : announcedForge(forge, point),
    ledger: async (): Promise<Ledger> => announced('ledger', await app.ledger(), point),
    leases: async (): Promise<Leases> => announcedLeases(await app.leases(), point),
    who: () => told('app.who', point, () => app.who()),
  };
}

/** Every part of the forge, whatever parts there are. */
function announcedForge(forge: Forge, point: CrashPoint): Forge {
  return new Proxy(forge, {
    get(target, part, receiver) {
      const port: unknown = Reflect.get(target, part, receiver);
      return typeof port === 'object' && port !== null ? announced(`forge.${String(part)}`, port, point) : port;
    },
  });
}

function announcedLeases(leases: Leases, point: CrashPoint): Leases {
  const known = announced('leases', leases, point);
  return {
    take: async (...given): Promise<LeaseAnswer> => {
      const answer = await known.take(...given);
      return answer.taken ? { taken: true, lease: announced('lease', answer.lease, point) } : answer;
    },
    holders: (...given) => known.holders(...given),
    breakLease: (...given) => known.breakLease(...given),
  };
}

function announced<Port extends object>(name: string, port: Port, point: CrashPoint): Port {
  return new Proxy(port, {
    get(target, member, receiver) {
      const method: unknown = Reflect.get(target, member, receiver);
      if (typeof method !== 'function') return method;
      return (...given: readonly unknown[]) =>
        told(callName(name, member, given), point, async () => {
          const answer: unknown = await Reflect.apply(method, target, given);
          return answer;
        });
    },
  });
}

/** An append is named by what it writes: an intent and a receipt are different places to die at. */
function callName(port: string, member: string | symbol, given: readonly unknown[]): string {
  const call = `${port}.${String(member)}`;
  if (call !== 'ledger.append' || !Array.isArray(given[1])) return call;
  const types = given[1].map((draft: { readonly event: { readonly type: string } }) => draft.event.type);
  return `${call} ${[...new Set(types)].join('+')}`;
}

async function told<Answer>(call: string, point: CrashPoint, work: () => Promise<Answer>): Promise<Answer> {
  point(call, 'before');
  const answer = await work();
  point(call, 'after');
  return answer;
}
