import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { makeWorld, makeWorldFrom, people, startSandbox, type Sandbox } from '../../../sandbox/index.ts';
import { dateOf } from '../../../domain/instant.ts';
import type { StoryClock } from './clock.ts';
import { defaultBranch } from './neighbours.ts';
import { keyOf, slugOf, type GivenSource } from './from.ts';
import { clearFolder, worldFolder } from './theatre.ts';
import { LINE, type CopiedRepo } from './train-file.ts';

/** What a rehearsal's folder remembers, so that it can be opened again at the same address. */
const Kept = z.object({ port: z.number(), sources: z.array(z.string()) });

/** A fresh made world in the folder, running. What was there before is removed. */
export async function stageMadeWorld(folder: string, clock: StoryClock): Promise<Sandbox> {
  await clearFolder(folder);
  await makeWorld({ dir: worldFolder(folder), seed: 'rehearsal', today: dateOf(clock.now()), line: LINE });
  return start(folder, [], clock);
}

/** The given repositories copied into a world, running; a folder that holds the same sources already is opened as it is. */
export async function stageCopies(
  folder: string,
  given: readonly GivenSource[],
  { cwd, clock }: { readonly cwd: string; readonly clock: StoryClock },
): Promise<{ readonly sandbox: Sandbox; readonly repos: readonly CopiedRepo[] }> {
  const named = await Promise.all(
    given.map(async (source) => ({ ...source, source: placed(cwd, source.source), ...(await slugOf(source)) })),
  );
  const sources = named.map(({ source, branch }) => `${source}@${branch ?? ''}`);
  if ((await kept(folder))?.sources.join('\n') !== sources.join('\n')) {
    await clearFolder(folder);
    const copies = named.map(({ source, branch, owner, name }) => ({
      source,
      owner,
      name,
      ...(branch === null ? {} : { branch }),
    }));
    await makeWorldFrom({ dir: worldFolder(folder), sources: copies, users: people, now: clock.now() });
  }
  const sandbox = await start(folder, sources, clock);
  const repos = await Promise.all(
    named.map(async ({ owner, name, branch }) => ({
      key: keyOf(name),
      owner,
      name,
      branch: branch ?? (await defaultBranch(sandbox, { owner, name })),
    })),
  );
  return { sandbox, repos };
}

/** Starts the world at the address it had before, or at another where that is taken. */
async function start(folder: string, sources: readonly string[], { now }: StoryClock): Promise<Sandbox> {
  const before = await kept(folder);
  const dir = worldFolder(folder);
  const sandbox =
    before === null
      ? await startSandbox({ dir, now })
      : await startSandbox({ dir, port: before.port, now }).catch(() => startSandbox({ dir, now }));
  await writeFile(keptFile(folder), JSON.stringify({ port: Number(new URL(sandbox.url).port), sources }));
  return sandbox;
}

/** A path is taken from where the user stands; an address is left as it is. */
function placed(cwd: string, source: string): string {
  const path = resolve(cwd, source);
  return existsSync(path) ? path : source;
}

function keptFile(folder: string): string {
  return join(folder, 'rehearsal.json');
}

async function kept(folder: string): Promise<z.infer<typeof Kept> | null> {
  if (!existsSync(keptFile(folder))) return null;
  const text = await readFile(keptFile(folder), 'utf8');
  const parsed = Kept.safeParse(JSON.parse(text));
  return parsed.success ? parsed.data : null;
}
