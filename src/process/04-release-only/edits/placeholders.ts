import type { ObjectId } from '../../../domain/git-names.ts';
import type { RepoInRelease } from '../../../domain/train/naming.ts';
import { nextLine } from '../../../domain/version.ts';

/** What the placeholders of one repository's edits stand for. */
export interface Names {
  readonly own: RepoInRelease;
  readonly repos: ReadonlyMap<string, RepoInRelease>;
  /** Heads of release branches, by repository; those that are not known are left out. */
  readonly heads: ReadonlyMap<string, ObjectId>;
}

/** A text with its placeholders filled in, or the placeholders that stand for nothing. */
export type Filled =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly placeholder: string; readonly why: string };

const PLACEHOLDER = /\{(line|version|branch|commit|next-line)(?::([a-z][a-z0-9._-]*))?\}/g;

/** Fills {line} {version} {branch} {next-line} of the repository, and {line:KEY} … {commit:KEY} of another. Other braces stay as they are. */
export function fillPlaceholders(text: string, names: Names): Filled {
  let missing: Extract<Filled, { ok: false }> | null = null;
  const filled = text.replaceAll(PLACEHOLDER, (placeholder: string, what: string, key: string | undefined) => {
    const found = valueOf(what, key, names);
    if (found.ok) return found.text;
    missing ??= { ...found, placeholder };
    return placeholder;
  });
  return missing ?? { ok: true, text: filled };
}

function valueOf(what: string, key: string | undefined, { own, repos, heads }: Names): Filled {
  const repo = key === undefined ? own : repos.get(key);
  if (repo === undefined)
    return { ok: false, placeholder: '', why: `no repository ${key ?? ''} takes part in this release` };
  if (what === 'line') return { ok: true, text: repo.line };
  if (what === 'version') return { ok: true, text: repo.release };
  if (what === 'branch') return { ok: true, text: repo.branch };
  if (what === 'next-line') return { ok: true, text: nextLine(repo.line) };
  const head = heads.get(repo.key);
  if (head === undefined)
    return { ok: false, placeholder: '', why: `${repo.key} has no ${repo.branch} yet, or it could not be read` };
  return { ok: true, text: head };
}

/** The repositories whose commits a text asks for. */
export function pinnedRepos(text: string): readonly string[] {
  return [...text.matchAll(PLACEHOLDER)].flatMap(([, what, key]) =>
    what === 'commit' && key !== undefined ? [key] : [],
  );
}

/** The repositories that a text names, whatever it asks of them. */
export function otherRepos(text: string): readonly string[] {
  return [...text.matchAll(PLACEHOLDER)].flatMap(([, , key]) => (key === undefined ? [] : [key]));
}
