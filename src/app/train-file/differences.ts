import { keyText, type KeyPath } from '../../config/tree.ts';
import { flowText } from '../../config/yaml-text.ts';
import { canonicalJson, type Json } from '../../domain/canonical-json.ts';

/** A place where two trains differ; undefined on the side that has nothing there. */
export interface Difference {
  readonly path: KeyPath;
  readonly before: Json | undefined;
  readonly after: Json | undefined;
}

function isMembers(value: Json | undefined): value is { readonly [key: string]: Json | undefined } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isItems(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

/** Every smallest place where two values differ, in the order of the first; lists of other lengths are one place. */
export function differencesOf(
  before: Json | undefined,
  after: Json | undefined,
  path: KeyPath = [],
): readonly Difference[] {
  if (before !== undefined && after !== undefined && canonicalJson(before) === canonicalJson(after)) return [];
  if (isMembers(before) && isMembers(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    return keys.flatMap((key) =>
      before[key] === after[key] ? [] : differencesOf(before[key], after[key], [...path, key]),
    );
  }
  if (isItems(before) && isItems(after) && before.length === after.length)
    return before.flatMap((item, index) => differencesOf(item, after[index], [...path, index]));
  return [{ path, before, after }];
}

const MOST = 5;
const LONGEST = 200;

/** `calendar.cadence."2.8".release.on: 2025-07-30 there, 2025-07-28 here`, the first few of them. */
export function differencesText(
  differences: readonly Difference[],
  { before, after }: { readonly before: string; readonly after: string },
): string {
  const told = differences
    .slice(0, MOST)
    .map((each) => `${keyText(each.path)}: ${valueText(each.before)} ${before}, ${valueText(each.after)} ${after}`);
  const more = differences.length - told.length;
  return `${told.join('; ')}${more > 0 ? `; and ${more} more` : ''}`;
}

/** A value as the train file writes it, on one line; `nothing` where there is none. */
export function valueText(value: Json | undefined): string {
  if (value === undefined) return 'nothing';
  const text = flowText(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 3)}...` : text;
}
