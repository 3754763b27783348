import type { CommitPatch, FilePatch } from '../domain/history.ts';

/** How two changes relate; shares from 0 to 1, over the lines that hold more than punctuation. */
export interface Relation {
  /** The same lines with the same surroundings in the same files: one `git patch-id`. */
  readonly samePatch: boolean;
  /** The same lines in the same order, whatever stands around them; `moved` when the files have other names. */
  readonly sameLines: 'same' | 'moved' | false;
  /** The lines they share, of the lines that either has: 1 when all. */
  readonly similar: number;
  /** The share of the first one's lines that the second has too. */
  readonly firstInSecond: number;
  readonly secondInFirst: number;
  readonly shared: number;
  readonly sharedFiles: number;
}

/** A change without the files that are generated: they say nothing of what people did. */
export function withoutGenerated(patch: CommitPatch, isGenerated: (path: string) => boolean): CommitPatch {
  const files = patch.files.filter(({ path }) => !isGenerated(path));
  // Only generated files: then they are what it is about.
  return files.length === 0 || files.length === patch.files.length ? patch : { ...patch, files };
}

/** One text for one `git patch-id`; empty for an empty commit. */
export function signatureOf(patch: CommitPatch): string {
  return joined(patch.files.map((file) => `${file.path}:${file.signature}`));
}

/** One text for the same lines in the same files. */
export function changeOf(patch: CommitPatch): string {
  return joined(patch.files.map((file) => `${file.path}:${file.removed}:${file.added}`));
}

/** What `changeOf` says of the commit that takes this one back. */
export function inverseOf(patch: CommitPatch): string {
  return joined(patch.files.map((file) => `${file.path}:${file.added}:${file.removed}`));
}

/** How many lines of more than punctuation it changes. */
export function weightOf(patch: CommitPatch): number {
  return patch.files.reduce((sum, { lines }) => sum + lines.length, 0);
}

function joined(parts: readonly string[]): string {
  return parts.toSorted().join('\n');
}

function movedChangeOf(patch: CommitPatch): string {
  return joined(patch.files.map((file) => `${file.removed}:${file.added}`));
}

/** All lines of a change, sorted. */
export function linesOf(patch: CommitPatch): readonly number[] {
  const [only, ...others] = patch.files;
  if (only === undefined) return [];
  return others.length === 0
    ? only.lines
    : patch.files.flatMap(({ lines }: FilePatch) => lines).toSorted((one, other) => one - other);
}

/** How many lines two sorted lists share, each counted as often as both have it. */
export function sharedLines(one: readonly number[], other: readonly number[]): number {
  let shared = 0;
  for (let left = 0, right = 0; left < one.length && right < other.length;) {
    const first = one[left] ?? 0;
    const second = other[right] ?? 0;
    if (first === second) shared += 1;
    if (first <= second) left += 1;
    if (second <= first) right += 1;
  }
  return shared;
}

/** Compares two changes. */
export function compare(first: CommitPatch, second: CommitPatch): Relation {
  const one = linesOf(first);
  const other = linesOf(second);
  const shared = sharedLines(one, other);
  const names = new Set(first.files.map(({ path }) => path));
  const isEmpty = first.files.length === 0 || second.files.length === 0;
  const samePatch = !isEmpty && signatureOf(first) === signatureOf(second);
  const same = !isEmpty && (samePatch || changeOf(first) === changeOf(second));
  const moved = !isEmpty && !same && one.length > 0 && movedChangeOf(first) === movedChangeOf(second);
  return {
    samePatch,
    sameLines: same ? 'same' : moved && 'moved',
    similar: share(shared, one.length + other.length - shared),
    firstInSecond: share(shared, one.length),
    secondInFirst: share(shared, other.length),
    shared,
    sharedFiles: second.files.filter(({ path }) => names.has(path)).length,
  };
}

function share(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}
