import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { Instant } from '../../domain/instant.ts';
import { nameOf, type CommandData } from '../command.ts';
import type { Environment } from '../output/style.ts';

/** What a server answered last to a command line, for when it is down. */
const KeptAnswer = z.object({ at: Instant, out: z.string(), exit: z.int().min(0).max(130) });
export type KeptAnswer = z.infer<typeof KeptAnswer>;

export interface KeptAnswers {
  /** Null where there is none, or it cannot be read: it is only a help. */
  find(key: string): Promise<KeptAnswer | null>;
  /** Silent where the folder cannot be written. */
  keep(key: string, answer: KeptAnswer): Promise<void>;
}

/** Of so many answers and so long ones. */
const MOST = 200;
const LONGEST = 1_000_000;

/** Those whose very sense is to look now. */
const NEVER: ReadonlySet<string> = new Set(['gate run', 'doctor', 'artifact verify']);

/** Whether an answer of the command may be shown later: it only reads, and does not ask for a look of now. */
export function mayBeKept(command: CommandData): boolean {
  const acts = command.flags.some(({ name }) => name === 'yes' || name === 'dry-run' || name === 'confirm');
  return !acts && !NEVER.has(nameOf(command));
}

/** The folder of the user's caches; null where the environment names neither it nor a home. */
export function cacheFolder(env: Environment): string | null {
  const { XDG_CACHE_HOME: cache = '', HOME: home = '' } = env;
  if (cache !== '') return join(cache, 'signalbox', 'answers');
  return home === '' ? null : join(home, '.cache', 'signalbox', 'answers');
}

/** The name of an answer: of one server, of one token (which is not to be read from it), for one line on one kind of terminal. */
export function keyOf(parts: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

/** Answers in a folder that only the user reads. */
export function keptAnswers(folder: string): KeptAnswers {
  const fileOf = (key: string): string => join(folder, `${key}.json`);
  return {
    async find(key) {
      try {
        const text = await readFile(fileOf(key), 'utf8');
        return KeptAnswer.safeParse(JSON.parse(text)).data ?? null;
      } catch {
        return null;
      }
    },
    async keep(key, answer) {
      const text = JSON.stringify(answer);
      if (text.length > LONGEST) return;
      try {
        await mkdir(folder, { recursive: true, mode: 0o700 });
        const part = `${fileOf(key)}.${process.pid}.part`;
        await writeFile(part, text, { mode: 0o600 });
        await rename(part, fileOf(key));
        await forgetOldest(folder);
      } catch {
        // A full disk or a folder of somebody else must not fail the command that was answered.
      }
    },
  };
}

async function forgetOldest(folder: string): Promise<void> {
  const names = await readdir(folder);
  if (names.length <= MOST) return;
  const files = await Promise.all(names.map(async (name) => ({ name, at: (await stat(join(folder, name))).mtimeMs })));
  const over = files.toSorted((one, other) => one.at - other.at).slice(0, names.length - MOST);
  for (const { name } of over) await rm(join(folder, name), { force: true });
}
