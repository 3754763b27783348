import { existsSync, readdirSync, statfsSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stopDatabase } from '../adapters/postgres/index.ts';
import { stopObjectServer } from './ceph.ts';

const PREFIX = 'signalbox-tests-';

const ROOM_NEEDED = 2 * 1024 * 1024 * 1024;

/** Memory where there is plenty: a test run waits for no disk then. Kills of processes are as true there as on a disk. */
function place(): string {
  const memory = '/dev/shm';
  if (!existsSync(memory)) return tmpdir();
  const { bavail, bsize } = statfsSync(memory);
  return bavail * bsize > ROOM_NEEDED ? memory : tmpdir();
}

/**
 * Vitest's global setup: names the folder in which the run's servers live (PostgreSQL, S3), and at the end stops them and removes it. Nothing is
 * started here: the first test that needs a server does.
 */
export async function setup(): Promise<(() => Promise<void>) | undefined> {
  // Each project of a run calls this; the first does it.
  if (process.env['SIGNALBOX_TEST_HOME'] !== undefined) return undefined;
  await removeAbandoned();
  const home = join(place(), `${PREFIX}${process.pid}`);
  await mkdir(home, { recursive: true });
  process.env['SIGNALBOX_TEST_HOME'] = home;
  return () => remove(home);
}

async function remove(home: string): Promise<void> {
  await stopObjectServer(join(home, 'ceph'));
  for (const name of readdirSync(home))
    if (existsSync(join(home, name, 'postgres'))) await stopDatabase(join(home, name));
  await rm(home, { recursive: true, force: true });
}

/** What a run left that was killed. */
async function removeAbandoned(): Promise<void> {
  for (const name of readdirSync(place())) {
    const pid = name.startsWith(PREFIX) ? Number(name.slice(PREFIX.length)) : Number.NaN;
    if (pid > 0 && !existsSync(`/proc/${pid}`)) await remove(join(place(), name));
  }
}
