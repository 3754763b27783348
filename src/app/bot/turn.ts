import type { App } from '../app.ts';

/**
 * Does work of the bot unless another process is at it right now; answers null then. Two that look for a comment at the same time would both write
 * it. The lock ends with its process.
 */
export async function inTurn<Done>(app: App, work: () => Promise<Done>): Promise<Done | null> {
  const leases = await app.leases();
  const holder = { holder: await app.who(), since: app.clock.now() };
  const answer = await leases.take(app.loaded.train.train, 'bot', holder);
  if (!answer.taken) return null;
  try {
    return await work();
  } finally {
    await answer.lease.release();
  }
}
