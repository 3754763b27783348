import type { ConfigProblem } from './problem.ts';
import { keyText, type KeyPath, type MapNode, type TreeEntry, type TreeNode } from './tree.ts';

/** Whether null is a value at this path, rather than the sign that an inherited key goes away. */
export type NullIsValue = (path: KeyPath) => boolean;

export interface Merged {
  readonly tree: TreeNode;
  readonly problems: readonly ConfigProblem[];
}

/** Lays a file over the one it extends: maps key by key, lists and texts whole; null takes an inherited key away. */
export function mergeTrees(base: TreeNode, over: TreeNode, nullIsValue: NullIsValue): Merged {
  const problems: ConfigProblem[] = [];
  return { tree: merge(base, over, { nullIsValue, problems }, []), problems };
}

interface Merging {
  readonly nullIsValue: NullIsValue;
  readonly problems: ConfigProblem[];
}

function merge(base: TreeNode, over: TreeNode, merging: Merging, path: KeyPath): TreeNode {
  if (base.kind !== 'map' || over.kind !== 'map')
    return over.kind === 'map' ? mergeMaps(null, over, merging, path) : over;
  return mergeMaps(base, over, merging, path);
}

function mergeMaps(base: MapNode | null, over: MapNode, merging: Merging, path: KeyPath): MapNode {
  const entries = new Map<string, TreeEntry>(base?.entries);
  for (const [key, entry] of over.entries) {
    const inherited = base?.entries.get(key);
    const here = [...path, key];
    if (isNull(entry.value) && !merging.nullIsValue(here)) {
      entries.delete(key);
      if (inherited === undefined) merging.problems.push(nothingToTakeAway(entry, here, base));
    } else if (inherited === undefined) {
      entries.set(key, {
        ...entry,
        value: entry.value.kind === 'map' ? mergeMaps(null, entry.value, merging, here) : entry.value,
      });
    } else {
      entries.set(key, { keyAt: entry.keyAt, value: merge(inherited.value, entry.value, merging, here) });
    }
  }
  return { kind: 'map', at: over.at, entries };
}

function isNull(node: TreeNode): boolean {
  return node.kind === 'scalar' && node.value === null;
}

function nothingToTakeAway(entry: TreeEntry, path: KeyPath, base: MapNode | null): ConfigProblem {
  return {
    code: 'contradiction',
    ...entry.keyAt,
    key: keyText(path),
    text: 'null takes an inherited key away, but none of this name is inherited',
    allowed: base === null ? [] : [...base.entries.keys()],
    suggestion: null,
  };
}
