import type { LineSpan } from '../domain/train/span.ts';
import { compareVersions } from '../domain/version.ts';
import type { KeyPath } from './tree.ts';

/** Something that each key by itself allows, but not all together. */
export interface Contradiction {
  readonly path: KeyPath;
  readonly text: string;
  readonly allowed?: readonly string[];
  /** What was said and is not among `allowed`: what the suggestion is made from. */
  readonly word?: string;
}

/** A span whose end comes before its beginning. */
export function rangeOf(path: KeyPath, { since, until }: LineSpan): readonly Contradiction[] {
  if (since === undefined || until === undefined || compareVersions(since, until) <= 0) return [];
  return [{ path: [...path, 'until'], text: `${until} comes before since, ${since}` }];
}
