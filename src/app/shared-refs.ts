import { setImmediate as nextTurn } from 'node:timers/promises';
import type { RefName } from '../domain/git-names.ts';
import type { Git, RemoteRef, RemoteRepo } from '../ports/git.ts';

/** Refs of one remote that are asked for in one request. */
interface Look {
  readonly patterns: Set<string>;
  readonly refs: Promise<readonly RemoteRef[]>;
  /** Until it was sent, it takes more patterns. */
  isOpen: boolean;
}

/**
 * Git for one judging: what several gates ask of a remote's refs is asked for once, so that all of them speak of the same moment; what they ask
 * for in one turn of the event loop goes in one request; a ref is brought once for each look at it. A look or a fetch that failed is tried again
 * by the next. Nothing of it outlives the judging.
 */
export function withSharedRefs(git: Git): Git {
  const looks = new Map<string, Look[]>();
  const fetches = new Map<string, Promise<void>>();

  const lookAt = (at: RemoteRepo, patterns: readonly string[]): Look => {
    const known = looks.get(at.remote) ?? [];
    looks.set(at.remote, known);
    const before = known.find((look) => patterns.every((pattern) => isCovered(look, pattern)));
    if (before !== undefined) return before;
    // What is seen now may be newer than what was brought.
    for (const key of fetches.keys()) {
      const [remote, ref = ''] = key.split('\0');
      if (remote === at.remote && patterns.some((pattern) => covers(pattern, ref))) fetches.delete(key);
    }
    const open = known.find(({ isOpen }) => isOpen);
    if (open !== undefined) {
      for (const pattern of patterns) open.patterns.add(pattern);
      return open;
    }
    const asked = new Set(patterns);
    const ask = async (): Promise<readonly RemoteRef[]> => {
      await nextTurn();
      look.isOpen = false;
      try {
        return await git.remoteRefs(at, [...asked]);
      } catch (error) {
        known.splice(known.indexOf(look), 1);
        throw error;
      }
    };
    const look: Look = { patterns: asked, refs: Promise.resolve().then(ask), isOpen: true };
    known.push(look);
    return look;
  };

  return {
    ...git,
    async remoteRefs(at, patterns) {
      const refs = await lookAt(at, patterns).refs;
      return refs.filter(({ ref }) => patterns.some((pattern) => covers(pattern, ref)));
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

function isCovered(look: Look, pattern: string): boolean {
  return [...look.patterns].some((each) => covers(each, pattern));
}

/** Whether a pattern, a full name or one with `*` at its end, names all that another names. */
function covers(pattern: string, other: string): boolean {
  return pattern.endsWith('*') ? other.startsWith(pattern.slice(0, -1)) : pattern === other;
}
