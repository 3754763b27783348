import { existsSync, readdirSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stopDatabase } from '../adapters/postgres/index.ts';

const PREFIX = 'signalbox-tests-';

/**
 * Vitest's global setup: names the folder in which the run's databases live, and at the end stops their servers and removes it. Nothing is
 * started here: the first test that needs a server does.
 */
export async function setup(): Promise<(() => Promise<void>) | undefined> {
  // Each project of a run calls this; the first does it.
  if (process.env['SIGNALBOX_TEST_HOME'] !== undefined) return undefined;
  await removeAbandoned();
  const home = join(tmpdir(), `${PREFIX}${process.pid}`);
  await mkdir(home, { recursive: true });
  process.env['SIGNALBOX_TEST_HOME'] = home;
  return () => remove(home);
}

async function remove(home: string): Promise<void> {
  for (const name of readdirSync(home))
    if (existsSync(join(home, name, 'postgres'))) await stopDatabase(join(home, name));
  await rm(home, { recursive: true, force: true });
}

/** What a run left that was killed. */
async function removeAbandoned(): Promise<void> {
  for (const name of readdirSync(tmpdir())) {
    const pid = name.startsWith(PREFIX) ? Number(name.slice(PREFIX.length)) : Number.NaN;
    if (pid > 0 && !existsSync(`/proc/${pid}`)) await remove(join(tmpdir(), name));
  }
}
