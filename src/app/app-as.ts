import { LedgerError, type Ledger } from '../ports/ledger.ts';
import type { App } from './app.ts';
import { asPerson } from './sign-in/person.ts';

function refuse(): Promise<never> {
  return Promise.reject(new LedgerError('refused', 'This token may only read. Make one with the scope write.'));
}

/**
 * The app as somebody whom a server made sure of. With the scope `read` nothing is written: neither the ledger, which stands before every act, nor leases,
 * nor jobs, and nobody is told.
 */
export async function appAs(app: App, login: string, scope: 'read' | 'write'): Promise<App> {
  const named: App = { ...(await asPerson(app, login)), close: () => Promise.resolve() };
  if (scope === 'write') return named;
  return {
    ...named,
    ledger: async (): Promise<Ledger> => ({ ...(await app.ledger()), append: refuse, restore: refuse }),
    leases: async () => ({ ...(await app.leases()), take: refuse, breakLease: refuse }),
    jobs: async () => ({ ...(await app.jobs()), add: refuse, revive: refuse }),
    notices: async () => {
      const box = await app.notices();
      return { ...box, choices: { ...box.choices, set: refuse }, advance: refuse, begin: refuse, settle: refuse };
    },
    telling: { ...app.telling, notifier: { send: refuse } },
  };
}
