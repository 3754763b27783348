import type { RepoSlug } from '../domain/repo.ts';
import { RepoSlug as Slug } from '../domain/repo.ts';

/** What people call a change by: a commit, or a number that is a pull request or an issue; in a repository, if they say which. */
export type ChangeName =
  | { readonly kind: 'commit'; readonly id: string; readonly slug: RepoSlug | null }
  | { readonly kind: 'number'; readonly number: number; readonly slug: RepoSlug | null };

const NUMBER = /^(?:([A-Za-z0-9-]+\/[\w.-]+))?#?(\d{1,8})$/;
const ID = /^[0-9a-f]{7,40}$/i;
const ADDRESS =
  /^https?:\/\/[^\s/]+\/([\w-]+\/[\w.-]+)\/(?:(?:pull|issues)\/(\d{1,8})|commit\/([0-9a-f]{7,40}))(?:[/?#][^\s]*)?$/i;

/** Reads what people name a change by: 1234, #1234, owner/name#1234, the address of a pull request, issue or commit, or a commit id. */
export function readChangeName(text: string): ChangeName | null {
  const typed = text.trim();
  const address = ADDRESS.exec(typed);
  if (address !== null) {
    const slug = slugOf(address[1]);
    const [, , number, id] = address;
    if (slug === null) return null;
    return number === undefined
      ? { kind: 'commit', id: (id ?? '').toLowerCase(), slug }
      : { kind: 'number', number: Number(number), slug };
  }
  const named = NUMBER.exec(typed);
  // Seven digits and more may be the beginning of a commit id, but numbers of pull requests are never that long in practice.
  if (named !== null && (named[2] ?? '').length <= 7) {
    const slug = named[1] === undefined ? null : slugOf(named[1]);
    return named[1] !== undefined && (slug === null || !typed.includes('#'))
      ? null
      : { kind: 'number', number: Number(named[2]), slug };
  }
  return ID.test(typed) ? { kind: 'commit', id: typed.toLowerCase(), slug: null } : null;
}

function slugOf(text: string | undefined): RepoSlug | null {
  const parsed = Slug.safeParse(text);
  return parsed.success ? parsed.data : null;
}
