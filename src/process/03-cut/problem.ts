import type { ObjectId, RefName } from '../../domain/git-names.ts';
import { shortRef } from '../../domain/git-names.ts';
import type { ReleaseVersion } from '../../domain/version.ts';

interface InRepo {
  readonly repo: string;
  readonly release: ReleaseVersion;
}

/** Why a cut is refused. */
export type CutProblem =
  | { readonly code: 'no-repos'; readonly release: ReleaseVersion }
  | { readonly code: 'patch-release'; readonly release: ReleaseVersion; readonly repo: string; readonly branch: string }
  | (InRepo & { readonly code: 'unknown-repo'; readonly known: readonly string[] })
  | (InRepo & { readonly code: 'not-in-release'; readonly why: string })
  | (InRepo & { readonly code: 'no-line' })
  | { readonly code: 'from-needs-one-repo'; readonly release: ReleaseVersion; readonly from: ObjectId }
  | (InRepo & { readonly code: 'cannot-read'; readonly reason: string; readonly source: string })
  | (InRepo & { readonly code: 'source-missing'; readonly branch: string; readonly remote: string })
  | (InRepo & { readonly code: 'commit-not-found'; readonly commit: ObjectId; readonly branch: string })
  | (InRepo & {
      readonly code: 'exists-elsewhere';
      readonly branch: string;
      readonly at: ObjectId;
      readonly planned: ObjectId;
    })
  | (InRepo & {
      readonly code: 'cut-point-unknown';
      readonly branch: string;
      readonly at: ObjectId;
      readonly cutPoint: string;
      readonly planned: ObjectId | null;
    })
  | (InRepo & {
      readonly code: 'cut-point-not-ancestor';
      readonly branch: string;
      readonly at: ObjectId;
      readonly cutPoint: string;
      readonly base: ObjectId;
    })
  | (InRepo & { readonly code: 'name-in-the-way'; readonly branch: string; readonly refs: readonly RefName[] })
  | (InRepo & { readonly code: 'core-rc-not-staged'; readonly missing: string; readonly fix: string | null });

/** What is wrong, with which thing, and what to do about it. */
export function explain(problem: CutProblem): string {
  switch (problem.code) {
    case 'no-repos':
      return `The train file names no repository that takes part in ${problem.release}. Add repositories: signalbox config explain repos`;
    case 'patch-release':
      return `${problem.release} is a patch release: it is made on ${problem.branch} of ${problem.repo}, which was to be cut for the minor release. Cut that one: signalbox branch cut ${minorOf(problem.release)}`;
    case 'unknown-repo':
      return `The train has no repository ${problem.repo}; it has ${problem.known.join(', ')}.`;
    case 'not-in-release':
      return `${problem.repo} is not cut in ${problem.release}: ${problem.why}.`;
    case 'no-line':
      return `The version rule of ${problem.repo} gives no line for ${problem.release}. List it under repos.${problem.repo}.version.lines: signalbox config explain repos.${problem.repo}.version`;
    case 'from-needs-one-repo':
      return `The commit ${problem.from} can be the base of one repository only. Name it: signalbox branch cut REPO ${problem.release} --from ${problem.from}`;
    case 'cannot-read':
      return `${problem.source} could not be read: ${problem.reason}. Nothing is planned on what is not known; once it answers: ${again(problem)}`;
    case 'source-missing':
    case 'commit-not-found':
    case 'exists-elsewhere':
    case 'cut-point-unknown':
    case 'cut-point-not-ancestor':
    case 'name-in-the-way':
    case 'core-rc-not-staged':
      return explainInRepo(problem);
  }
}

type RefProblem = Extract<
  CutProblem,
  {
    code:
      | 'source-missing'
      | 'commit-not-found'
      | 'exists-elsewhere'
      | 'cut-point-unknown'
      | 'cut-point-not-ancestor'
      | 'name-in-the-way'
      | 'core-rc-not-staged';
  }
>;

function explainInRepo(problem: RefProblem): string {
  const { repo } = problem;
  switch (problem.code) {
    case 'source-missing':
      return `${repo} has no branch ${problem.branch} to cut from, at ${problem.remote}. Push it, name another under repos.${repo}.source, or give a commit: ${again(problem)} --from COMMIT`;
    case 'commit-not-found':
      return `${repo} has no commit ${problem.commit} in the history of ${problem.branch}. Push it to a branch that is cut from, or name another commit: ${again(problem)} --from COMMIT`;
    case 'exists-elsewhere':
      return `${problem.branch} of ${repo} exists on the remote at ${problem.at}; this cut would put it at ${problem.planned}. Nothing was changed. If the existing one is right, go on from it: ${again(problem)} --from ${problem.at}; if not, have it deleted by whoever made it.`;
    case 'cut-point-unknown':
      return `${problem.branch} of ${repo} exists on the remote at ${problem.at}, ${problem.cutPoint} does not${problem.planned === null ? '' : `, and the branch to cut from is at ${problem.planned}`}. Which commit it was cut from is recorded nowhere: name it: ${again(problem)} --from COMMIT`;
    case 'cut-point-not-ancestor':
      return `${problem.cutPoint} of ${repo} is at ${problem.base}, which is not an ancestor of ${problem.branch} at ${problem.at}: one of the two was moved. Signalbox moves neither. Have the wrong one put right, then: ${again(problem)}`;
    case 'name-in-the-way':
      return `git cannot have ${problem.branch} in ${repo} beside ${problem.refs.map(shortRef).join(', ')}: one name is a folder of the other. Rename or delete what is in the way, then: ${again(problem)}`;
    case 'core-rc-not-staged':
      return `${repo} is cut only once a candidate of core is in the test channel: ${problem.missing}.${problem.fix === null ? '' : ` Next: ${problem.fix}`}`;
  }
}

function again({ repo, release }: InRepo): string {
  return `signalbox branch cut ${repo} ${release}`;
}

function minorOf(release: ReleaseVersion): string {
  return release.replace(/\d+$/, '0');
}
