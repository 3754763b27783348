import type { Rich } from '../doc.ts';
import { leaves, mayBeFollowed } from '../href.ts';
import { partsOf } from '../words.ts';

/** Addresses outside of the server that a text names, a line each: evidence is to be followed from plain text too. */
export function linksOf(text: Rich): readonly string[] {
  return partsOf(text).flatMap((part) =>
    typeof part !== 'string' && part.kind === 'link' && mayBeFollowed(part.href) && leaves(part.href)
      ? [part.href]
      : [],
  );
}
