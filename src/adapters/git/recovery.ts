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
  let mended: Mended = { rebuilt: false, refilled: false, empty: false, locked: 0 };
  for (;;) {
    let attempt = about;
    try {
      await ensureMirror(mirror);
      if (mended.empty) {
        attempt = { doing: `fetching again, to mend the mirror for ${about.doing},`, remote: true };
        await refill(mirror);
        mended = { ...mended, empty: false };
        attempt = about;
      }
      return await work();
    } catch (error) {
      mended = await mend(mirror, error, attempt, mended);
    }
  }
}

interface Mended {
  readonly rebuilt: boolean;
  readonly refilled: boolean;
  /** What was fetched before is to be fetched again before the work goes on. */
  readonly empty: boolean;
  /** How often a lock was met. */
  readonly locked: number;
}

/** Does what may help against a failure, and tells what has been done so far; throws when there is nothing left to try. */
async function mend(mirror: Mirror, error: unknown, attempt: Attempt, mended: Mended): Promise<Mended> {
  const lockTries = Math.ceil((2 * mirror.house.limits.staleLockMillis) / LOCK_PAUSE_MILLIS) + 5;
  const fetched = mirror.house.fetched.get(mirror.dir) ?? new Set();
  switch (remedyOf(error, mended)) {
    case 'wait':
      if (mended.locked >= lockTries) break;
      await removeStaleLocks(mirror);
      // At first it is likely that another process was faster by a moment, and is through.
      if (mended.locked > 0) await wait(LOCK_PAUSE_MILLIS);
      return { ...mended, locked: mended.locked + 1 };
    case 'rebuild':
      await setAside(mirror);
      return { ...mended, rebuilt: true, refilled: true, empty: true };
    case 'refill':
      if (fetched.size === 0) break;
      return { ...mended, refilled: true, empty: true };
    case 'none':
      break;
  }
  throw toGitError(error, mirror, attempt);
}

/** Fetches again what this adapter had fetched. */
async function refill(mirror: Mirror): Promise<void> {
  const refs = [...(mirror.house.fetched.get(mirror.dir) ?? [])];
  if (refs.length > 0) await bringRefs(mirror, refs);
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
