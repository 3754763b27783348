import { randomBytes } from 'node:crypto';
import { createHash } from 'node:crypto';
import { chown, lchown, lstat, mkdir, readdir, readFile, realpath, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { LedgerError } from '../../../ports/ledger.ts';
import { folderError, programError } from './failures.ts';
import { type Binaries, MAJOR } from './binaries.ts';
import { isAlive } from './process-table.ts';
import { databaseUser, spawnAs, type DatabaseUser } from './unprivileged.ts';

/** Where a database lives in a folder of ours. All paths are real ones, without symbolic links. */
export interface DataFolder {
  /** `.signalbox`, or what the user named. */
  readonly home: string;
  /** The server's data. */
  readonly data: string;
  /** The server's own log, for the day it does not start. */
  readonly log: string;
  /** The folder of the unix socket. */
  readonly socketDir: string;
  /** The socket itself. */
  readonly socket: string;
  /** Name of the lock that a starter holds: an abstract socket, which the kernel frees when its process dies. */
  readonly startLock: string;
}

/** The superuser of the embedded server: owns the tables, and is used for nothing but migrations. */
export const OWNER = 'signalbox_owner';

const SOCKET_NAME = '.s.PGSQL.5432';
/** What the kernel takes for a socket's path, without the final NUL. */
const LONGEST_SOCKET = 107;

/** Makes the folder where needed and says where everything in it lies. */
export async function dataFolder(dir: string): Promise<DataFolder> {
  try {
    await mkdir(dir, { recursive: true, mode: 0o755 });
    const home = await realpath(dir);
    const data = join(home, 'postgres');
    const id = createHash('sha256').update(data).digest('hex').slice(0, 32);
    const besides = join('/tmp', `signalbox-${id}`);
    const socketDir = Buffer.byteLength(join(data, SOCKET_NAME)) <= LONGEST_SOCKET ? data : besides;
    return {
      home,
      data,
      log: join(home, 'postgres.log'),
      socketDir,
      socket: join(socketDir, SOCKET_NAME),
      startLock: `\0signalbox-start-${id}`,
    };
  } catch (cause) {
    throw folderError(cause, dir);
  }
}

/**
 * Makes sure of data that our server can run on, and says whom to run it as. New data is made beside its place and moved there whole,
 * so that a kill half-way leaves nothing that looks like data. Only for who holds the start lock.
 */
export async function prepareData(folder: DataFolder, binaries: Binaries): Promise<DatabaseUser> {
  const owner = await stat(folder.data).catch(() => null);
  const user = await databaseUser(owner);
  await removeAbandoned(folder);
  if (owner === null || (await readdir(folder.data)).length === 0) await makeData(folder, binaries, user);
  else await checkData(folder, user, owner.uid);
  if (folder.socketDir !== folder.data) await makeSocketFolder(folder.socketDir, user);
  return user;
}

async function checkData({ data }: DataFolder, user: DatabaseUser, owner: number): Promise<void> {
  if (!user.stepsDown && owner !== user.uid) {
    throw new LedgerError(
      'not-allowed',
      `The database in ${data} belongs to user ${owner}, and you are user ${user.uid}. Run signalbox as that user or as root.`,
    );
  }
  const version = await readFile(join(data, 'PG_VERSION'), 'utf8').catch(() => null);
  if (version === null) {
    throw new LedgerError(
      'damaged',
      `${data} is not the data of a PostgreSQL server (it has no PG_VERSION). Bring the folder back from a backup, ` +
        `or move it away and import the ledger from an export.`,
    );
  }
  if (version.trim() !== `${MAJOR}`) {
    throw new LedgerError(
      'unsupported',
      `The data in ${data} was made by PostgreSQL ${version.trim()}; this Signalbox brings ${MAJOR}. Export the ledger with the ` +
        `Signalbox that made it, move the folder away, and import it here.`,
    );
  }
  // Data copied by root belongs to root, as whom the server does not run.
  if (owner !== user.uid) await giveTo(data, user);
}

async function makeData(folder: DataFolder, binaries: Binaries, user: DatabaseUser): Promise<void> {
  const fresh = `${folder.data}.new-${process.pid}-${randomBytes(4).toString('hex')}`;
  try {
    await mkdir(fresh, { mode: 0o700 });
    if (user.stepsDown) await chown(fresh, user.uid, user.gid);
    const options = ['--auth=trust', '--data-checksums', '--encoding=UTF8', '--locale=C', '--no-instructions'];
    const child = await spawnAs({
      program: binaries.initdb,
      args: [`--pgdata=${fresh}`, `--username=${OWNER}`, ...options],
      user,
      reaches: [folder.home],
      cwd: '/',
      stdio: ['ignore', 'ignore', 'pipe'],
      detached: false,
    });
    const ended = new Promise<number | null>((resolve, reject) => {
      child.once('error', reject).once('close', resolve);
    });
    const [said, code] = await Promise.all([child.stderr === null ? '' : text(child.stderr), ended]);
    if (code !== 0) throw programError({ doing: 'make a new database', place: folder.data, said });
    await rename(fresh, folder.data);
  } catch (cause) {
    await rm(fresh, { recursive: true, force: true });
    throw cause instanceof LedgerError ? cause : folderError(cause, folder.home);
  }
}

/** Data that a starter was making when it was killed. */
async function removeAbandoned(folder: DataFolder): Promise<void> {
  for (const name of await readdir(folder.home)) {
    const maker = /^postgres\.new-(\d+)-/.exec(name)?.[1];
    if (maker === undefined || (Number(maker) !== process.pid && (await isAlive(Number(maker))))) continue;
    await rm(join(folder.home, name), { recursive: true, force: true });
  }
}

/** A folder for the socket where the data's own path is too long. Its name is known to all, so another user's is not taken. */
async function makeSocketFolder(path: string, user: DatabaseUser): Promise<void> {
  const made = await mkdir(path, { mode: 0o700 }).then(
    () => true,
    () => false,
  );
  if (made && user.stepsDown) await chown(path, user.uid, user.gid);
  const found = await lstat(path).catch(() => null);
  if (found?.isDirectory() !== true || found.uid !== user.uid || (found.mode & 0o077) !== 0) {
    throw new LedgerError(
      'not-allowed',
      `The folder for the database's socket, ${path}, is not private to user ${user.uid}. Remove it, or use a folder with a shorter path.`,
    );
  }
}

async function giveTo(path: string, user: DatabaseUser): Promise<void> {
  await lchown(path, user.uid, user.gid);
  for (const name of await readdir(path, { recursive: true })) await lchown(join(path, name), user.uid, user.gid);
}
