import { join, resolve } from 'node:path';
import type { CommitPatch } from '../../domain/history.ts';
import { ObjectId } from '../../domain/git-names.ts';
import { GitError, type RemoteRepo } from '../../ports/git.ts';
import type { History } from '../../ports/history.ts';
import { mirrorName } from './address.ts';
import { keepPatches, keptPatches, recallText, rememberText } from './history-cache.ts';
import { openIndex, searchIndex, type HistoryIndex } from './history-index.ts';
import { PATCH_ARGS, readPatches } from './history-patch.ts';
import { readPullCommits } from './history-pulls.ts';
import { readLog, readTouched, streamGit, type LogRecord, type StreamCall } from './history-stream.ts';
import { readRenamed } from './history-renamed.ts';
import type { Mirror, MirrorHouse } from './mirror.ts';
import { inMirror, mirrorOf } from './mirror.ts';
import { withMirror } from './recovery.ts';

/** The `History` port over the mirrors of the git adapter. `cache` is a folder that may be deleted at any time. */
export function historyOver(house: MirrorHouse, cache: string): History {
  const folderOf = (at: RemoteRepo): string => join(resolve(cache), mirrorName(at));
  const indexes = indexesOf(house, folderOf);
  const work = async <T>(
    at: RemoteRepo,
    doing: string,
    remote: boolean,
    run: (mirror: Mirror) => Promise<T>,
  ): Promise<T> => {
    const mirror = await mirrorOf(house, at);
    return withMirror(mirror, { doing, remote }, () => run(mirror));
  };
  return {
    async *sides(at, { main, line }) {
      const args = ['log', '--left-right', '--end-of-options', `${main}...${line}`, '--'];
      const call = { args, doing: `comparing ${main} with ${line}` };
      for await (const records of readMended(house, at, [main, line], call)) {
        yield records.map(({ mark, commit }) => ({ side: mark === '<' ? 'main' : 'line', commit }));
      }
    },
    async *touched(at, { main, line }) {
      const args = ['log', '--name-only', '--no-renames', '--end-of-options', main, `^${line}`, '--'];
      const call = { args, doing: `listing what ${main} touches` };
      yield* readTouched(await ready(house, at, [main, line]), call);
    },
    async *range(at, { tips, not }) {
      if (tips.length === 0) return;
      const args = ['log', '--end-of-options', ...tips, ...not.map((id) => `^${id}`), '--'];
      const call = { args, doing: 'reading a range of its history' };
      for await (const records of readMended(house, at, [...tips, ...not], call))
        for (const { commit } of records) yield commit;
    },
    patches: async (at, ids) => readAllPatches(await ready(house, at, []), folderOf(at), ids),
    renamed: (at, heads, paths) =>
      work(at, `looking for files that were renamed on ${heads.main}`, false, (mirror) =>
        readRenamed(mirror, heads, paths),
      ),
    pullCommits: (at, pulls, not) =>
      work(at, 'reading the commits of its pull requests', true, (mirror) => readPullCommits(mirror, pulls, not)),
    reachable: (at, ids, head) =>
      work(at, `looking for commits before ${head}`, false, (mirror) => readReachable(mirror, ids, head)),
    find: async (at, where, query) => searchIndex(await indexes(at, where), query),
    memory: {
      recall: (at, key) => recallText(folderOf(at), key),
      remember: (at, key, text) => rememberText(folderOf(at), key, text),
    },
  };
}

type Where = Parameters<History['find']>[1];

/** The index last looked through is kept, by repository: a milestone asks for every item of it. */
function indexesOf(
  house: MirrorHouse,
  folderOf: (at: RemoteRepo) => string,
): (at: RemoteRepo, where: Where) => Promise<HistoryIndex> {
  const opened = new Map<string, { readonly key: string; readonly index: Promise<HistoryIndex> }>();
  return async (at, where) => {
    const folder = folderOf(at);
    const key = `${where.head} ${where.slug ?? ''}`;
    const known = opened.get(folder);
    if (known?.key === key) return known.index;
    const index = ready(house, at, [where.head]).then((mirror) => openIndex(mirror, folder, where));
    opened.set(folder, { key, index });
    // A failure is not kept: the next call tries again.
    index.catch(() => opened.delete(folder));
    return index;
  };
}

/** A log; when git cannot begin it, the mirror is mended and it is begun again. */
async function* readMended(
  house: MirrorHouse,
  at: RemoteRepo,
  commits: readonly ObjectId[],
  call: StreamCall,
): AsyncGenerator<readonly LogRecord[]> {
  let begun = false;
  try {
    for await (const records of readLog(await mirrorOf(house, at), call)) {
      begun = true;
      yield records;
    }
  } catch (error) {
    if (begun || !(error instanceof GitError)) throw error;
    yield* readLog(await ready(house, at, commits), call);
  }
}

/** The mirror, mended where it must be, with these commits in it: a stream that has begun cannot be begun again. */
async function ready(house: MirrorHouse, at: RemoteRepo, commits: readonly ObjectId[]): Promise<Mirror> {
  const mirror = await mirrorOf(house, at);
  if (commits.length === 0) return mirror;
  await withMirror(mirror, { doing: 'reading its history', remote: false }, () =>
    inMirror(mirror, ['rev-list', '--no-walk', '--quiet', '--end-of-options', ...commits, '--']),
  );
  return mirror;
}

async function readAllPatches(
  mirror: Mirror,
  folder: string,
  ids: readonly ObjectId[],
): Promise<ReadonlyMap<ObjectId, CommitPatch>> {
  const wanted = new Set(ids);
  const patches = await keptPatches(folder, wanted);
  const missing = [...wanted].filter((id) => !patches.has(id));
  if (missing.length === 0) return patches;
  const fresh: CommitPatch[] = [];
  const call = {
    args: PATCH_ARGS,
    input: missing.map((id) => `${id}\n`).join(''),
    doing: 'reading what its commits change',
  };
  for await (const patch of readPatches(streamGit(mirror, call))) fresh.push(patch);
  const read = new Map(fresh.map((patch) => [patch.id, patch]));
  // Of a commit that changes nothing git prints nothing at all.
  for (const id of missing) patches.set(id, read.get(id) ?? { id, files: [] });
  await keepPatches(
    folder,
    missing.map((id) => patches.get(id) ?? { id, files: [] }),
  );
  return patches;
}

async function readReachable(
  mirror: Mirror,
  ids: readonly string[],
  head: ObjectId,
): Promise<ReadonlyMap<string, ObjectId>> {
  const asked = ids.filter((id) => /^[0-9a-f]{7,40}$/.test(id));
  if (asked.length === 0) return new Map();
  const listed = await inMirror(mirror, ['cat-file', '--batch-check=%(objectname) %(objecttype)'], {
    input: asked.map((id) => `${id}^{commit}\n`).join(''),
  });
  const lines = listed.stdout.toString('utf8').split('\n');
  const known = new Map<string, ObjectId>();
  asked.forEach((id, index) => {
    const found = /^([0-9a-f]{40}) commit$/.exec(lines[index] ?? '')?.[1];
    if (found !== undefined) known.set(id, ObjectId.parse(found));
  });
  if (known.size === 0) return known;
  const input = [...new Set(known.values())].map((id) => `${id}\n`).join('');
  const outside = await inMirror(mirror, ['rev-list', '--stdin', '--end-of-options', `^${head}`], { input });
  const unreachable = new Set(outside.stdout.toString('latin1').split('\n'));
  return new Map([...known].filter(([, id]) => !unreachable.has(id)));
}
