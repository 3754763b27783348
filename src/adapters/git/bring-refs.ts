import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RefName } from '../../domain/git-names.ts';
import { GitError } from '../../ports/git.ts';
import type { Mirror } from './mirror.ts';
import { inMirror } from './mirror.ts';
import { CommandFailure } from './process.ts';
import { listOverHttp } from './smart-http.ts';

/** Brings the refs' commits with their whole history into the mirror. Throws `CommandFailure`, and `GitError` for a ref the remote lacks. */
export async function bringRefs(mirror: Mirror, refs: readonly RefName[]): Promise<void> {
  const args = [
    'fetch',
    '--quiet',
    '--no-tags',
    '--no-write-fetch-head',
    '--no-auto-maintenance',
    '--no-show-forced-updates',
  ];
  const specs = refs.map((ref) => `+${ref}:${keptUnder(ref)}\n`);
  try {
    await inMirror(mirror, [...args, '--stdin', '--end-of-options', mirror.address.text], {
      kind: 'transfer',
      input: specs.join(''),
    });
  } catch (error) {
    const absent =
      error instanceof CommandFailure ? /couldn't find remote ref (\S+)/.exec(error.outcome.stderr)?.[1] : undefined;
    if (absent === undefined || !refs.some((ref) => ref === absent)) throw error;
    const text = `${mirror.at.repo}: the remote has no ${absent} (${mirror.at.remote}). Check the branch or tag in the train file, or create it.`;
    throw new GitError('failed', text, { cause: error });
  }
}

/**
 * Whether the mirror has what the remote's refs are at, found out without a fetch. What a ref of the mirror names was brought with its
 * history; should it be damaged since, the work that needs it finds out and mends it.
 */
export async function hasRefs(mirror: Mirror, refs: readonly RefName[]): Promise<boolean> {
  const kept = await Promise.all(
    refs.map((ref) => readFile(join(mirror.dir, keptUnder(ref)), 'latin1').catch(() => '')),
  );
  if (kept.some((id) => id === '')) return false;
  const listed = await listOverHttp(mirror, refs);
  const lines = new Set(listed?.split('\n'));
  return refs.every((ref, index) => lines.has(`${kept[index]?.trim()}\t${ref}`));
}

/**
 * Where the mirror keeps a ref: under a digest, because a branch `release` that went away and a branch `release/2.8` that came could not
 * both be kept under their own names.
 */
function keptUnder(ref: RefName): string {
  return `refs/fetched/${createHash('sha256').update(ref).digest('hex').slice(0, 40)}`;
}
