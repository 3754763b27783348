import { z } from 'zod';
import type { App } from '../app/app.ts';
import { applyPlan } from '../app/apply-plan.ts';
import { compose } from '../app/compose.ts';
import { secretOf } from '../config/environment-reading.ts';
import { Instant } from '../domain/instant.ts';
import type { Clock } from '../ports/clock.ts';

/** One `apply` as a process of its own carries it out: where, as whom, when, and what happens to it on the way. */
export const ApplyOrder = z.strictObject({
  trainFile: z.string(),
  token: z.string(),
  /** Null for the embedded server beside the train file. */
  databaseUrl: z.string().nullable(),
  now: Instant,
  plan: z.string(),
  confirmation: z.string().nullable(),
  /** Who acts, where no forge says it. */
  user: z.string().nullable().default(null),
  /** With what is uploaded to the channel `pypi`; null where nothing is. */
  indexToken: z.string().nullable().default(null),
  /** The number of the announcement, from 1, at which the process kills itself; null for never. */
  killAt: z.int().nullable(),
  /** The announcement, `git.push before`, at whose first coming the process stands still until it is told to go on. */
  pauseAt: z.string().nullable(),
});
export type ApplyOrder = z.input<typeof ApplyOrder>;

/** How an `apply` ended, as far as tests look at it. */
export const ApplyEnd = z.discriminatedUnion('end', [
  z.object({ end: z.enum(['finished', 'interrupted']) }),
  z.object({ end: z.literal('stopped'), reasons: z.array(z.string()) }),
  z.object({ end: z.literal('halted'), text: z.string() }),
  z.object({ end: z.literal('refused'), codes: z.array(z.string()), text: z.string() }),
  z.object({ end: z.literal('failed'), name: z.string(), text: z.string() }),
]);
export type ApplyEnd = z.infer<typeof ApplyEnd>;

/** Puts the real adapters behind the order's train, as somebody with a token. */
export async function composeFor(
  order: Pick<ApplyOrder, 'trainFile' | 'token' | 'databaseUrl' | 'user' | 'indexToken'>,
  clock: Clock,
): Promise<App> {
  const app = await compose({
    trainFile: order.trainFile,
    environment: {
      githubToken: secretOf(order.token),
      databaseUrl: order.databaseUrl === null ? null : secretOf(order.databaseUrl),
      githubApp: null,
      webhookSecret: null,
      notices: { smtp: null, rooms: new Map(), folder: null },
      storeKeys: new Map(),
      storeAddresses: new Map(),
      indexTokens: new Map(typeof order.indexToken === 'string' ? [['pypi', secretOf(order.indexToken)]] : []),
      indexUploads: new Map(),
      jobIdentity: null,
      partnerSecrets: new Map(),
      oauth: null,
      python: null,
      serverToken: null,
      user: order.user ?? null,
    },
    clock,
  });
  if (!app.ok) throw new Error(`the train file of the test is wrong: ${JSON.stringify(app.problems)}`);
  return app.value;
}

/** Applies once and says how it ended; a failure of the world is an end too. */
export async function applyOnce(app: App, order: Pick<ApplyOrder, 'plan' | 'confirmation'>): Promise<ApplyEnd> {
  try {
    const applied = await applyPlan(app, {
      id: order.plan,
      confirmation: order.confirmation,
      stop: new AbortController().signal,
      report: () => {},
    });
    if (!applied.ok) {
      const codes = applied.problems.map(({ code }) => code);
      return { end: 'refused', codes, text: applied.problems.map(({ text }) => text).join('\n') };
    }
    const { end, stopped, halt } = applied.value;
    if (end === 'halted') return { end, text: halt === null ? '' : `${halt.what} by ${halt.by}: ${halt.reason}` };
    return end === 'stopped' ? { end, reasons: stopped.map(({ reason }) => reason) } : { end };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return { end: 'failed', name: error.name, text: error.message };
  }
}
