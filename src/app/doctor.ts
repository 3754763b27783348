import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { branchRef } from '../domain/git-names.ts';
import { failureCode } from '../domain/observation.ts';
import { reposOf, type RepoInRelease } from '../domain/train/naming.ts';
import type { App } from './app.ts';
import { releasesIn } from './calendar.ts';
import { workHealth } from './bot/queues.ts';
import type { HookHealth, WebhookHealth } from './bot/webhook-health.ts';
import { secretVariable } from './partners/deliver.ts';
import { listPartners } from './partners/partners-of.ts';
import { listReleases, type ReleaseRecord } from './releases.ts';

/** One thing that Signalbox needs, and how it is. */
export interface HealthCheck {
  readonly name: string;
  readonly state: 'pass' | 'failing' | 'no-data';
  readonly text: string;
  /** What to do about it; null where nothing has to be done. */
  readonly fix: string | null;
}

const OLDEST_GIT = [2, 39] as const;
const LIMIT_MS = 10_000;

/** Whether git is there and new enough. */
export async function examineGit(): Promise<HealthCheck> {
  const name = 'git';
  try {
    const { stdout } = await promisify(execFile)('git', ['--version'], {
      timeout: LIMIT_MS,
      env: { ...process.env, LC_ALL: 'C' },
    });
    const [major = 0, minor = 0] = (/(\d+)\.(\d+)/.exec(stdout) ?? []).slice(1).map(Number);
    const enough = major > OLDEST_GIT[0] || (major === OLDEST_GIT[0] && minor >= OLDEST_GIT[1]);
    const text = `git ${major}.${minor}`;
    return enough
      ? { name, state: 'pass', text, fix: null }
      : { name, state: 'failing', text, fix: `install git ${OLDEST_GIT.join('.')} or newer` };
  } catch (error) {
    if (failureCode(error) === null) throw error;
    return {
      name,
      state: 'failing',
      text: 'git cannot be run',
      fix: `install git ${OLDEST_GIT.join('.')} or newer, and put it on the PATH`,
    };
  }
}

/** Looks at everything a train needs: who acts, the ledger, its locks, and every repository. Reads only. */
export async function examine(app: App): Promise<readonly HealthCheck[]> {
  const repos = await reposInUse(app);
  const checks = await Promise.all([
    attempt('who', 'check the token: signalbox help environment', async () =>
      pass('who', `you are ${await app.who()}`),
    ),
    attempt('requests', 'wait until the hour is over, or use another token', () => examineBudget(app)),
    attempt('ledger', 'signalbox log --verify', () => examineLedger(app)),
    attempt('jobs', 'signalbox doctor --webhooks', () => examineWork(app)),
    attempt('locks', 'signalbox doctor', () => examineLocks(app)),
    ...repos.map(({ key, entry, remote }) =>
      attempt(`repo ${key}`, `try it by hand: git ls-remote ${remote ?? key}`, () =>
        examineRepo(app, { key, entry, remote }),
      ),
    ),
  ]);
  return [...checks, ...(await examinePartners(app))];
}

/** The repositories of the live releases, or of the newest line the calendar knows when none is live; watched ones are left out. */
async function reposInUse(app: App): Promise<readonly InUse[]> {
  const { train } = app.loaded;
  const live = (await releasesOf(app)).filter(({ closed }) => closed === null).map(({ release }) => release);
  const releases = live.length > 0 ? live : releasesIn(train).slice(0, 1);
  const found = new Map(
    releases.flatMap((release) => reposOf(train, release).map((repo) => [repo.key, repo] as const)),
  );
  return [...found.values()];
}

type InUse = Pick<RepoInRelease, 'key' | 'entry' | 'remote'>;

/** A ledger that cannot be read is told by its own check; it does not keep the repositories from being looked at. */
async function releasesOf(app: App): Promise<readonly ReleaseRecord[]> {
  try {
    return await listReleases(app);
  } catch (error) {
    if (failureCode(error) === null) throw error;
    return [];
  }
}

function pass(name: string, text: string): HealthCheck {
  return { name, state: 'pass', text, fix: null };
}

/** A failure of the world is what a check is for; a bug is thrown on. */
async function attempt(name: string, fix: string, check: () => Promise<HealthCheck>): Promise<HealthCheck> {
  try {
    return await check();
  } catch (error) {
    if (!(error instanceof Error) || failureCode(error) === null) throw error;
    return { name, state: 'failing', text: error.message, fix };
  }
}

/** What the forge still allows this hour: below a tenth, a look at a large train may not come to its end. */
async function examineBudget(app: App): Promise<HealthCheck> {
  if (app.forge === null) return pass('requests', 'the train has no forge');
  const budgets = await app.forge.people.budget();
  const low = budgets.filter(({ remaining, limit }) => remaining * 10 < limit);
  const say = budgets.map(({ kind, remaining, limit }) => `${kind} ${remaining} of ${limit}`).join(', ');
  const [first] = low;
  if (first === undefined) return pass('requests', `left this hour: ${say}`);
  const text = `${first.kind} has ${first.remaining} of ${first.limit} left until ${first.resetsAt}`;
  return { name: 'requests', state: 'failing', text, fix: 'wait until then, or use another token' };
}

async function examineLedger(app: App): Promise<HealthCheck> {
  const ledger = await app.ledger();
  const { entries, faults } = await ledger.verify(app.loaded.train.train);
  if (faults.length === 0) return pass('ledger', `${entries} ${entries === 1 ? 'entry' : 'entries'}, every hash holds`);
  return {
    name: 'ledger',
    state: 'failing',
    text: `${faults.length} faults in ${entries} entries`,
    fix: 'signalbox log --verify',
  };
}

/** Work of the bot that nobody does any more: a command in it has no answer yet. */
async function examineWork(app: App): Promise<HealthCheck> {
  const { counts, dead } = await workHealth(app);
  const [oldest] = dead;
  const waiting = `${counts.waiting} waiting, ${counts.running} running`;
  if (oldest === undefined) return pass('jobs', `none is dead; ${waiting}`);
  const one = dead.length === 1;
  return {
    name: 'jobs',
    state: 'failing',
    text: `${dead.length} dead since ${oldest.diedAt}: ${oldest.what} failed with: ${oldest.error.slice(0, 200)}; ${waiting}`,
    fix: `see to the cause, then: signalbox bot revive ${one ? oldest.id : '--all'}`,
  };
}

/** Partners of the train: whether messages to them can be signed, and arrive. */
async function examinePartners(app: App): Promise<readonly HealthCheck[]> {
  if (Object.keys(app.loaded.train.webhooks).length === 0) return [];
  try {
    return (await listPartners(app)).map(({ name, host, secrets, failed }): HealthCheck => {
      const what = `partner ${name}`;
      const [oldest] = failed;
      if (secrets === 0) {
        const text = 'has no secret here, so that nothing is sent by this process';
        return { name: what, state: 'failing', text, fix: `set ${secretVariable(name)}, or its _FILE` };
      }
      if (oldest === undefined) return pass(what, `${host} is told by ${secrets === 1 ? 'one secret' : 'two secrets'}`);
      const text = `${failed.length} messages failed for good since ${oldest.diedAt}: ${oldest.error.slice(0, 200)}`;
      return { name: what, state: 'failing', text, fix: `see to the cause, then: signalbox webhook redeliver ${name}` };
    });
  } catch (error) {
    if (!(error instanceof Error) || failureCode(error) === null) throw error;
    return [{ name: 'partners', state: 'failing', text: error.message, fix: 'signalbox webhook list' }];
  }
}

/** The webhooks by the forge's own record: what never arrived, and what came more than once. */
export function examineWebhooks(health: WebhookHealth | null): readonly HealthCheck[] {
  if (health === null) return [pass('webhooks', 'the train has no forge')];
  const { hooks, unreadable } = health;
  const unread = unreadable.map((repo): HealthCheck => ({
    name: `webhook ${repo}`,
    state: 'no-data',
    text: 'its webhooks may not be read',
    fix: 'use the token of an admin, or act as the GitHub App: signalbox help environment',
  }));
  const none: HealthCheck = {
    name: 'webhooks',
    state: 'no-data',
    text: 'no webhook of the train sends to a bot',
    fix: 'set one up at the forge, and start: signalbox bot serve',
  };
  return hooks.length === 0 && unread.length === 0 ? [none] : [...hooks.map(checkOfHook), ...unread];
}

function checkOfHook({ place, record }: HookHealth): HealthCheck {
  const name = `webhook ${place}`;
  if (!record.known)
    return { name, state: 'no-data', text: record.reason, fix: 'check the token: signalbox help environment' };
  const { sent, replayed, recovered, lost, newest } = record.value;
  const last = newest === null ? '' : `, the newest ${newest}`;
  const text = `${sent} sent in three days${last}; ${lost.length} lost, ${recovered} recovered, ${replayed} replayed`;
  const [oldest] = lost;
  if (oldest === undefined) return pass(name, text);
  return {
    name,
    state: 'failing',
    text: `${text}; the oldest lost: ${oldest.event} at ${oldest.at}, delivery ${oldest.guid}`,
    fix: 'a running bot takes them in within ten minutes: signalbox bot serve',
  };
}

async function examineLocks(app: App): Promise<HealthCheck> {
  const leases = await app.leases();
  const held = await leases.holders(app.loaded.train.train);
  const [first] = held;
  if (first === undefined) return pass('locks', 'nobody holds a release');
  return pass(
    'locks',
    held.map(({ key, by }) => `${key.replace(/^release:/, '')} is held by ${by.holder} since ${by.since}`).join('; '),
  );
}

async function examineRepo(app: App, { key, entry, remote }: InUse): Promise<HealthCheck> {
  const name = `repo ${key}`;
  if (remote === null)
    return {
      name,
      state: 'no-data',
      text: 'the train file gives it no remote',
      fix: `signalbox config explain repos.${key}.remote`,
    };
  const [head] = await app.git.remoteRefs({ repo: key, remote }, [branchRef(entry.source)]);
  if (head !== undefined) return pass(name, `${entry.source} is at ${head.id.slice(0, 9)}`);
  return {
    name,
    state: 'failing',
    text: `there is no branch ${entry.source} to cut from`,
    fix: `signalbox config explain repos.${key}.source`,
  };
}
