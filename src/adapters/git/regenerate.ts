import { lstat, mkdir, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { GeneratedFiles } from '../../domain/generated-files.ts';
import { ObjectId } from '../../domain/git-names.ts';
import type { PickConflict, RegenerationFailure } from '../../ports/git.ts';
import { runForeign, wordsApart } from './foreign-command.ts';
import type { Merged } from './merge-trees.ts';
import type { Mirror } from './mirror.ts';
import { hasCode, inMirror } from './mirror.ts';
import { matchesPattern } from './path-pattern.ts';

/** One rule with the conflicting files that it makes again. */
interface Job {
  readonly rule: GeneratedFiles;
  readonly paths: readonly string[];
}

export interface Regeneration {
  readonly merged: Merged;
  readonly rules: readonly GeneratedFiles[];
  /** Seconds since 1970: the time of the commit that is made, for commands that write one into their files. */
  readonly at: number;
}

export type RegenerationAnswer =
  | { readonly made: true; readonly tree: ObjectId; readonly jobs: readonly Job[] }
  | ({ readonly made: false } & Job & { readonly why: RegenerationFailure; readonly detail: string });

/** Conflicts about the content of one file. A rename, or a folder in the place of a file, is a question for people. */
const ABOUT_CONTENT = new Set(['contents', 'add/add', 'modify/delete', 'binary']);
const MAX_FILE_BYTES = 16 * 1024 * 1024;
const MOST_PATHS = 20;

/**
 * Makes files again that a merge left in conflict: all others as they were merged, without the conflicting ones, are laid into a throw-away folder,
 * and the declared commands are run there. The tree that comes out holds nothing new but declared files. Null where something else conflicts too.
 */
export async function regenerate(mirror: Mirror, regeneration: Regeneration): Promise<RegenerationAnswer | null> {
  const jobs = jobsOf(regeneration.merged.conflicts, regeneration.rules);
  if (jobs === null) return null;
  const folder = await mkdtemp(join(tmpdir(), 'signalbox-generate-'));
  try {
    const place = placeIn(mirror, await realpath(folder));
    await layOut(place, regeneration.merged);
    for (const job of jobs) {
      const failure = await runJob(place, job, regeneration.at);
      if (failure !== null) return failure;
    }
    return await collect(place, regeneration.merged, jobs);
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** Which commands make the conflicting files; null where one of them has none. */
function jobsOf(conflicts: readonly PickConflict[], rules: readonly GeneratedFiles[]): readonly Job[] | null {
  const jobs = new Map<GeneratedFiles, string[]>();
  for (const { path, kind } of conflicts) {
    const rule = ABOUT_CONTENT.has(kind) ? rules.find((one) => isOf(one, path)) : undefined;
    if (rule === undefined) return null;
    jobs.set(rule, [...(jobs.get(rule) ?? []), path]);
  }
  const used = rules.flatMap((rule) => {
    const paths = jobs.get(rule);
    return paths === undefined ? [] : [{ rule, paths }];
  });
  return used.length === 0 ? null : used;
}

function isOf({ files }: GeneratedFiles, path: string): boolean {
  return files.some((pattern) => matchesPattern(path, pattern));
}

/** The throw-away folder: the files, a home for the command, and git's index of the files, which the command does not find. */
interface Place {
  readonly mirror: Mirror;
  readonly work: string;
  readonly home: string;
  readonly git: (args: readonly string[], input?: string) => Promise<string>;
}

function placeIn(mirror: Mirror, folder: string): Place {
  const work = join(folder, 'work');
  const variables = { GIT_WORK_TREE: work, GIT_INDEX_FILE: join(folder, 'index') };
  return {
    mirror,
    work,
    home: join(folder, 'home'),
    git: async (args, input) => {
      const { stdout } = await inMirror(mirror, args, { variables, ...(input === undefined ? {} : { input }) });
      return stdout.toString('utf8');
    },
  };
}

async function layOut({ work, home, git }: Place, { tree, conflicts }: Merged): Promise<void> {
  await mkdir(work);
  await mkdir(home);
  await git(['read-tree', tree]);
  const gone = conflicts.map(({ path }) => `0 ${'0'.repeat(40)}\t${path}\0`).join('');
  await git(['update-index', '-z', '--index-info'], gone);
  await git(['checkout-index', '--all', '--force', '--index', '--quiet']);
  // A command finds the folder of its file, also where nothing else lies in it.
  for (const { path } of conflicts) await mkdir(dirname(join(work, path)), { recursive: true });
}

async function runJob({ mirror, work, home }: Place, job: Job, at: number): Promise<RegenerationAnswer | null> {
  const { environments, limits, apart } = mirror.house;
  const environment = { ...environments.ofCommand(home), SOURCE_DATE_EPOCH: String(at) };
  apart.words ??= wordsApart(environment, home);
  const [program = '', ...args] = [...(await apart.words), ...job.rule.command];
  const end = await runForeign({
    words: [program, ...args],
    cwd: work,
    environment,
    millis: limits.commandMillis,
    maxBytes: limits.commandBytes,
  });
  return end.ended === 'well' ? null : { made: false, ...job, why: end.ended, detail: end.said };
}

/** Takes what the commands made into a tree, if it is theirs to make. */
async function collect(place: Place, { conflicts }: Merged, jobs: readonly Job[]): Promise<RegenerationAnswer> {
  const [first] = jobs;
  if (first === undefined) throw new TypeError('nothing was to be made');
  const touched = await touchedPaths(place, jobs);
  const refused = (why: RegenerationFailure, paths: readonly string[]): RegenerationAnswer => {
    const job = jobs.find(({ rule }) => paths.some((path) => isOf(rule, path))) ?? first;
    const more = paths.length > MOST_PATHS ? `, and ${paths.length - MOST_PATHS} more` : '';
    return { made: false, ...job, why, detail: `${paths.slice(0, MOST_PATHS).join(', ')}${more}` };
  };
  const others = touched.filter((path) => !jobs.some(({ rule }) => isOf(rule, path)));
  if (others.length > 0) return refused('other-files', others);
  const found = await Promise.all(touched.map(async (path) => ({ path, is: await whatIs(place, path) })));
  const odd = found.filter(({ is }) => is === 'other').map(({ path }) => path);
  if (odd.length > 0) return refused('not-a-file', odd);
  const there = new Set(found.filter(({ is }) => is === 'file').map(({ path }) => path));
  // Where one side deleted the file, that it is not made any more is an answer.
  const unmade = conflicts.filter(({ path, kind }) => kind !== 'modify/delete' && !there.has(path));
  if (unmade.length > 0)
    return refused(
      'not-made',
      unmade.map(({ path }) => path),
    );
  const paths = touched.map((path) => `${path}\0`).join('');
  await place.git(['update-index', '-z', '--add', '--remove', '--stdin'], paths);
  return { made: true, tree: ObjectId.parse((await place.git(['write-tree'])).trim()), jobs };
}

/** Every file that differs from what was laid out. What the repository ignores, caches for one, counts only where it is declared. */
async function touchedPaths({ git }: Place, jobs: readonly Job[]): Promise<readonly string[]> {
  const changed = await git(['diff-files', '-z', '--name-only', '--no-renames']);
  const fresh = await git(['ls-files', '-z', '--others', '--exclude-standard']);
  const ignored = await git(['ls-files', '-z', '--others', '--ignored', '--exclude-standard']);
  const own = pathsIn(ignored).filter((path) => jobs.some(({ rule }) => isOf(rule, path)));
  return [...new Set([...pathsIn(changed), ...pathsIn(fresh), ...own])].toSorted();
}

function pathsIn(list: string): readonly string[] {
  return list.split('\0').filter((path) => path !== '');
}

/** `file` also means that no folder on the way to it has become a link to elsewhere. */
async function whatIs({ work }: Place, path: string): Promise<'file' | 'gone' | 'other'> {
  const full = join(work, path);
  try {
    const found = await lstat(full);
    const isPlain = found.isFile() && found.size <= MAX_FILE_BYTES && (await realpath(dirname(full))) === dirname(full);
    return isPlain ? 'file' : 'other';
  } catch (error) {
    if (hasCode(error, 'ENOENT') || hasCode(error, 'ENOTDIR')) return 'gone';
    throw error;
  }
}
