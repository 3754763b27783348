import type { Instant } from '../domain/instant.ts';
import { refuse, succeed, type Result } from '../domain/result.ts';
import { rolesOf } from '../domain/train/roles.ts';
import type { Role } from '../domain/train/train.ts';
import { compareVersions, ReleaseVersion } from '../domain/version.ts';
import type { App } from './app.ts';
import type { AppProblem } from './problem.ts';
import { entriesOf, record } from './record.ts';
import { withTeams } from './teams.ts';

/** A release that people opened in the ledger, by `release create`. */
export interface ReleaseRecord {
  readonly release: ReleaseVersion;
  readonly createdAt: Instant;
  readonly createdBy: string;
  /** Closed once it is over, or abandoned for ever; null while it is live. */
  readonly closed: { readonly at: Instant; readonly reason: string; readonly how: 'closed' | 'abandoned' } | null;
}

/** The releases of the train, oldest version first. */
export async function listReleases(app: App): Promise<readonly ReleaseRecord[]> {
  const releases = new Map<ReleaseVersion, ReleaseRecord>();
  for (const { event, at, actor } of await entriesOf(app)) {
    if (event.type === 'release-created' && !releases.has(event.release)) {
      releases.set(event.release, { release: event.release, createdAt: at, createdBy: actor, closed: null });
    }
    if (event.type !== 'release-closed' && event.type !== 'release-abandoned') continue;
    const known = releases.get(event.release);
    const how = event.type === 'release-closed' ? 'closed' : 'abandoned';
    if (known !== undefined) releases.set(event.release, { ...known, closed: { at, reason: event.reason, how } });
  }
  return [...releases.values()].toSorted((left, right) => compareVersions(left.release, right.release));
}

/** Reads a release as it was typed; `fallback` is used when nothing was typed: the one live release, if there is only one. */
export async function resolveRelease(app: App, typed: string | undefined): Promise<Result<ReleaseVersion, AppProblem>> {
  if (typed !== undefined) return parseRelease(typed);
  const live = (await listReleases(app)).filter(({ closed }) => closed === null);
  const [only] = live;
  if (only !== undefined && live.length === 1) return succeed(only.release);
  const names = live.map(({ release }) => release).join(', ');
  const text =
    live.length === 0
      ? 'No release is live. Open one: signalbox release create X.Y.Z'
      : `Several releases are live: ${names}. Name one.`;
  return refuse({ kind: 'usage', code: 'which-release', text });
}

/** X.Y.Z, or a clear text about what it is instead. */
export function parseRelease(typed: string): Result<ReleaseVersion, AppProblem> {
  const parsed = ReleaseVersion.safeParse(typed.replace(/^v(?=\d)/, ''));
  if (parsed.success) return succeed(parsed.data);
  const shown = typed.length > 60 ? `${typed.slice(0, 57)}...` : typed;
  const hint = /^v?\d+\.\d+$/.test(typed)
    ? ` Did you mean ${typed.replace(/^v/, '')}.0?`
    : ' Write it as X.Y.Z, for example 2.8.0.';
  return refuse({ kind: 'usage', code: 'not-a-release', text: `"${shown}" is not a release.${hint}` });
}

/** Adds a release to the train. Twice is once. */
export async function createRelease(app: App, release: ReleaseVersion): Promise<Result<ReleaseRecord, AppProblem>> {
  const allowed = await requireRole(app, ['release-manager']);
  if (!allowed.ok) return allowed;
  const before = (await listReleases(app)).find((known) => known.release === release);
  if (before?.closed !== undefined && before.closed !== null) {
    return refuse({
      kind: 'refused',
      code: before.closed.how === 'closed' ? 'release-closed' : 'abandoned',
      text: `${release} was ${before.closed.how} ("${before.closed.reason}"); its record is frozen. A further release needs another number.`,
    });
  }
  if (before !== undefined) return succeed(before);
  await record(app, { type: 'release-created', release });
  const made = (await listReleases(app)).find((known) => known.release === release);
  if (made === undefined) throw new Error(`release ${release} was written and cannot be read back`);
  return succeed(made);
}

/** The record of a release that was opened, or that there is none. */
export async function requireRelease(app: App, release: ReleaseVersion): Promise<Result<ReleaseRecord, AppProblem>> {
  const known = (await listReleases(app)).find((candidate) => candidate.release === release);
  if (known !== undefined) return succeed(known);
  const text = `There is no release ${release}. List them: signalbox release list`;
  return refuse({ kind: 'usage', code: 'release-unknown', text });
}

export async function closeRelease(
  app: App,
  release: ReleaseVersion,
  reason: string,
): Promise<Result<ReleaseRecord, AppProblem>> {
  const allowed = await requireRole(app, ['release-manager']);
  if (!allowed.ok) return allowed;
  const found = await requireRelease(app, release);
  if (!found.ok) return found;
  const known = found.value;
  if (known.closed === null) await record(app, { type: 'release-closed', release, reason });
  const after = (await listReleases(app)).find((candidate) => candidate.release === release);
  return succeed(after ?? known);
}

/** Takes the lock of a release away from a process that is gone for good; the reason goes into the ledger. */
export async function unlockRelease(
  app: App,
  release: ReleaseVersion,
  reason: string,
): Promise<Result<{ readonly holder: string | null }, AppProblem>> {
  const allowed = await requireRole(app, ['release-manager']);
  if (!allowed.ok) return allowed;
  const key = `release:${release}`;
  const leases = await app.leases();
  const held = (await leases.holders(app.loaded.train.train)).find((lease) => lease.key === key);
  if (held === undefined) return succeed({ holder: null });
  await record(app, { type: 'lease-broken', release, lease: key, holder: held.by.holder, reason });
  await leases.breakLease(app.loaded.train.train, key);
  return succeed({ holder: held.by.holder });
}

/** Whether somebody has one of the roles in the train file, himself or by a team: who gives the command, unless another is named. */
export async function requireRole(
  app: App,
  roles: readonly Role[],
  named?: string,
): Promise<Result<string, AppProblem>> {
  const who = named ?? (await app.who());
  const { train } = (await withTeams(app)).loaded;
  if (rolesOf(train, who).some((role) => roles.includes(role))) return succeed(who);
  const asked = [...new Set(roles.flatMap((role) => train.roles[role]))];
  const people =
    asked.length === 0
      ? 'Nobody has it: name somebody under `roles` in the train file.'
      : `Ask ${asked.map((login) => `@${login}`).join(', ')}.`;
  const { unread } = await app.teams.read();
  const teams = unread.map(({ team, reason }) => ` Nobody counts as one of @${team}, which cannot be read: ${reason}`);
  return refuse({
    kind: 'not-allowed',
    code: 'role-missing',
    text: `This needs the role ${roles.join(' or ')}, and ${who} does not have it. ${people}${teams.join('')}`,
  });
}
