import { createHash } from 'node:crypto';
import { Instant } from '../domain/instant.ts';
import { ObjectId, RefName } from '../domain/git-names.ts';
import type { Git, RemoteRepo } from '../ports/git.ts';

/** Remotes as maps of refs, for tests of the engine: commits are only ids. Git itself is tested in adapters/git, on real repositories. */
export interface MemoryGit extends Git {
  readonly refsOf: (remote: string) => ReadonlyMap<string, string>;
  readonly setRef: (remote: string, ref: string, id: string | null) => void;
  /** Refs whose next push is refused, as a rule or hook of the remote would. */
  readonly refusing: Set<string>;
  /** How many pushes changed something. */
  readonly pushes: () => number;
}

export function fakeId(text: string): ObjectId {
  return ObjectId.parse(createHash('sha1').update(text).digest('hex'));
}

export function memoryGit(): MemoryGit {
  const remotes = new Map<string, Map<string, string>>();
  const tags = new Map<string, string>();
  const refusing = new Set<string>();
  let pushes = 0;
  const refsOf = (remote: string): Map<string, string> => {
    const known = remotes.get(remote) ?? new Map<string, string>();
    remotes.set(remote, known);
    return known;
  };
  return {
    refusing,
    refsOf,
    pushes: () => pushes,
    setRef(remote, ref, id) {
      if (id === null) refsOf(remote).delete(ref);
      else refsOf(remote).set(ref, id);
    },
    async remoteRefs(at: RemoteRepo, patterns) {
      return [...refsOf(at.remote)].flatMap(([ref, id]) => {
        if (!patterns.some((pattern) => matches(pattern, ref))) return [];
        const peeled = tags.get(id);
        return [
          {
            ref: RefName.parse(ref),
            id: ObjectId.parse(id),
            peeled: peeled === undefined ? null : ObjectId.parse(peeled),
          },
        ];
      });
    },
    async fetch() {},
    async files() {
      return [];
    },
    async submodules() {
      return [];
    },
    async commit(_at, id) {
      const committedAt = Instant.parse('2026-06-01T10:00:00Z');
      return { id, parents: [], author: 'Sam <sam@example.org>', committedAt, subject: 'A change' };
    },
    async log() {
      return { commits: [], count: 0 };
    },
    async isAncestor() {
      return true;
    },
    async writeCommit(_at, draft) {
      return fakeId(JSON.stringify(draft));
    },
    async pickCommits(_at, draft) {
      const commit = fakeId(JSON.stringify(draft));
      const made = draft.commits.map((of) => ({ of, commit: fakeId(`${of} onto ${draft.onto}`) }));
      return {
        picked: true,
        commit,
        tree: fakeId(`tree of ${commit}`),
        made,
        empty: [],
        files: [],
        conflicts: [],
        regenerated: [],
      };
    },
    async writeTag(_at, draft) {
      const object = fakeId(JSON.stringify(draft));
      tags.set(object, draft.commit);
      return object;
    },
    async push(at, updates) {
      const refs = refsOf(at.remote);
      const rejected = updates.flatMap(({ ref, from, to }) => {
        if (refusing.has(ref)) return [{ ref, reason: 'hook declined' }];
        // As git itself: what is there already is up to date, and counts as pushed.
        return [from, to].includes(idAt(refs, ref)) ? [] : [{ ref, reason: 'stale info' }];
      });
      if (rejected.length > 0) return { pushed: false, rejected };
      for (const { ref, to } of updates) {
        if (to === null) refs.delete(ref);
        else refs.set(ref, to);
      }
      pushes += 1;
      return { pushed: true };
    },
  };
}

function idAt(refs: ReadonlyMap<string, string>, ref: string): ObjectId | null {
  const id = refs.get(ref);
  return id === undefined ? null : ObjectId.parse(id);
}

function matches(pattern: string, ref: string): boolean {
  return pattern.endsWith('*') ? ref.startsWith(pattern.slice(0, -1)) : pattern === ref;
}
