import { elapsedMillis, type Instant } from '../../domain/instant.ts';
import { failureCode } from '../../domain/observation.ts';
import type { ReleaseVersion } from '../../domain/version.ts';
import type { Lease } from '../../ports/ledger.ts';
import type { App } from '../app.ts';
import { listReleases } from '../releases.ts';
import { NOTHING_KEPT, recordVerdicts, type Kept } from './record.ts';

/** The lock of the process that looks at the gates; it ends with its process, and another one takes it. */
const VERDICTS_LEASE = 'verdicts';

/** Every live release is judged so often, */
const LOOK_EVERY_MILLIS = 10 * 60_000;
/** and sooner when something happened, but not more often than is good for the forge. */
const LEAST_MILLIS = 2 * 60_000;

export interface VerdictWatch {
  /** Looks at the gates when that is due; to be called every minute or so. */
  tick(): Promise<void>;
  /** Begins with no further release. */
  leave(): void;
  /** To be called once no tick is under way. */
  stop(): Promise<void>;
}

type Log = (event: string, facts: Readonly<Record<string, unknown>>) => void;

/**
 * Judges live releases from time to time, and soon after the ledger or a webhook told that something happened, and records the verdicts that turned. One
 * process of a train does it; what it keeps in between may be lost at any time.
 */
export async function startVerdictWatch(app: App, log: Log): Promise<VerdictWatch> {
  const watch = new Watch(app, log);
  const listening = await (await app.signals()).hear(app.loaded.train.train, () => watch.hear());
  return {
    tick: () => watch.tick(),
    leave: () => watch.leave(),
    stop: async () => {
      await listening.stop();
      await watch.end();
    },
  };
}

class Watch {
  readonly #app: App;
  readonly #log: Log;
  #lease: Lease | null = null;
  #looked: Instant;
  #leaving = false;
  /** Something did since the last look, or may have: while nobody looked. */
  #happened = true;
  #kept: ReadonlyMap<ReleaseVersion, Kept> = new Map();

  constructor(app: App, log: Log) {
    this.#app = app;
    this.#log = log;
    this.#looked = app.clock.now();
  }

  hear(): void {
    this.#happened = true;
  }

  leave(): void {
    this.#leaving = true;
  }

  async end(): Promise<void> {
    await this.#lease?.release();
  }

  async tick(): Promise<void> {
    if (!(await this.#holds())) return;
    const now = this.#app.clock.now();
    const ago = elapsedMillis(this.#looked, now);
    // A clock that jumped back does not keep us from looking.
    if (ago >= 0 && ago < (this.#happened ? LEAST_MILLIS : LOOK_EVERY_MILLIS)) return;
    // After a long sleep nothing is known of what lay between.
    if (ago > 3 * LOOK_EVERY_MILLIS) this.#kept = new Map();
    this.#looked = now;
    this.#happened = false;
    await this.#look();
  }

  async #holds(): Promise<boolean> {
    if (this.#lease !== null && (await this.#lease.isHeld())) return true;
    await this.#lease?.release();
    this.#lease = null;
    // Another process looked meanwhile: what was in doubt here may be known there.
    this.#kept = new Map();
    const leases = await this.#app.leases();
    const holder = { holder: await this.#app.who(), since: this.#app.clock.now() };
    const answer = await leases.take(this.#app.loaded.train.train, VERDICTS_LEASE, holder);
    if (answer.taken) this.#lease = answer.lease;
    return answer.taken;
  }

  async #look(): Promise<void> {
    const live = (await listReleases(this.#app)).filter(({ closed }) => closed === null);
    const next = new Map<ReleaseVersion, Kept>();
    for (const { release } of live) {
      if (this.#leaving) return;
      next.set(release, await this.#lookAt(release));
    }
    this.#kept = next;
  }

  async #lookAt(release: ReleaseVersion): Promise<Kept> {
    const before = this.#kept.get(release) ?? NOTHING_KEPT;
    try {
      const { recorded, ...after } = await recordVerdicts(this.#app, release, before);
      if (recorded !== null) this.#log('verdicts-recorded', { release, entry: recorded.seq });
      return after;
    } catch (error) {
      if (failureCode(error) === null || !(error instanceof Error)) throw error;
      this.#log('verdicts-not-recorded', { release, reason: error.message });
      return before;
    }
  }
}
