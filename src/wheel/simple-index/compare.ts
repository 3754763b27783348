import { refuseOr, type Result } from '../../domain/result.ts';
import { versionsOf } from './order.ts';
import type { IndexFile } from '../../domain/index-page.ts';
import type { ProjectPage } from './page.ts';
import type { IndexProblem } from './problem.ts';
import type { ReadPage } from './read-page.ts';

/** A member of an entry, as `IndexFile` names it. */
export type FileMember = Exclude<keyof IndexFile, 'name'>;

/** What tells two pages of one project apart, in the order of the index. */
export interface PageDifference {
  readonly added: readonly IndexFile[];
  readonly removed: readonly IndexFile[];
  readonly changed: readonly {
    readonly before: IndexFile;
    readonly after: IndexFile;
    readonly what: readonly FileMember[];
  }[];
}

const members: readonly FileMember[] = ['url', 'digest', 'size', 'requiresPython', 'metadata', 'yanked', 'uploadedAt'];

export function comparePages(before: ProjectPage, after: ProjectPage): PageDifference {
  const old = byName(before.files);
  const now = byName(after.files);
  return {
    added: after.files.filter(({ name }) => !old.has(name)),
    removed: before.files.filter(({ name }) => !now.has(name)),
    changed: after.files.flatMap((file) => {
      const was = old.get(file.name);
      const what = was === undefined ? [] : members.filter((member) => was[member] !== file[member]);
      return was === undefined || what.length === 0 ? [] : [{ before: was, after: file, what }];
    }),
  };
}

function byName(files: readonly IndexFile[]): ReadonlyMap<string, IndexFile> {
  return new Map(files.map((file) => [file.name, file]));
}

/** What a page's change may do besides adding files. */
export interface AllowedChange {
  /** Names of files that may go. */
  readonly removals: ReadonlySet<string>;
  /** Whether other bytes may come under a published name: where a candidate's files take the place of those before. */
  readonly replaces: boolean;
}

/** Lets a difference through only when every removal is planned and no file changed its digest, or may. No file ever loses it. */
export function allowDifference(
  difference: PageDifference,
  { removals: plannedRemovals, replaces }: AllowedChange,
): Result<PageDifference, IndexProblem> {
  const removals = difference.removed
    .filter(({ name }) => !plannedRemovals.has(name))
    .map(({ name }): IndexProblem => ({ code: 'unplanned-removal', file: name }));
  const digests = difference.changed.flatMap(({ before, after }): readonly IndexProblem[] =>
    before.digest === null || before.digest === after.digest || (replaces && after.digest !== null)
      ? []
      : [{ code: 'unplanned-digest', file: after.name, before: before.digest, after: after.digest ?? 'no digest' }],
  );
  return refuseOr([...removals, ...digests], () => difference);
}

/** Something that the two forms of one page do not say alike. */
export interface Disagreement {
  readonly file: string;
  /** `listed`: only one of the two forms lists it. */
  readonly what: 'listed' | FileMember | 'versions';
  readonly html: string;
  readonly json: string;
}

/** Both forms carry these; size and time are for JSON alone. */
const inBoth: readonly FileMember[] = ['url', 'digest', 'requiresPython', 'metadata', 'yanked'];

/** Where the HTML and the JSON of one page disagree; empty when an installer sees the same in both. */
export function disagreements(html: ReadPage, json: ReadPage): readonly Disagreement[] {
  const inHtml = byName(html.page.files);
  const inJson = byName(json.page.files);
  const names = [...new Set([...inHtml.keys(), ...inJson.keys()])];
  const differences = names.flatMap((file): readonly Disagreement[] => {
    const left = inHtml.get(file);
    const right = inJson.get(file);
    if (left === undefined || right === undefined) {
      return [{ file, what: 'listed', html: presence(left), json: presence(right) }];
    }
    return inBoth
      .filter((member) => left[member] !== right[member])
      .map((what) => ({ file, what, html: String(left[what]), json: String(right[what]) }));
  });
  return [...differences, ...versionDisagreement(json)];
}

function presence(found: IndexFile | undefined): string {
  return found === undefined ? 'not listed' : 'listed';
}

function versionDisagreement({ page, versions }: ReadPage): readonly Disagreement[] {
  if (versions === null) return [];
  const listed = new Set(versions);
  const missing = versionsOf(page.files).filter((version) => !listed.has(version));
  if (missing.length === 0) return [];
  return [{ file: '', what: 'versions', html: missing.join(', '), json: 'not among its versions' }];
}
