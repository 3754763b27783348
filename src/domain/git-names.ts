import { z } from 'zod';

/** The id of a git object, 40 hexadecimal digits (sha1 repositories). */
export const ObjectId = z
  .string()
  .regex(/^[0-9a-f]{40}$/, { error: 'not a full commit id of 40 hexadecimal digits' })
  .brand<'ObjectId'>();
export type ObjectId = z.infer<typeof ObjectId>;

// git check-ref-format, plus: no leading dash in any part, so that no name can be read as an option.
// oxlint-disable-next-line no-control-regex -- control characters are what is refused here
const FORBIDDEN_IN_REF = /[\x00-\x20\x7f~^:?*[\\]|\.\.|@\{|\/\/|\/\.|^\.|\.lock(\/|$)|\/$|\.$|^\/|(^|\/)-|^@$/;

function isRefName(name: string): boolean {
  return name.length > 0 && name.length <= 240 && !FORBIDDEN_IN_REF.test(name);
}

/** A branch name as people write it, `release/2.8`: valid for git, and never to be taken for an option. */
export const BranchName = z
  .string()
  .refine(isRefName, { error: 'not a branch name that git accepts' })
  .brand<'BranchName'>();
export type BranchName = z.infer<typeof BranchName>;

/** A full ref, `refs/heads/…` or `refs/tags/…`. */
export const RefName = z
  .string()
  .refine((name) => /^refs\/(heads|tags)\/./.test(name) && isRefName(name), { error: 'not a full ref name' })
  .brand<'RefName'>();
export type RefName = z.infer<typeof RefName>;

export function branchRef(branch: string): RefName {
  return RefName.parse(`refs/heads/${branch}`);
}

export function tagRef(tag: string): RefName {
  return RefName.parse(`refs/tags/${tag}`);
}

/** `refs/heads/release/2.8` to `release/2.8`; tags likewise. */
export function shortRef(ref: RefName): string {
  return ref.replace(/^refs\/(heads|tags)\//, '');
}

/** A commit id shortened for people: 9 digits, as git does for repositories of this size. */
export function shortId(id: ObjectId): string {
  return id.slice(0, 9);
}
