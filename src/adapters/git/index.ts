import { resolve } from 'node:path';
import type { Git, GitCommit, GitFile, GitLink, RemoteRepo } from '../../ports/git.ts';
import type { History } from '../../ports/history.ts';
import { bringRefs, hasRefs } from './bring-refs.ts';
import { environments } from './environment.ts';
import { historyOver } from './history.ts';
import type { GitLimits, Mirror, MirrorHouse, TokenOf } from './mirror.ts';
import { keptReads } from './kept-reads.ts';
import { inTurn, mirrorOf } from './mirror.ts';
import { pickCommits } from './pick-commits.ts';
import { pushUpdates } from './push.ts';
import { readCommit, readFiles, readIsAncestor, readLinks, readLog } from './read.ts';
import { withMirror } from './recovery.ts';
import { readRemoteRefs } from './remote-refs.ts';
import { tidyMirror } from './tidy.ts';
import { writeCommitObject } from './write-commit.ts';
import { writeTagObject } from './write-tag.ts';

export interface GitAdapterOptions {
  /** The folder of the private mirrors; made when it is not there, and may be deleted at any time. */
  readonly mirrors: string;
  /** The token for a remote, null for none. It goes to https remotes only, and to http ones of this machine. */
  readonly token?: TokenOf;
  readonly limits?: Partial<GitLimits>;
  /** The environment that git's own is made from: PATH, HOME, proxies, the ssh agent. `process.env` when left out. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

const LIMITS: GitLimits = {
  localMillis: 120_000,
  listMillis: 60_000,
  transferMillis: 30 * 60_000,
  outputBytes: 256 * 1024 * 1024,
  commandMillis: 5 * 60_000,
  commandBytes: 4 * 1024 * 1024,
  staleLockMillis: 2000,
};

/** The `Git` port by the git binary (2.38 or newer), over bare mirrors under `mirrors`. Everything thrown is a `GitError`. */
export function gitAdapter(options: GitAdapterOptions): Git {
  return gitOver(houseOf(options));
}

/** The same, with the `History` port over the same mirrors. What it keeps lies under `cache`, which may be deleted at any time. */
export function gitWithHistory(options: GitAdapterOptions & { readonly cache: string }): {
  readonly git: Git;
  readonly history: History;
} {
  const house = houseOf(options);
  return { git: gitOver(house), history: historyOver(house, options.cache) };
}

function houseOf(options: GitAdapterOptions): MirrorHouse {
  const mirrors = resolve(options.mirrors);
  return {
    mirrors,
    environments: environments(options.environment ?? process.env, mirrors),
    token: options.token ?? (() => null),
    limits: { ...LIMITS, ...options.limits },
    apart: { words: null },
    fetched: new Map(),
    queues: new Map(),
  };
}

function gitOver(house: MirrorHouse): Git {
  const kept = { files: keptReads(sizeOfFiles), links: keptReads(sizeOfLinks), commits: keptReads(sizeOfCommit) };
  const local = async <T>(at: RemoteRepo, doing: string, work: (mirror: Mirror) => Promise<T>) => {
    const mirror = await mirrorOf(house, at);
    return withMirror(mirror, { doing, remote: false }, () => work(mirror));
  };
  return {
    remoteRefs: async (at, patterns) => readRemoteRefs(await mirrorOf(house, at), patterns),
    async fetch(at, refs) {
      if (refs.length === 0) return;
      const mirror = await mirrorOf(house, at);
      const bring = async (): Promise<void> => {
        if (await hasRefs(mirror, refs)) return;
        await bringRefs(mirror, refs);
        await tidyMirror(mirror);
      };
      const about = { doing: `fetching ${refs.join(', ')}`, remote: true };
      await inTurn(mirror, () => withMirror(mirror, about, bring));
      house.fetched.set(mirror.dir, new Set([...(house.fetched.get(mirror.dir) ?? []), ...refs]));
    },
    files: (at, commit, patterns) =>
      kept.files([at.remote, commit, ...patterns].join('\0'), () =>
        local(at, `reading files of ${commit}`, (mirror) => readFiles(mirror, commit, patterns)),
      ),
    submodules: (at, commit) =>
      kept.links([at.remote, commit].join('\0'), () =>
        local(at, `reading submodules of ${commit}`, (mirror) => readLinks(mirror, commit)),
      ),
    commit: (at, id) =>
      kept.commits([at.remote, id].join('\0'), () =>
        local(at, `reading the commit ${id}`, (mirror) => readCommit(mirror, id)),
      ),
    log: (at, range) => local(at, `reading the history of ${range.to}`, (mirror) => readLog(mirror, range)),
    isAncestor: (at, ancestor, descendant) =>
      local(at, `comparing ${ancestor} with ${descendant}`, (mirror) => readIsAncestor(mirror, ancestor, descendant)),
    writeCommit: (at, draft) =>
      local(at, `writing a commit on ${draft.parent}`, (mirror) => writeCommitObject(mirror, draft)),
    pickCommits: (at, draft) =>
      local(at, `picking ${draft.commits.join(', ')} onto ${draft.onto}`, (mirror) => pickCommits(mirror, draft)),
    writeTag: (at, draft) => local(at, `writing the tag ${draft.tag}`, (mirror) => writeTagObject(mirror, draft)),
    async push(at, updates) {
      const mirror = await mirrorOf(house, at);
      const doing = `pushing ${updates.map(({ ref }) => ref).join(', ')}`;
      return withMirror(mirror, { doing, remote: true }, () => pushUpdates(mirror, updates));
    },
  };
}

function sizeOfFiles(files: readonly GitFile[]): number {
  return files.reduce((sum, { path, text }) => sum + 2 * (path.length + (text?.length ?? 0)) + 200, 0);
}

function sizeOfLinks(links: readonly GitLink[]): number {
  return links.reduce((sum, { path }) => sum + 2 * path.length + 200, 0);
}

function sizeOfCommit({ subject, author }: GitCommit): number {
  return 2 * (subject.length + author.length) + 400;
}
