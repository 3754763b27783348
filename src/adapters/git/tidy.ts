import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Mirror } from './mirror.ts';
import { hasCode, inMirror } from './mirror.ts';
import { CommandFailure } from './process.ts';

// Git's own measures for "too many": packs, and loose objects in one of the 256 folders they are spread over.
const MANY_PACKS = 50;
const MANY_LOOSE = 27;

/** Puts many small packs into few, so that a mirror fetched into for months stays quick. Nothing is thrown away. */
export async function tidyMirror(mirror: Mirror): Promise<void> {
  const packs = (await namesIn(join(mirror.dir, 'objects', 'pack'))).filter((name) => name.endsWith('.pack'));
  const loose = await namesIn(join(mirror.dir, 'objects', '17'));
  if (packs.length < MANY_PACKS && loose.length < MANY_LOOSE) return;
  try {
    await inMirror(mirror, ['repack', '-d', '-q', '--geometric=2'], { kind: 'local' });
  } catch (error) {
    // The mirror is as good as before, only slower: another process may be tidying, and what is damaged shows where it is needed.
    if (!(error instanceof CommandFailure)) throw error;
  }
}

async function namesIn(folder: string): Promise<readonly string[]> {
  return readdir(folder).catch((error: unknown) => {
    if (hasCode(error, 'ENOENT')) return [];
    throw error;
  });
}
