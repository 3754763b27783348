import { z } from 'zod';

const LONGEST = 1024;
const SEGMENT = 255;

const encoder = new TextEncoder();

// oxlint-disable-next-line no-control-regex -- control characters are what is looked for
const FORBIDDEN = /[\u0000-\u001f\u007f\\]/;

function isKey(text: string): boolean {
  if (FORBIDDEN.test(text) || !text.isWellFormed() || encoder.encode(text).length > LONGEST) return false;
  return text.split('/').every((part) => {
    return part !== '' && part !== '.' && part !== '..' && encoder.encode(part).length <= SEGMENT;
  });
}

/**
 * The name of an object below the place of a store, with `/` between its parts: `whl/test/cu126/torch-2.7.0+cu126-….whl`. It cannot climb out of
 * its place, in a store or in a folder, and has no two spellings.
 */
export const StoreKey = z
  .string()
  .refine(isKey, {
    error:
      'not a name in a store: parts between single slashes, none of them empty, "." or "..", no control characters or backslashes, at most 1024 bytes',
  })
  .brand<'StoreKey'>();
export type StoreKey = z.infer<typeof StoreKey>;

/** The order in which every store lists: that of the bytes of UTF-8. Sorting texts of JavaScript gives another one beyond U+FFFF. */
export function compareKeys(left: string, right: string): number {
  // Code points sort as their UTF-8 does.
  const rights = right[Symbol.iterator]();
  for (const char of left) {
    const other = rights.next();
    if (other.done === true) return 1;
    const difference = (char.codePointAt(0) ?? 0) - (other.value.codePointAt(0) ?? 0);
    if (difference !== 0) return difference;
  }
  return rights.next().done === true ? 0 : -1;
}

/** What all of these keys begin with, as the prefix of a listing. */
export function commonBeginning(keys: readonly StoreKey[]): string {
  const [first = ''] = keys;
  let length = first.length;
  for (const key of keys) while (!key.startsWith(first.slice(0, length))) length -= 1;
  const beginning = first.slice(0, length);
  // Half of a character is no beginning.
  return beginning.isWellFormed() ? beginning : beginning.slice(0, -1);
}
