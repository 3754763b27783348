import { spawn, type ChildProcess, type StdioOptions } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { LedgerError } from '../../../ports/ledger.ts';

/** Whom the database runs as. PostgreSQL refuses to run as root. */
export interface DatabaseUser {
  readonly uid: number;
  readonly gid: number;
  /** True when we are root and step down to this user. */
  readonly stepsDown: boolean;
}

/** Users to step down to, the first that exists; all of them own nothing on a usual system. */
const CANDIDATES = ['nobody', 'daemon', 'bin'];

/** Ourselves, or when we are root an unprivileged user: the one that owns the data already, else a usual one. */
export async function databaseUser(
  ownerOfData: { readonly uid: number; readonly gid: number } | null,
): Promise<DatabaseUser> {
  const uid = process.getuid?.() ?? 0;
  const gid = process.getgid?.() ?? 0;
  if (uid !== 0) return { uid, gid, stepsDown: false };
  if (ownerOfData !== null && ownerOfData.uid !== 0) return { ...ownerOfData, stepsDown: true };
  const lines = (await readFile('/etc/passwd', 'utf8').catch(() => '')).split('\n').map((line) => line.split(':'));
  for (const name of CANDIDATES) {
    const found = lines.find((fields) => fields[0] === name);
    const [ofUser, ofGroup] = [Number(found?.[2]), Number(found?.[3])];
    if (ofUser > 0 && ofGroup > 0) return { uid: ofUser, gid: ofGroup, stepsDown: true };
  }
  throw new LedgerError(
    'unsupported',
    `The database does not run as root, and there is no unprivileged user to run it as (looked for ${CANDIDATES.join(', ')}). ` +
      `Run signalbox as another user, or set DATABASE_URL.`,
  );
}

interface Command {
  readonly program: string;
  readonly args: readonly string[];
  readonly user: DatabaseUser;
  /** Folders that the program must reach. */
  readonly reaches: readonly string[];
  readonly cwd: string;
  readonly stdio: StdioOptions;
  /** Lives on when we end. */
  readonly detached: boolean;
}

/**
 * Starts a program of the database as its user, with an environment that holds nothing of ours (no secret, no PG* setting, no language).
 * Where a folder on the way is closed to that user, as /root is, the program keeps of root's powers the one to pass and read; none to write.
 */
export async function spawnAs({ program, args, user, reaches, cwd, stdio, detached }: Command): Promise<ChildProcess> {
  const env = { LC_ALL: 'C', TZ: 'UTC', PATH: '/usr/local/bin:/usr/bin:/bin' };
  const common = { cwd, env, stdio, detached, shell: false };
  if (!user.stepsDown) return spawn(program, args, common);
  const closed = await firstClosed([...reaches, dirname(program)], user);
  if (closed === null) return spawn(program, args, { ...common, uid: user.uid, gid: user.gid });
  const setpriv = ['/usr/bin/setpriv', '/bin/setpriv'].find((path) => existsSync(path));
  if (setpriv === undefined) {
    throw new LedgerError(
      'not-allowed',
      `The database runs as user ${user.uid}, who may not pass ${closed}. Put the folder elsewhere, open it (chmod o+x ${closed}), or install util-linux (setpriv).`,
    );
  }
  const only = '-all,+dac_read_search';
  const drop = [
    `--reuid=${user.uid}`,
    `--regid=${user.gid}`,
    '--clear-groups',
    '--no-new-privs',
    // Without this bit access(2), by which PostgreSQL looks for its programs, would not count the power.
    '--securebits=+no_setuid_fixup,+no_setuid_fixup_locked',
    `--inh-caps=${only}`,
    `--ambient-caps=${only}`,
    `--bounding-set=${only}`,
    '--',
  ];
  return spawn(setpriv, [...drop, program, ...args], common);
}

/** The first folder on the way to one of the paths that the user may not pass. */
async function firstClosed(paths: readonly string[], user: DatabaseUser): Promise<string | null> {
  const folders = new Set(paths.flatMap((path) => withParents(path)));
  for (const folder of folders) {
    const found = await stat(folder).catch(() => null);
    if (found === null) continue;
    const bit = found.uid === user.uid ? 0o100 : found.gid === user.gid ? 0o010 : 0o001;
    if ((found.mode & bit) === 0) return folder;
  }
  return null;
}

function withParents(path: string): readonly string[] {
  const parent = dirname(path);
  return parent === path ? [path] : [...withParents(parent), path];
}
