import { addSeconds } from '../domain/instant.ts';
import { actOnDeliveries, hooksOf, startTicking } from './duties.ts';
import { startApplyWorker } from './apply-worker.ts';
import { every } from './every.ts';
import { openIntake, type OpenIntake } from './intake.ts';
import type { Metrics } from './metrics.ts';
import { startNoticeWorker } from './notice-worker.ts';
import type { ServeOptions } from './serve-options.ts';
import { startPartnerWorker } from './partner-worker.ts';
import { Snapshots } from './snapshots.ts';

/** What is watched and has grown old is read again within so long of it. */
const REFRESH_MILLIS = 1_000;
/** What pages showed is kept for a quarter of a year. */
const KEPT_SECONDS = 90 * 24 * 3_600;
const FORGET_MILLIS = 6 * 3_600_000;

/** Pages as they were last read, each version of them counted and kept. */
export async function keptSnapshots(
  { app, log, patience }: Pick<ServeOptions, 'app' | 'log' | 'patience'>,
  metrics: Metrics,
): Promise<Snapshots> {
  const { train } = app.loaded.train;
  const history = await app.viewHistory();
  return new Snapshots({
    app,
    ...(patience === undefined ? {} : { patience }),
    failed: (page, error) => {
      metrics.reading(page, 'failed');
      log('page-reading-failed', { page, reason: error instanceof Error ? error.message : String(error) });
    },
    changed: (key, page, { data, asOf, stale, version, readAt, outdatedAt }) => {
      metrics.reading(page.name, 'read');
      const kept = history.keep(train, key, { at: outdatedAt ?? readAt, asOf, stale, version, data });
      kept.catch((error: unknown) => log('view-not-kept', { page: page.name, reason: String(error) }));
    },
  });
}

/** What a server does besides answering. */
export interface Working {
  /** Where webhooks come in; null without a secret. */
  readonly intake: OpenIntake | null;
  stop(): Promise<void>;
}

/** Takes webhooks in, hears what other processes tell, looks at the clock, and reads again what is open. */
export async function startWorking(options: ServeOptions, snapshots: Snapshots): Promise<Working> {
  const { app, log, works } = options;
  const { train } = app.loaded.train;
  const [signals, history] = [await app.signals(), await app.viewHistory()];
  const telling = works ? await startNoticeWorker(app, log, siteAddress(options)) : null;
  const partners = works ? await startPartnerWorker(app, log) : null;
  const listening = await signals.hear(train, () => {
    snapshots.changed();
    telling?.changed();
    partners?.changed();
  });
  const intake = await intakeOf(options, () => signals.tell(train));
  const ticking = works ? await startTicking(app, log) : null;
  const applying = works ? await startApplyWorker(app) : null;
  const forget = async (): Promise<void> => {
    await history.forget(train, addSeconds(app.clock.now(), -KEPT_SECONDS));
  };
  const failed = (error: unknown): void => log('views-not-forgotten', { reason: String(error) });
  const refresh = async (): Promise<void> => snapshots.refresh();
  const ends = [every(REFRESH_MILLIS, refresh, failed), every(FORGET_MILLIS, forget, failed)];
  return {
    intake,
    stop: async () => {
      for (const end of ends) await end();
      await applying?.stop();
      await partners?.stop();
      await ticking?.stop();
      await intake?.stop();
      await listening.stop();
      await telling?.stop();
    },
  };
}

/** Where links in messages lead; nowhere while only a port that is not known yet would be said. */
function siteAddress({ safe, port }: ServeOptions): string | null {
  if (safe.outside !== null) return safe.outside;
  return port === 0 ? null : `http://127.0.0.1:${port}`;
}

async function intakeOf(options: ServeOptions, tell: () => Promise<void>): Promise<OpenIntake | null> {
  const { app, webhookSecrets: secrets, log, works } = options;
  if (secrets.length === 0) return null;
  const act = actOnDeliveries(app, log);
  return openIntake({
    jobs: await app.jobs(),
    clock: app.clock,
    hook: await hooksOf(app, log),
    secrets,
    log,
    handle: works
      ? async (delivery, isLast) => {
          // Whoever looks at a page sees what the webhook told, before and after the bot acted on it.
          await tell();
          await act(delivery, isLast);
          await tell();
        }
      : null,
  });
}
