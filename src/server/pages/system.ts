import { SystemView } from '../../api/views/system.ts';
import type { App } from '../../app/app.ts';
import { workHealth } from '../../app/bot/queues.ts';
import { webhookHealth } from '../../app/bot/webhook-health.ts';
import { forWhom, notTold } from '../../app/notices/told.ts';
import { examine, examineGit, examineWebhooks, type HealthCheck } from '../../app/doctor.ts';
import { observe } from '../../domain/observation.ts';
import { succeed } from '../../domain/result.ts';
import { systemDoc } from '../../web/pages/system.ts';
import { pageOf } from '../page.ts';

/** The doctor's readings as a page; what cannot be looked at is told as well. */
export const systemPage = pageOf<SystemView>({
  name: 'system',
  path: '/system',
  summary: 'Whether the server is well: sources, webhooks, jobs, locks, ledger',
  schema: SystemView,
  reads: [],
  budget: 10_000,
  read: async ({ app }) => {
    const now = app.clock.now();
    const [checks, git, hooks, work, leases] = await Promise.all([
      examine(app),
      examineGit(),
      observe('webhooks', now, () => webhookHealth(app)),
      observe('jobs', now, () => workHealth(app)),
      observe('locks', now, () => heldOf(app)),
    ]);
    const untold = await observe('notices', now, () => notTold(app));
    const webhooks: readonly HealthCheck[] = hooks.known
      ? examineWebhooks(hooks.value)
      : [{ name: 'webhooks', state: 'no-data', text: hooks.reason, fix: 'signalbox doctor --webhooks' }];
    const view: SystemView = {
      checks: [git, ...checks.map(ofServer)],
      webhooks: [...webhooks],
      jobs: work.known
        ? {
            known: true,
            waiting: work.value.counts.waiting,
            running: work.value.counts.running,
            dead: work.value.dead.map(({ id, queue, what, error, diedAt }) => ({ id, queue, what, error, diedAt })),
          }
        : { known: false, reason: work.reason },
      // Where the database cannot be read, jobs and locks say so.
      untold: (untold.known ? untold.value : []).map((one) => {
        const { id, notice, why, decidedAt } = one;
        return { id, who: forWhom(one), headline: notice.headline, why: why ?? '', at: decidedAt };
      }),
      locks: leases.known ? { known: true, held: leases.value } : { known: false, reason: leases.reason },
    };
    const isUnread = [...view.checks, ...view.webhooks].some(({ state }) => state === 'no-data');
    return succeed({ view, asOf: now, stale: isUnread || !work.known || !leases.known });
  },
  doc: systemDoc,
});

async function heldOf(app: App): Promise<{ key: string; holder: string; since: HeldSince }[]> {
  const leases = await app.leases();
  const held = await leases.holders(app.loaded.train.train);
  return held.map(({ key, by }) => ({ key, holder: by.holder, since: by.since }));
}

type HeldSince = Extract<SystemView['locks'], { readonly known: true }>['held'][number]['since'];

/** The doctor speaks to who gives the command; here that is the server. */
function ofServer(check: HealthCheck): HealthCheck {
  return { ...check, text: check.text.replace(/^you are /u, 'the server acts as ') };
}
