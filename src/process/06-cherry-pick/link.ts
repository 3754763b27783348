import { RepoSlug } from '../../domain/repo.ts';
import type { Train } from '../../domain/train/train.ts';

/** What `--fixes` points to. Another link is kept as it is: it may be a tracker of somebody else. */
export type FixesLink =
  | { readonly is: 'issue'; readonly slug: RepoSlug; readonly number: number }
  | { readonly is: 'run'; readonly slug: RepoSlug; readonly run: string }
  | { readonly is: 'other'; readonly url: string };

/** Reads a link as people write it: an address of the forge, `owner/name#12`, `#12` of the repository itself. Null for what is no link. */
export function fixesLink(text: string, train: Train, own: RepoSlug | null): FixesLink | null {
  const short = /^([\w.-]+\/[\w.-]+)?#(\d{1,10})$/.exec(text);
  if (short !== null) {
    const slug = RepoSlug.safeParse(short[1] ?? own);
    return slug.success ? { is: 'issue', slug: slug.data, number: Number(short[2]) } : null;
  }
  if (!/^https?:\/\/[^\s<>"'`\\]+$/i.test(text)) return null;
  const web = (train.forge?.web ?? 'https://github.com').replace(/\/$/, '');
  const path = text.toLowerCase().startsWith(`${web.toLowerCase()}/`) ? text.slice(web.length + 1) : '';
  // The forge takes upper and lower case for one in all of these.
  const found = /^([\w.-]+\/[\w.-]+)\/(issues|pull|actions\/runs)\/(\d{1,20})(?:[/?#].*)?$/i.exec(path);
  const slug = RepoSlug.safeParse(found?.[1]);
  if (found === null || !slug.success) return { is: 'other', url: text };
  return found[2]?.toLowerCase() === 'actions/runs'
    ? { is: 'run', slug: slug.data, run: found[3] ?? '' }
    : { is: 'issue', slug: slug.data, number: Number(found[3]) };
}
