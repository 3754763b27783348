import type { AskEvidence } from '../../../domain/ask.ts';

/** More than people put into a text; what comes after is not looked at, and holds the text back. */
export const MOST_LINKS = 50;
const LINK = /https?:\/\/[^\s<>"'`)\]}|\\^]+/giu;

/** The addresses in a text, each once, without the punctuation of the sentence they stand in. */
export function linksIn(text: string): readonly string[] {
  const found = [...text.matchAll(LINK)].map(([link]) => link.replace(/[.,;:!?*_]+$/u, ''));
  return [...new Set(found)];
}

/** What is wrong with the links of a text, in one line; null where all of them lead somewhere, and where nobody looked. */
export function linksFault(
  links: readonly AskEvidence[] | null,
): { readonly known: boolean; readonly text: string } | null {
  const bad = (links ?? []).filter(({ state }) => state !== 'holds');
  const [first] = bad.toSorted((left, right) => (left.state === right.state ? 0 : left.state === 'open' ? -1 : 1));
  if (first === undefined) return null;
  const text = `${bad.length} of ${links?.length ?? 0} links in its text lead nowhere that is known: ${first.text}`;
  return { known: first.state === 'open', text };
}
