import { existsSync } from 'node:fs';
import { open, readFile, stat, truncate, writeFile } from 'node:fs/promises';
import { createServer, connect, type Server } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { LedgerError } from '../../../ports/ledger.ts';
import { findBinaries, type Binaries } from './binaries.ts';
import { dataFolder, prepareData, type DataFolder } from './data-folder.ts';
import { codeOf, folderError, programError } from './failures.ts';
import { processesIn, waitUntil, worksIn } from './process-table.ts';
import { spawnAs, type DatabaseUser } from './unprivileged.ts';

const START_WITHIN_MS = 60_000;
const STOP_WITHIN_MS = 20_000;
const SETTLED_AFTER_MS = 100;
const LONGEST_LOG = 8 * 1024 * 1024;

/** One server per folder, small, safe before fast: each commit is on the disk before it is answered. */
const SETTINGS = {
  listen_addresses: '',
  unix_socket_permissions: '0700',
  max_connections: '100',
  shared_buffers: '32MB',
  max_wal_size: '256MB',
  min_wal_size: '32MB',
  wal_level: 'minimal',
  max_wal_senders: '0',
  fsync: 'on',
  full_page_writes: 'on',
  synchronous_commit: 'on',
  jit: 'off',
  // In the folder, not in /dev/shm, where a killed server would leave it behind.
  dynamic_shared_memory_type: 'mmap',
  log_checkpoints: 'off',
  // Statements carry what people wrote: they stay out of the log.
  log_min_error_statement: 'panic',
  log_statement: 'none',
};

/**
 * Makes sure that a server runs on the folder's data: adopts the one that answers, else starts one. Any number of processes may ask at once;
 * one starts. The server outlives its starter; `stopServer` ends it.
 */
export async function ensureServer(folder: DataFolder): Promise<void> {
  const end = performance.now() + START_WITHIN_MS;
  while (!(await answers(folder.socket))) {
    const lock = await tryLock(folder.startLock);
    try {
      if (lock !== null) return (await answers(folder.socket)) ? undefined : await start(folder, end);
    } finally {
      lock?.close();
    }
    if (performance.now() > end) throw tookTooLong(folder);
    await delay(20);
  }
}

/** Ends the server of a folder, if one runs: connections are cut, what was committed stays. Returns whether one ran. */
export async function stopServer(dir: string): Promise<boolean> {
  const folder = await dataFolder(dir);
  const pid = await runningServer(folder);
  if (pid === null) return false;
  process.kill(pid, 'SIGINT');
  const gone = async (): Promise<boolean> => !(await worksIn(pid, folder.data));
  if (await waitUntil(gone, { withinMs: STOP_WITHIN_MS })) return true;
  process.kill(pid, 'SIGQUIT');
  await waitUntil(gone, { withinMs: STOP_WITHIN_MS });
  return true;
}

/** The error for a server that ended by itself, from what it wrote since it last started. */
export async function whyItEnded(folder: DataFolder): Promise<LedgerError> {
  const log = await readFile(folder.log, 'utf8').catch(() => '');
  const said = log.slice(Math.max(0, log.lastIndexOf('starting PostgreSQL')));
  return programError({ doing: 'keep the database running', place: folder.data, said });
}

/** The process id of the folder's server; null when none runs, whatever its pid file says. */
export async function runningServer(folder: DataFolder): Promise<number | null> {
  const pid = await recordedPid(folder);
  return pid !== null && (await worksIn(pid, folder.data)) ? pid : null;
}

async function recordedPid({ data }: DataFolder): Promise<number | null> {
  const lines = await readFile(join(data, 'postmaster.pid'), 'utf8').catch(() => '');
  const pid = Number.parseInt(lines, 10);
  return Number.isSafeInteger(pid) && pid > 0 ? pid : null;
}

async function start(folder: DataFolder, end: number): Promise<void> {
  const binaries = await findBinaries();
  const user = await prepareData(folder, binaries);
  for (;;) {
    if (await answers(folder.socket)) return;
    // One that runs and does not answer is on its way up or down.
    const said = (await runningServer(folder)) === null ? await launch(folder, binaries, user, end) : BUSY;
    if (said === null) return;
    // Left-over processes of a killed server see its death within moments and go; until then a new one must not touch the data.
    const passing = /pre-existing shared memory block|lock file .* already exists/.test(said);
    if (said !== BUSY && !passing) throw programError({ doing: 'start the database', place: folder.data, said });
    if (performance.now() > end) throw said === BUSY ? tookTooLong(folder) : await heldByOthers(folder, said);
    await delay(30);
  }
}

const BUSY = '';

/** Starts the server and waits until it answers (null) or has ended (what it said). */
async function launch(folder: DataFolder, binaries: Binaries, user: DatabaseUser, end: number): Promise<string | null> {
  await disownLocks(folder);
  const log = await openLog(folder);
  try {
    const from = (await log.stat()).size;
    const settings = Object.entries(SETTINGS).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    const child = await spawnAs({
      program: binaries.postgres,
      args: ['-D', folder.data, '-k', folder.socketDir, '-p', '5432', ...settings],
      user,
      reaches: [folder.data, folder.socketDir],
      cwd: '/',
      stdio: ['ignore', log.fd, log.fd],
      detached: true,
    });
    let ended: Error | true | null = null;
    child.once('exit', () => (ended ??= true)).once('error', (error) => (ended ??= error));
    child.unref();
    for (;;) {
      if (ended !== null)
        return ended === true ? await readFrom(folder.log, from) : Promise.reject(folderError(ended, folder.home));
      if (await answers(folder.socket)) return null;
      if (performance.now() > end) throw tookTooLong(folder);
      await delay(10);
    }
  } finally {
    await log.close();
  }
}

/**
 * After a kill the server's lock files may name a zombie, or a stranger who got the number since; PostgreSQL would refuse to start for either.
 * The rest of the pid file must stay: by it PostgreSQL sees left-over processes of the killed server. So only the number is changed, to that
 * of the new server's parent, which PostgreSQL knows not to be a server. Only for who holds the start lock.
 */
async function disownLocks(folder: DataFolder): Promise<void> {
  const paths = [join(folder.data, 'postmaster.pid'), `${folder.socket}.lock`];
  const found = await Promise.all(
    paths.map(async (path) => ({ path, content: await readFile(path, 'utf8').catch(() => '') })),
  );
  const stale = found.filter(({ content }) => {
    const pid = Number.parseInt(content, 10);
    // A number that nobody has, PostgreSQL sees through by itself.
    return pid > 0 && pid !== process.pid && existsSync(`/proc/${pid}`);
  });
  if (stale.length === 0) return;
  // A starter that was killed may have started a server a moment ago; by now that one is to be seen.
  await delay(SETTLED_AFTER_MS);
  if ((await processesIn(folder.data)).length > 0) return;
  for (const { path, content } of stale) {
    const present = await readFile(path, 'utf8').catch(() => '');
    if (present === content) await writeFile(path, content.replace(/^\d+/, `${process.pid}`));
  }
}

async function openLog(folder: DataFolder): ReturnType<typeof open> {
  try {
    const size = await stat(folder.log).then(
      (found) => found.size,
      () => 0,
    );
    if (size > LONGEST_LOG) await truncate(folder.log);
    return await open(folder.log, 'a+', 0o600);
  } catch (cause) {
    throw folderError(cause, folder.home);
  }
}

async function readFrom(path: string, offset: number): Promise<string> {
  return (await readFile(path)).subarray(offset).toString('utf8');
}

/** Whether somebody accepts connections on the socket: the only proof that a server runs. */
async function answers(socket: string): Promise<boolean> {
  const failure = await new Promise<Error | null>((resolve) => {
    const connection = connect(socket);
    connection.once('connect', () => resolve(null)).once('error', resolve);
    connection.once('connect', () => connection.destroy());
  });
  if (failure === null) return true;
  const code = codeOf(failure);
  if (code === 'EACCES' || code === 'EPERM') {
    throw new LedgerError(
      'not-allowed',
      `The database's socket ${socket} belongs to another user. Run signalbox as the user who started the database, or as root.`,
      { cause: failure },
    );
  }
  // EAGAIN: it listens, and many are waiting before us.
  return code === 'EAGAIN';
}

/** Takes the start lock; null when another process has it. */
async function tryLock(name: string): Promise<Server | null> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error) => (codeOf(error) === 'EADDRINUSE' ? resolve(null) : reject(error)));
    server.listen(name, () => resolve(server));
    server.unref();
  });
}

function tookTooLong(folder: DataFolder): LedgerError {
  return new LedgerError(
    'unavailable',
    `The database in ${folder.data} did not answer within ${START_WITHIN_MS / 1000} seconds. Its log is ${folder.log}.`,
  );
}

async function heldByOthers(folder: DataFolder, said: string): Promise<LedgerError> {
  const pids = await processesIn(folder.data);
  return new LedgerError(
    'unavailable',
    `Processes of an earlier database still hold ${folder.data}: ${pids.join(', ') || 'unknown ones'}. End them (kill ${pids.join(' ')}), then run the command again.`,
    { cause: new Error(said) },
  );
}
