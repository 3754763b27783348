import { Delivery } from '../../domain/delivery.ts';
import { refuse, succeed, type Result } from '../../domain/result.ts';
import type { DeadJob, JobCounts } from '../../ports/jobs.ts';
import type { App } from '../app.ts';
import { DELIVERIES } from '../deliveries.ts';
import { PARTNERS, PartnerOrder } from '../partners/deliver.ts';
import { CLOCKWORK } from './clockwork.ts';
import { NOTICES, orderText } from '../notices/send.ts';
import type { AppProblem } from '../problem.ts';

/** The queues of the bot, of notices and of partners, in the order in which they are told. */
const QUEUES = [DELIVERIES, CLOCKWORK, NOTICES, PARTNERS] as const;

/** A job that failed as often as it may, in words. */
export interface DeadWork extends DeadJob {
  readonly queue: string;
  /** What it was: the event and where, or what the timer was to do. */
  readonly what: string;
}

/** How the bot's work stands: what waits, and what nobody does any more unless somebody says so. */
export interface WorkHealth {
  readonly counts: JobCounts;
  /** Oldest first. */
  readonly dead: readonly DeadWork[];
}

export async function workHealth(app: App): Promise<WorkHealth> {
  const jobs = await app.jobs();
  const counts = { waiting: 0, running: 0, dead: 0 };
  const dead: DeadWork[] = [];
  for (const queue of QUEUES) {
    const own = await jobs.counts(queue);
    counts.waiting += own.waiting;
    counts.running += own.running;
    counts.dead += own.dead;
    dead.push(...(await jobs.dead(queue)).map((job) => ({ ...job, queue, what: whatOf(queue, job.data) })));
  }
  return { counts, dead: dead.toSorted((left, right) => (left.diedAt < right.diedAt ? -1 : 1)) };
}

/** Gives one dead job, or all of them, their tries again; answers which. Who may do what a delivery asks is judged when it is acted on. */
export async function reviveWork(app: App, id: string | null): Promise<Result<readonly DeadWork[], AppProblem>> {
  const jobs = await app.jobs();
  const { dead } = await workHealth(app);
  const chosen = id === null ? dead : dead.filter((job) => job.id === id);
  if (id !== null && chosen.length === 0) {
    const shown = id.length > 60 ? `${id.slice(0, 57)}...` : id;
    const text = `No dead job is called "${shown}". Those that there are: signalbox doctor --webhooks`;
    return refuse({ kind: 'usage', code: 'no-such-job', text });
  }
  const revived: DeadWork[] = [];
  // One that somebody else has revived meanwhile is alive, which is what was asked for.
  for (const job of chosen) if (await jobs.revive(job.queue, job.id)) revived.push(job);
  return succeed(revived);
}

function whatOf(queue: string, data: unknown): string {
  if (queue === CLOCKWORK) return 'reminders and trackers, due by the clock';
  if (queue === NOTICES) return orderText(data);
  if (queue === PARTNERS) {
    const order = PartnerOrder.safeParse(data);
    return order.success
      ? `entry ${order.data.seq} of the ledger to partner ${order.data.partner}`
      : 'a message to a partner';
  }
  const delivery = Delivery.safeParse(data);
  if (!delivery.success) return 'a job';
  const { event, repo, by } = delivery.data;
  const item = 'item' in delivery.data ? `#${delivery.data.item}` : '';
  return `${event} ${repo}${item} by ${by}`;
}
