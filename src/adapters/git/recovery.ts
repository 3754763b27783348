import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { GitError } from '../../ports/git.ts';
import { bringRefs } from './bring-refs.ts';
import { gitErrorOf, isDamaged, isLocked, isMissing } from './failure.ts';
import type { Mirror } from './mirror.ts';
import { ensureMirror, hasCode, setAside } from './mirror.ts';
import { CommandFailure, GitNotStarted } from './process.ts';

/** What was attempted, in words that follow the repository's name: `reading its files`; and whether git spoke with the remote. */
export interface Attempt {
  readonly doing: string;
  readonly remote: boolean;
}

const LOCK_PAUSE_MILLIS = 100;

/**
 * Does work in the mirror, mending what can be mended: waits for locks and takes stale ones away, rebuilds a damaged mirror, fetches again
 * what went missing. Every failure leaves as a `GitError` that says what was attempted.
 */
export async function withMirror<T>(mirror: Mirror, about: Attempt, work: () => Promise<T>): Promise<T> {
  let mended: Mended = { rebuilt: false, refilled: false, locked: 0 };
  for (;;) {
    try {
      await ensureMirror(mirror);
      return await work();
    } catch (error) {
      mended = await mend(mirror, error, about, mended);
    }
  }
}

interface Mended {
  readonly rebuilt: boolean;
  readonly refilled: boolean;
  /** How often a lock was met. */
  readonly locked: number;
}

/** Does what may help against a failure, and tells what has been done so far; throws when there is nothing left to try. */
async function mend(mirror: Mirror, error: unknown, about: Attempt, mended: Mended): Promise<Mended> {
  const next = remedyOf(error, mended);
  const lockTries = Math.ceil((2 * mirror.house.limits.staleLockMillis) / LOCK_PAUSE_MILLIS) + 5;
  if (next === 'none' || (next === 'wait' && mended.locked >= lockTries)) throw toGitError(error, mirror, about);
  if (next === 'wait') {
    await removeStaleLocks(mirror);
    // At first it is likely that another process was faster by a moment, and is through.
    if (mended.locked > 0) await wait(LOCK_PAUSE_MILLIS);
    return { ...mended, locked: mended.locked + 1 };
  }
  if (next === 'rebuild') await setAside(mirror);
  await refill(mirror, error, about);
  return { ...mended, refilled: true, rebuilt: mended.rebuilt || next === 'rebuild' };
}

/** Fetches again what this adapter had fetched; without anything to fetch, the first error is the answer. */
async function refill(mirror: Mirror, first: unknown, about: Attempt): Promise<void> {
  const refs = [...(mirror.house.fetched.get(mirror.dir) ?? [])];
  const lost = first instanceof GitError || (first instanceof CommandFailure && isMissing(first.outcome));
  if (refs.length === 0 && lost) throw toGitError(first, mirror, about);
  try {
    await ensureMirror(mirror);
    if (refs.length > 0) await bringRefs(mirror, refs);
  } catch (error) {
    throw toGitError(error, mirror, { doing: `fetching again, to mend the mirror for ${about.doing},`, remote: true });
  }
}

function remedyOf(error: unknown, mended: Mended): 'wait' | 'rebuild' | 'refill' | 'none' {
  if (error instanceof GitError) return error.code === 'object-missing' && !mended.refilled ? 'refill' : 'none';
  if (!(error instanceof CommandFailure)) return 'none';
  if (isLocked(error.outcome)) return 'wait';
  if (isDamaged(error.outcome) && !mended.rebuilt) return 'rebuild';
  return isMissing(error.outcome) && !mended.refilled ? 'refill' : 'none';
}

/** What leaves the adapter: a `GitError` for every failure of git or the disk. */
export function toGitError(error: unknown, mirror: Mirror, about: Attempt): unknown {
  if (error instanceof GitError) return error;
  if (error instanceof CommandFailure) {
    return gitErrorOf(error.outcome, {
      at: mirror.at,
      doing: about.doing,
      secrets: mirror.secrets,
      remote: about.remote,
    });
  }
  if (error instanceof GitNotStarted) {
    return new GitError(
      'failed',
      `${mirror.at.repo}: ${about.doing} failed: git could not be started. Install git, or put it on the PATH.`,
      { cause: error },
    );
  }
  if (error instanceof Error && 'syscall' in error) {
    return new GitError(
      'failed',
      `${mirror.at.repo}: ${about.doing} failed in the mirror ${mirror.dir}: ${error.message}. Mend the disk or delete the mirror; it is rebuilt.`,
      { cause: error },
    );
  }
  return error;
}

/** Takes away the locks that no living git can hold. */
async function removeStaleLocks(mirror: Mirror): Promise<void> {
  const now = Date.now();
  const names = [...(await lockFiles(mirror.dir, false)), ...(await lockFiles(join(mirror.dir, 'refs'), true))];
  for (const name of names) {
    const found = await stat(name).catch((error: unknown) => {
      if (hasCode(error, 'ENOENT')) return null;
      throw error;
    });
    if (found !== null && now - found.mtimeMs > mirror.house.limits.staleLockMillis) await rm(name, { force: true });
  }
}

async function lockFiles(folder: string, recursive: boolean): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive, withFileTypes: true }).catch((error: unknown) => {
    if (hasCode(error, 'ENOENT')) return [];
    throw error;
  });
  return entries
    .filter((entry) => entry.isFile() && entry.name.endsWith('.lock'))
    .map((entry) => join(entry.parentPath, entry.name));
}
