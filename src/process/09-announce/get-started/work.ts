import { refuse, succeed, type Result } from '../../../domain/result.ts';
import type { GitFile } from '../../../ports/git.ts';
import { startFiles, type StartFiles } from './files.ts';
import type { StartFacts } from './offers.ts';
import type { StartProblem } from './problem.ts';
import type { PageAt, PageState } from './read.ts';

/** A file of the page as it is and as it is to be. */
export interface PageFile {
  readonly file: GitFile & { readonly text: string };
  readonly after: string;
}

/** The page on one commit: what it is to become, and the files that have to change for it. */
export interface PageWork {
  readonly files: StartFiles;
  readonly changed: readonly PageFile[];
}

/** What the page on a commit has to become for a release. */
export function pageWork(facts: StartFacts, { versions, script }: PageAt): Result<PageWork, StartProblem> {
  const read = [withText(facts.settings.versions, versions), withText(facts.settings.script, script)];
  const [first, second] = read;
  if (first === undefined || second === undefined) throw new Error('the page has two files');
  if (!first.ok) return first;
  if (!second.ok) return second;
  const made = startFiles(facts, { versions: first.value.text, script: second.value.text });
  if (!made.ok) return made;
  const all: readonly PageFile[] = [
    { file: first.value, after: made.value.versions },
    { file: second.value, after: made.value.script },
  ];
  return succeed({ files: made.value, changed: all.filter(({ file, after }) => file.text !== after) });
}

function withText(path: string, file: GitFile | null): Result<GitFile & { readonly text: string }, StartProblem> {
  if (file === null || file.text === null)
    return refuse({ code: 'not-the-shape', file: path, what: 'it is not there as text' });
  return succeed({ ...file, text: file.text });
}

/** Where the change of the page stands. */
export type PageStanding =
  /** The page has it, by our pull request or by hand. */
  | { readonly is: 'there' }
  /** The pull request is open; `right` when it brings exactly what the release needs. */
  | { readonly is: 'proposed'; readonly right: boolean }
  | { readonly is: 'missing' };

/** Judges page and pull request by what they have to become. */
export function pageStanding(facts: StartFacts, state: PageState): Result<PageStanding, StartProblem> {
  const onBase = pageWork(facts, state.base);
  if (!onBase.ok) return onBase;
  if (onBase.value.changed.length === 0) return succeed({ is: 'there' });
  if (state.pull?.state !== 'open' || state.headAt === null) return succeed({ is: 'missing' });
  const onHead = pageWork(facts, state.headAt);
  return succeed({ is: 'proposed', right: onHead.ok && onHead.value.changed.length === 0 });
}
