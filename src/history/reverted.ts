import { titleKey } from './title.ts';

/** How a revert, or the undoing of one, names what it is about. */
export type RevertTarget =
  | { readonly kind: 'commit'; readonly id: string }
  | { readonly kind: 'pull'; readonly number: number }
  | { readonly kind: 'diff'; readonly diff: string }
  | { readonly kind: 'title'; readonly key: string };

/** What a commit takes back or brings back. */
export interface Reverted {
  /** `revert` takes a change away; `reland` brings one again that was taken away. */
  readonly way: 'revert' | 'reland';
  /** Every name it gives of the same change, the surest first; none: it says no more than that it is one. */
  readonly targets: readonly RevertTarget[];
  /** How many changes it takes back, when it says a number instead of names. */
  readonly count: number | null;
}

const REVERT = /^(?:revert(?:s|ed|ing)?\b[\s:-]*|back(?:ed|ing)?[- ]out\b[\s:-]*)(.*)$/i;
const RELAND =
  /^(?:re-?land(?:s|ed|ing)?\b|re-?appl(?:y|ies|ied)\b|\[\s*re-?land(?:\s*#?\d+)?\s*\])[\s:-]*(?:of\s+)?(.*)$/i;
const TAGS = /^(?:\[[^\]]*\]\s*)+/;
const THIS_REVERTS = /^\s*This (?:partially )?reverts commit ([0-9a-f]{7,40})\b/im;
const REVERTS_PULL = /^\s*Reverts? (?:https?:\/\/[^\s/]+\/)?([\w-]+\/[\w.-]+)?(?:#|\/pull\/)(\d{1,8})(?!\d)/im;
const RELAND_OF =
  /\b(?:re-?lands?|re-?land(?:ing)? of|re-?appl(?:y|ies)) (?:of )?(?:https?:\/\/[^\s/]+\/[\w-]+\/[\w.-]+\/pull\/|#)(\d{1,8})(?!\d)/i;
const ORIGINAL_DIFF = /^\s*Original Phabricator Diff: \[?(D\d+)/im;
const COUNT = /^(?:the )?last (\d{1,3}) commits?\b/i;

/**
 * Reads whether a commit is a revert or a reland, and of what; null for any other commit. Only its title decides: a body quotes the texts
 * of the commits that were squashed, reverts of one another among them (REV-07).
 */
export function readReverted(subject: string, body: string, slug: string | null): Reverted | null {
  const plain = subject.trim().replace(/\s*\(#\d+\)\s*$/, '');
  const relandTag = /^\s*(?:\[[^\]]*\]\s*)*\[\s*re-?land/i.test(plain);
  const untagged = plain.replace(TAGS, '');
  const reland = RELAND.exec(relandTag ? `reland ${untagged}` : untagged);
  if (reland !== null) return relandOf(reland[1] ?? '', body);
  const revert = REVERT.exec(untagged);
  if (revert !== null) return revertOf(revert[1] ?? '', body, slug);
  return null;
}

function relandOf(rest: string, body: string): Reverted {
  const number = RELAND_OF.exec(body)?.[1] ?? /^#(\d{1,8})(?!\d)/.exec(rest)?.[1];
  // Reapply "x" is how the forge names the revert of a revert: the commit it names is that revert.
  const id = THIS_REVERTS.exec(body)?.[1]?.toLowerCase();
  const targets: RevertTarget[] = id === undefined ? [] : [{ kind: 'commit', id }];
  if (number !== undefined) targets.push({ kind: 'pull', number: Number(number) });
  return { way: 'reland', targets: [...targets, ...titlesOf(rest)], count: null };
}

function revertOf(rest: string, body: string, slug: string | null): Reverted {
  const count = COUNT.exec(rest)?.[1];
  if (count !== undefined) return { way: 'revert', targets: [], count: Number(count) };
  const id = THIS_REVERTS.exec(body)?.[1];
  const pull = REVERTS_PULL.exec(body);
  const diff = ORIGINAL_DIFF.exec(body)?.[1];
  const isOwn = slug === null || (pull?.[1] ?? slug).toLowerCase() === slug.toLowerCase();
  const targets: RevertTarget[] = [];
  if (id !== undefined) targets.push({ kind: 'commit', id: id.toLowerCase() });
  if (pull?.[2] !== undefined && isOwn) targets.push({ kind: 'pull', number: Number(pull[2]) });
  if (diff !== undefined) targets.push({ kind: 'diff', diff });
  targets.push(...numbersOf(rest), ...titlesOf(rest));
  // Revert "Revert "x"" brings x again, but it is the inner revert that it takes back.
  return { way: 'revert', targets, count: null };
}

/** `Revert "x (#12)"`, `Revert #12`: the number stands within the quotes, or is all there is. */
function numbersOf(rest: string): readonly RevertTarget[] {
  // The number within a quoted revert is that of what the revert took back, not of the revert.
  if (/^["“](?:revert|re-?land|re-?apply|back out)\b/i.test(rest)) return [];
  const found =
    /^["“].*\(#(\d{1,8})\)["”]/.exec(rest) ??
    /^(?:PR\s*)?#(\d{1,8})(?!\d)/i.exec(rest) ??
    /^[^"“].*?#(\d{1,8})$/.exec(rest);
  return found?.[1] === undefined ? [] : [{ kind: 'pull', number: Number(found[1]) }];
}

/** A title in quotes is a name; a title without them may as well be a description. */
function titlesOf(rest: string): readonly RevertTarget[] {
  const quoted = /^["“](.*)["”]/.exec(rest)?.[1];
  const key = titleKey(quoted ?? '');
  return key === '' ? [] : [{ kind: 'title', key }];
}
