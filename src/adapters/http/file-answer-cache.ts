import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { AnswerCache } from './answer-cache.ts';

const Kept = z.object({
  key: z.string(),
  etag: z.string(),
  link: z.string().nullable(),
  contentType: z.string().optional(),
  text: z.string(),
});

const MEBIBYTE = 1024 * 1024;
/** How many answers are kept between two looks at the size of the whole. */
const LOOK_EVERY = 200;

interface Place {
  readonly dir: string;
  readonly limit: number;
}

async function written(
  dir: string,
): Promise<readonly { readonly path: string; readonly size: number; readonly at: number }[]> {
  const names = (await readdir(dir)).filter((name) => name.endsWith('.json'));
  const found = await Promise.all(
    names.map(async (name) => {
      const path = join(dir, name);
      // Another process may have removed it since.
      const facts = await stat(path).catch(() => null);
      return facts === null ? [] : [{ path, size: facts.size, at: facts.mtimeMs }];
    }),
  );
  return found.flat();
}

/** Removes what was not used for longest until the folder is within its limit. */
async function shrink({ dir, limit }: Place): Promise<void> {
  const files = (await written(dir)).toSorted((a, b) => b.at - a.at);
  let size = 0;
  for (const file of files) {
    size += file.size;
    if (size > limit) await rm(file.path, { force: true });
  }
}

/**
 * Answers kept in a folder, for the next command: what has not changed costs nothing of the rate limit then. The folder may be deleted at
 * any time, and holds what the token may read, so only its owner may read it. A file that cannot be read is no answer; nothing fails for it.
 */
export function fileAnswerCache(dir: string, limit: number = 200 * MEBIBYTE): AnswerCache {
  const place = { dir, limit };
  const pathOf = (key: string): string => join(dir, `${createHash('sha256').update(key).digest('hex')}.json`);
  let made: Promise<unknown> | null = null;
  let count = 0;
  return {
    find: async (key) => {
      const path = pathOf(key);
      const text = await readFile(path, 'utf8').catch(() => null);
      if (text === null) return null;
      try {
        const { key: whose, ...answer } = Kept.parse(JSON.parse(text));
        if (whose !== key) return null;
        const now = new Date();
        await utimes(path, now, now).catch(() => undefined);
        return answer;
      } catch {
        // Half a file of a process that was killed, or of another version.
        return null;
      }
    },
    keep: async (key, answer) => {
      if (answer.text.length > limit) return;
      try {
        made ??= mkdir(dir, { recursive: true, mode: 0o700 });
        await made;
        const path = pathOf(key);
        const temporary = `${path}.${process.pid}.${(count += 1)}`;
        await writeFile(temporary, JSON.stringify({ key, ...answer }), { mode: 0o600 });
        await rename(temporary, path);
        if (count % LOOK_EVERY === 0) await shrink(place);
      } catch {
        // No room, or no right: the answer is asked for again next time, which is all that is lost.
        made = null;
      }
    },
  };
}
