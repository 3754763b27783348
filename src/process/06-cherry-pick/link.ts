import { RepoSlug } from '../../domain/repo.ts';
import type { Train } from '../../domain/train/train.ts';

/** What `--fixes` points to. Another link is kept as it is: it may be a tracker of somebody else. */
export type FixesLink =
  | { readonly is: 'issue'; readonly slug: RepoSlug; readonly number: number }
  /** A run of CI: of a workflow, or of one job of it. */
  | { readonly is: 'run'; readonly slug: RepoSlug; readonly of: 'workflow' | 'job'; readonly number: number }
  | { readonly is: 'other'; readonly url: string };

export type RunLink = Extract<FixesLink, { readonly is: 'run' }>;

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
  const found = /^([\w.-]+\/[\w.-]+)\/(.+)$/.exec(path);
  const slug = RepoSlug.safeParse(found?.[1]);
  const place = /^(issues|pull|runs|actions\/runs)\/(\d{1,15})(?:\/job\/(\d{1,15}))?(?:[/?#].*)?$/i.exec(
    found?.[2] ?? '',
  );
  if (place === null || !slug.success) return { is: 'other', url: text };
  const [, kind = '', number, job] = place;
  switch (kind.toLowerCase()) {
    case 'actions/runs':
      return job === undefined
        ? { is: 'run', slug: slug.data, of: 'workflow', number: Number(number) }
        : { is: 'run', slug: slug.data, of: 'job', number: Number(job) };
    case 'runs':
      return { is: 'run', slug: slug.data, of: 'job', number: Number(number) };
    default:
      return { is: 'issue', slug: slug.data, number: Number(number) };
  }
}
