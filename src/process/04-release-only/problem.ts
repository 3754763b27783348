import type { ObjectId } from '../../domain/git-names.ts';
import type { ReleaseVersion } from '../../domain/version.ts';
import type { EditFault } from './edits/apply.ts';

interface InRepo {
  readonly repo: string;
  readonly release: ReleaseVersion;
}

/** Why release-only changes are refused. */
export type ReleaseOnlyProblem =
  | (InRepo & { readonly code: 'unknown-repo'; readonly known: readonly string[] })
  | (InRepo & { readonly code: 'branch-missing'; readonly branch: string })
  | (InRepo & { readonly code: 'cannot-read'; readonly reason: string; readonly source: string })
  | (InRepo & {
      readonly code: 'edit-matched-too-little';
      readonly edit: string;
      readonly branch: string;
      readonly matched: number;
      readonly already: number;
      readonly atLeast: number;
      readonly files: readonly string[];
    })
  | (InRepo & {
      readonly code: 'placeholder-unknown';
      readonly edit: string;
      readonly placeholder: string;
      readonly why: string;
    })
  | (InRepo & { readonly code: 'edit-not-settling'; readonly edit: string; readonly path: string })
  | (InRepo & {
      readonly code: 'head-branch-strange';
      readonly branch: string;
      readonly at: ObjectId;
      readonly missing: readonly string[];
    })
  | (InRepo & { readonly code: 'pull-request-closed'; readonly number: number; readonly link: string });

/** The problem of an edit that cannot be made. */
export function problemOfFault(fault: EditFault, named: InRepo, branch: string): ReleaseOnlyProblem {
  switch (fault.fault) {
    case 'too-little': {
      const { edit, matched, already, atLeast, files } = fault;
      return { code: 'edit-matched-too-little', ...named, edit, branch, matched, already, atLeast, files };
    }
    case 'placeholder': {
      const { edit, placeholder, why } = fault;
      return { code: 'placeholder-unknown', ...named, edit, placeholder, why };
    }
    case 'not-settling':
      return { code: 'edit-not-settling', ...named, edit: fault.edit, path: fault.path };
  }
}

/** What is wrong, with which thing, and what to do about it. */
export function explain(problem: ReleaseOnlyProblem): string {
  const { repo, release } = problem;
  const again = `signalbox branch changes ${repo} ${release}`;
  switch (problem.code) {
    case 'unknown-repo':
      return `No repository ${repo} takes part in ${release}; those that do: ${problem.known.join(', ')}.`;
    case 'branch-missing':
      return `${repo} has no branch ${problem.branch} yet. Cut it: signalbox branch cut ${repo} ${release}`;
    case 'cannot-read':
      return `${problem.source} could not be read: ${problem.reason}. Nothing is planned on what is not known; once it answers: ${again}`;
    case 'edit-matched-too-little':
      return `The edit ${problem.edit} of ${repo} matched ${problem.matched} times on ${problem.branch} (${problem.already} places have the value already), and the train declares at least ${problem.atLeast}, in ${problem.files.join(', ')}. Correct its files or text, or its atLeast, in the train file; then ${again}`;
    case 'placeholder-unknown':
      return `The edit ${problem.edit} of ${repo} uses ${problem.placeholder}, which stands for nothing: ${problem.why}. Cut that repository first, or correct the train file; then ${again}`;
    case 'edit-not-settling':
      return `The edit ${problem.edit} of ${repo} would change ${problem.path} again each time it is made: what it writes holds what it looks for. Make its \`find\` longer in the train file; then ${again}`;
    case 'head-branch-strange':
      return `The branch ${problem.branch} of ${repo} exists at ${problem.at} and lacks ${problem.missing.join(', ')}: it is not what Signalbox pushed. It is never overwritten: delete it, then ${again}`;
    case 'pull-request-closed':
      return `The pull request #${problem.number} with the changes of ${repo} was closed without merging (${problem.link}). Signalbox does not open it again against people: reopen it, or take the edits out of the train file.`;
  }
}
