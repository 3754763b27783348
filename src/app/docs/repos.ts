import type { Edit } from '../../domain/train/edit.ts';
import type { RepoEntry } from '../../domain/train/repo-entry.ts';
import type { Train } from '../../domain/train/train.ts';
import { code, enumerated } from './document.ts';

/** A repository with its key in the train file. */
export interface NamedRepo {
  readonly key: string;
  readonly entry: RepoEntry;
}

/** Repositories of a role, in the order of the train file. */
export function reposWith(train: Train, role: RepoEntry['role']): readonly NamedRepo[] {
  return Object.entries(train.repos).flatMap(([key, entry]) => (entry.role === role ? [{ key, entry }] : []));
}

/** The repository that another part of the train file names; null where there is none of that name. */
export function repoCalled(train: Train, name: string): NamedRepo | null {
  return Object.entries(train.repos).flatMap(([key, entry]) => (key === name ? [{ key, entry }] : []))[0] ?? null;
}

/** The repository as people know it: a link where the forge has one. */
export function repoLink(train: Train, { key, entry }: NamedRepo): string {
  const { slug } = entry;
  if (slug === undefined) return code(key);
  return train.forge === undefined ? code(slug) : `[${slug}](${train.forge.web.replace(/\/$/u, '')}/${slug})`;
}

/** Its release branch as a pattern: `release/{line}`. */
export function branchPattern(train: Train, entry: RepoEntry): string {
  return entry.branch ?? train.branches.release;
}

/** The lines of the train that something holds for: ` (since 2.0, until 2.9)`; empty for all. */
export function spanText({
  since,
  until,
}: {
  readonly since?: string | undefined;
  readonly until?: string | undefined;
}): string {
  const said = [...(since === undefined ? [] : [`since ${since}`]), ...(until === undefined ? [] : [`until ${until}`])];
  return said.length === 0 ? '' : ` (${said.join(', ')})`;
}

/** What an edit of a branch does, in words. */
export function editText(edit: Edit): string {
  const what = editAction(edit);
  return `${code(edit.id)}${spanText(edit)}: ${what}`;
}

function editAction(edit: Edit): string {
  switch (edit.kind) {
    case 'workflow-refs':
      return `references to workflows and actions of the train's repositories go from ${code(`@${edit.from}`)} to their release branches, in ${files(edit.files)}`;
    case 'input':
      return `input ${code(edit.name)} goes from ${code(edit.from)} to ${code(edit.to)}, in ${files(edit.files)}`;
    case 'file':
      return `${files(edit.files)} becomes ${code(edit.to)}`;
    case 'replace':
      return `${code(edit.find)} becomes ${code(edit.to)}, in ${files(edit.files)}`;
    case 'submodule': {
      const to = [
        ...(edit.url === undefined ? [] : [`address ${code(edit.url)}`]),
        ...(edit.branch === undefined ? [] : [`branch ${code(edit.branch)}`]),
      ];
      return `submodule ${code(edit.path)} gets ${enumerated(to)}`;
    }
  }
}

function files(paths: readonly string[]): string {
  return enumerated(paths.map(code));
}
