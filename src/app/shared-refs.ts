import type { RefName } from '../domain/git-names.ts';
import type { Git, RemoteRef } from '../ports/git.ts';

/** Refs of one remote that were asked for in one request. */
interface Look {
  readonly patterns: readonly string[];
  readonly refs: Promise<readonly RemoteRef[]>;
}

/**
 * Git for one judging: what several gates ask of a remote's refs is asked for once, so that all of them speak of the same moment, and a ref is
 * brought once for each look at it. A look or a fetch that failed is tried again by the next. Nothing of it outlives the judging.
 */
export function withSharedRefs(git: Git): Git {
  const looks = new Map<string, Look[]>();
  const fetches = new Map<string, Promise<void>>();

  const looksAt = (remote: string): Look[] => {
    const known = looks.get(remote) ?? [];
    looks.set(remote, known);
    return known;
  };

  return {
    ...git,
    async remoteRefs(at, patterns) {
      const known = looksAt(at.remote);
      const before = known.find((look) =>
        patterns.every((pattern) => look.patterns.some((each) => covers(each, pattern))),
      );
      if (before !== undefined) {
        const refs = await before.refs;
        return refs.filter(({ ref }) => patterns.some((pattern) => covers(pattern, ref)));
      }
      const look: Look = { patterns, refs: git.remoteRefs(at, patterns) };
      known.push(look);
      // What is seen now may be newer than what was brought.
      for (const key of fetches.keys()) {
        const [remote, ref = ''] = key.split('\0');
        if (remote === at.remote && patterns.some((pattern) => covers(pattern, ref))) fetches.delete(key);
      }
      try {
        return await look.refs;
      } catch (error) {
        known.splice(known.indexOf(look), 1);
        throw error;
      }
    },
    async fetch(at, refs) {
      const keyOf = (ref: RefName): string => `${at.remote}\0${ref}`;
      const missing = refs.filter((ref) => !fetches.has(keyOf(ref)));
      if (missing.length > 0) {
        const brought = git.fetch(at, missing);
        for (const ref of missing) {
          const key = keyOf(ref);
          fetches.set(key, brought);
          brought.catch(() => {
            if (fetches.get(key) === brought) fetches.delete(key);
          });
        }
      }
      await Promise.all(refs.map((ref) => fetches.get(keyOf(ref)) ?? Promise.resolve()));
    },
  };
}

/** Whether a pattern, a full name or one with `*` at its end, names all that another names. */
function covers(pattern: string, other: string): boolean {
  return pattern.endsWith('*') ? other.startsWith(pattern.slice(0, -1)) : pattern === other;
}
