import type { Json } from '../domain/canonical-json.ts';

/** A place in a file; line and column from 1. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** A train file as data in which every key and value knows its place, so that a mistake can be shown where it was made. */
export type TreeNode = MapNode | ListNode | ScalarNode;
export interface MapNode {
  readonly kind: 'map';
  readonly at: Place;
  readonly entries: ReadonlyMap<string, TreeEntry>;
}
export interface ListNode {
  readonly kind: 'list';
  readonly at: Place;
  readonly items: readonly TreeNode[];
}
export interface ScalarNode {
  readonly kind: 'scalar';
  readonly at: Place;
  readonly value: string | number | boolean | null;
  /** As it was written, for example 2.10, which as a number is 2.1. */
  readonly source: string;
}
export interface TreeEntry {
  readonly keyAt: Place;
  readonly value: TreeNode;
}

export type KeyPath = readonly (string | number)[];

/** The data alone. */
export function dataOf(node: TreeNode): Json {
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'list') return node.items.map(dataOf);
  return Object.fromEntries([...node.entries].map(([key, entry]) => [key, dataOf(entry.value)]));
}

/** The node at a path; null when there is none. */
export function nodeAt(root: TreeNode, path: KeyPath): TreeNode | null {
  return path.reduce<TreeNode | null>((node, part) => (node === null ? null : childOf(node, part)), root);
}

function childOf(node: TreeNode, part: string | number): TreeNode | null {
  if (node.kind === 'map') return node.entries.get(String(part))?.value ?? null;
  return node.kind === 'list' ? (node.items[Number(part)] ?? null) : null;
}

/** Where a path lies: the value, or the key itself when `key` is asked for; else the nearest thing around it. */
export function placeOf(root: TreeNode, path: KeyPath, what: 'key' | 'value' = 'value'): Place {
  const last = path.at(-1);
  if (last === undefined) return root.at;
  const parent = path.slice(0, -1);
  const holder = nodeAt(root, parent);
  if (holder === null) return placeOf(root, parent, 'key');
  const entry = holder.kind === 'map' ? holder.entries.get(String(last)) : undefined;
  if (entry !== undefined) return what === 'key' ? entry.keyAt : entry.value.at;
  const item = childOf(holder, last);
  return item === null ? placeOf(root, parent, 'key') : item.at;
}

/** The tree without what lies at the given paths. */
export function without(root: TreeNode, paths: readonly KeyPath[]): TreeNode {
  return paths.reduce((node, path) => removeAt(node, path), root);
}

function removeAt(node: TreeNode, [part, ...rest]: KeyPath): TreeNode {
  if (part === undefined || node.kind === 'scalar') return node;
  if (node.kind === 'list') {
    // Items keep their places, so that the other paths still fit: a list loses nothing of itself, only inside its items.
    return {
      ...node,
      items: node.items.map((item, index) => (index === part && rest.length > 0 ? removeAt(item, rest) : item)),
    };
  }
  const entries = [...node.entries].flatMap(([key, entry]) => {
    if (key !== String(part)) return [[key, entry] as const];
    return rest.length === 0 ? [] : [[key, { ...entry, value: removeAt(entry.value, rest) }] as const];
  });
  return { ...node, entries: new Map(entries) };
}

/** `repos.vision.onBranch[0].to` */
export function keyText(path: KeyPath): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    const name = /^[\w-]+$/.test(part) ? part : JSON.stringify(part);
    return text === '' ? name : `${text}.${name}`;
  }, '');
}
