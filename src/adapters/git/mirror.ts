import { randomUUID } from 'node:crypto';
import { access, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RefName } from '../../domain/git-names.ts';
import type { RemoteRepo } from '../../ports/git.ts';
import type { Address } from './address.ts';
import { addressOf, mirrorName } from './address.ts';
import type { Environments } from './environment.ts';
import { secretsOf } from './environment.ts';
import type { GitOutcome } from './process.ts';
import { CommandFailure, runGit } from './process.ts';

/** How long git may take and how much it may print. Milliseconds and bytes. */
export interface GitLimits {
  /** Work in the mirror. */
  readonly localMillis: number;
  /** Listing a remote's refs. */
  readonly listMillis: number;
  /** A fetch or a push. */
  readonly transferMillis: number;
  readonly outputBytes: number;
  /** A command that makes generated files again: its time, and what it may print. */
  readonly commandMillis: number;
  readonly commandBytes: number;
  /** A lock of git older than this belongs to a process that died: git holds those of a mirror for moments. */
  readonly staleLockMillis: number;
}

/** The token for a remote, null for none; that of an app has to be asked for. */
export type TokenOf = (remote: string) => string | null | Promise<string | null>;

/** What all mirrors of one adapter share. */
export interface MirrorHouse {
  readonly mirrors: string;
  readonly environments: Environments;
  readonly token: TokenOf;
  readonly limits: GitLimits;
  /** The words that run a command apart from everything, once they were looked for. */
  readonly apart: { words: Promise<readonly string[]> | null };
  /** The refs fetched by this adapter, by mirror: what a rebuilt mirror is filled with. */
  readonly fetched: Map<string, Set<RefName>>;
  /** The last transfer of each mirror: those of one mirror follow each other. */
  readonly queues: Map<string, Promise<unknown>>;
}

export interface Mirror {
  readonly house: MirrorHouse;
  readonly at: RemoteRepo;
  readonly dir: string;
  readonly address: Address;
  readonly secrets: readonly string[];
  readonly token: string | null;
}

interface RunOptions {
  readonly input?: string | Buffer;
  readonly kind?: 'local' | 'signing' | 'list' | 'transfer';
  /** Exit codes that are answers; 0 always is. */
  readonly answers?: readonly number[];
  readonly variables?: Readonly<Record<string, string>>;
}

/** The mirror of a repository, whether it exists yet or not. Throws `GitError` for a remote that is no address. */
export async function mirrorOf(house: MirrorHouse, at: RemoteRepo): Promise<Mirror> {
  const address = addressOf(at);
  const token = address.tokenOrigin === null ? null : await house.token(at.remote);
  return { house, at, address, token, secrets: secretsOf(token), dir: join(house.mirrors, mirrorName(at)) };
}

/** Runs git in the mirror; throws `CommandFailure` when it ends with something that is no answer. */
export async function inMirror(mirror: Mirror, args: readonly string[], options: RunOptions = {}): Promise<GitOutcome> {
  const { kind = 'local', answers = [] } = options;
  const { environments, limits } = mirror.house;
  const millis = kind === 'list' ? limits.listMillis : kind === 'transfer' ? limits.transferMillis : limits.localMillis;
  const purpose =
    kind === 'local'
      ? ({ for: 'mirror' } as const)
      : kind === 'signing'
        ? ({ for: 'signing' } as const)
        : ({ for: 'remote', address: mirror.address, token: mirror.token } as const);
  // Listing needs no mirror; git is told of one that need not exist, so that it looks for no other.
  const environment = await environments.of(purpose, { GIT_DIR: mirror.dir, ...options.variables });
  const outcome = await runGit({
    args,
    cwd: mirror.house.mirrors,
    environment,
    millis,
    maxBytes: limits.outputBytes,
    ...(options.input === undefined ? {} : { input: options.input }),
  });
  const ended = outcome.stopped === null && outcome.code !== null;
  if (!ended || (outcome.code !== 0 && !answers.includes(outcome.code))) {
    throw new CommandFailure(outcome, `git ${args[0] ?? ''} failed`);
  }
  return outcome;
}

/** Makes the mirror if there is none: an empty bare repository, complete at once under its name, so that two processes may try. */
export async function ensureMirror(mirror: Mirror): Promise<void> {
  if (await exists(join(mirror.dir, 'HEAD'))) return;
  await mkdir(mirror.house.mirrors, { recursive: true });
  const fresh = `${mirror.dir}.${randomUUID()}`;
  await mkdir(join(fresh, 'objects', 'pack'), { recursive: true });
  await mkdir(join(fresh, 'refs'));
  await writeFile(join(fresh, 'config'), '[core]\n\trepositoryformatversion = 0\n\tbare = true\n');
  // Points to a branch that never exists: nothing in a mirror is "current".
  await writeFile(join(fresh, 'HEAD'), 'ref: refs/heads/none\n');
  try {
    await rename(fresh, mirror.dir);
  } catch (error) {
    if (await exists(join(mirror.dir, 'HEAD'))) await rm(fresh, { recursive: true, force: true });
    else if (isTaken(error)) {
      // A folder without HEAD is in the way: what is left of a mirror.
      await setAside(mirror);
      await rename(fresh, mirror.dir);
    } else throw error;
  }
}

/** Takes a broken mirror out of the way and away. */
export async function setAside(mirror: Mirror): Promise<void> {
  const away = `${mirror.dir}.${randomUUID()}.old`;
  try {
    await rename(mirror.dir, away);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return;
    throw error;
  }
  await rm(away, { recursive: true, force: true });
}

/** Transfers of one mirror one after the other: at once they would only stand in each other's way. */
export function inTurn<T>(mirror: Mirror, work: () => Promise<T>): Promise<T> {
  const { queues } = mirror.house;
  const before = queues.get(mirror.dir) ?? Promise.resolve();
  const mine = before.then(work, work);
  queues.set(mirror.dir, mine);
  const leave = (): void => {
    if (queues.get(mirror.dir) === mine) queues.delete(mirror.dir);
  };
  mine.then(leave, leave);
  return mine;
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

function isTaken(error: unknown): boolean {
  return hasCode(error, 'ENOTEMPTY') || hasCode(error, 'EEXIST') || hasCode(error, 'ENOTDIR');
}

/** Whether an error of the disk has this code, `ENOENT` for one. */
export function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
