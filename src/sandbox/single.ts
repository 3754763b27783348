import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { z } from 'zod';

import { WorldFolderError } from './store.ts';

/** The header by which a running sandbox is told from whatever else may listen on its old port. */
export const worldHeader = 'x-sandbox-world';

const Running = z.object({ url: z.string(), id: z.string() });

const fileOf = (dir: string) => join(dir, 'running.json');

function readRunning(dir: string): z.infer<typeof Running> | null {
  const file = fileOf(dir);
  if (!existsSync(file)) return null;
  try {
    return Running.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    // Half written by a process that was killed: nothing runs by it.
    return null;
  }
}

async function answers({ url, id }: z.infer<typeof Running>): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2000) });
    return response.headers.get(worldHeader) === id;
  } catch {
    // Nobody listens there any more: the server was killed.
    return false;
  }
}

/** Throws when another sandbox answers for this folder: two would overwrite each other's state. */
export async function refuseSecond(dir: string): Promise<void> {
  const running = readRunning(dir);
  if (running === null || !(await answers(running))) return;
  throw new WorldFolderError(`A sandbox already runs on ${dir}, at ${running.url}. Stop it, or use another folder.`);
}

export const newId = () => randomUUID();

export function noteRunning(dir: string, url: string, id: string): void {
  writeFileSync(fileOf(dir), JSON.stringify({ url, id }));
}

export function forgetRunning(dir: string): void {
  rmSync(fileOf(dir), { force: true });
}
