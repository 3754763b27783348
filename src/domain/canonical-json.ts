import { createHash } from 'node:crypto';
import { z } from 'zod';

/** `sha256:` and 64 hexadecimal digits. */
export const Digest = z
  .string()
  .regex(/^sha256:[0-9a-f]{64}$/)
  .brand<'Digest'>();
export type Digest = z.infer<typeof Digest>;

/** What JSON can hold; `undefined` members of objects are left out, as JSON.stringify does. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json | undefined };

/**
 * The one text of a JSON value: members sorted by UTF-16 code units, no white space, numbers as ECMAScript prints them (RFC 8785).
 * Numbers that JSON cannot hold (NaN, infinities) are a bug and throw.
 */
export function canonicalJson(value: Json): string {
  if (typeof value === 'number' && !Number.isFinite(value)) throw new TypeError(`canonical JSON cannot hold ${value}`);
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (isList(value)) return `[${value.map((item) => canonicalJson(item)).join(',')}]`;
  let members = '';
  // Every entry of a ledger and every plan comes by here: no lists of pairs are made.
  for (const key of sortedKeys(value)) {
    const member = value[key];
    if (member !== undefined) members += `${members === '' ? '' : ','}${JSON.stringify(key)}:${canonicalJson(member)}`;
  }
  return `{${members}}`;
}

/** Sorted by UTF-16 code units, which is how texts compare. */
function sortedKeys(value: object): readonly string[] {
  return Object.keys(value).toSorted();
}

function isList(value: object): value is readonly Json[] {
  return Array.isArray(value);
}

/** The digest of the value's canonical JSON in UTF-8. */
export function digestOf(value: Json): Digest {
  return digestOfBytes(canonicalJson(value));
}

/** The digest of bytes, or of a text in UTF-8. */
function digestOfBytes(bytes: string | Uint8Array): Digest {
  return Digest.parse(`sha256:${createHash('sha256').update(bytes).digest('hex')}`);
}
