import type { History } from '../ports/history.ts';

async function* nothing(): AsyncGenerator<never> {
  // A generator that yields nothing: there are no commits.
}

/** The history of repositories whose commits are only ids (memory-git): nobody has anything that the others lack. */
export function emptyHistory(): History {
  return {
    sides: nothing,
    touched: nothing,
    range: nothing,
    patches: () => Promise.resolve(new Map()),
    renamed: () => Promise.resolve(new Map()),
    pullCommits: () => Promise.resolve(new Map()),
    reachable: () => Promise.resolve(new Map()),
    find: () => Promise.resolve([]),
    memory: { recall: () => Promise.resolve(null), remember: () => Promise.resolve() },
  };
}
