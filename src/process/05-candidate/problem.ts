import type { ObjectId } from '../../domain/git-names.ts';
import type { CandidateVersion, ReleaseVersion } from '../../domain/version.ts';

interface InRepo {
  readonly repo: string;
  readonly release: ReleaseVersion;
}

/** Why a candidate is refused. */
export type CandidateProblem =
  | { readonly code: 'no-repos'; readonly release: ReleaseVersion }
  | (InRepo & { readonly code: 'unknown-repo'; readonly known: readonly string[] })
  | (InRepo & { readonly code: 'cannot-read'; readonly reason: string; readonly source: string })
  | (InRepo & { readonly code: 'branch-missing'; readonly branch: string })
  | (InRepo & { readonly code: 'commit-not-on-branch'; readonly branch: string; readonly head: ObjectId })
  | (InRepo & { readonly code: 'nothing-new'; readonly candidate: CandidateVersion; readonly commit: ObjectId })
  | (InRepo & { readonly code: 'already-final'; readonly tag: string; readonly commit: ObjectId })
  | (InRepo & { readonly code: 'tag-exists'; readonly tag: string; readonly at: ObjectId; readonly planned: ObjectId })
  | (InRepo & { readonly code: 'number-skipped'; readonly asked: CandidateVersion; readonly next: CandidateVersion })
  | (InRepo & {
      readonly code: 'version-file-mismatch';
      readonly commit: ObjectId;
      readonly found: string;
      readonly needed: string;
    })
  | (InRepo & {
      readonly code: 'gate-closed';
      readonly gate: string;
      readonly summary: string;
      readonly fix: string | null;
    });

/** What is wrong, with which thing, and what to do about it. */
export function explain(problem: CandidateProblem): string {
  const { release } = problem;
  if (problem.code === 'no-repos') {
    return `The train file names no repository that gets candidates in ${release}. See: signalbox config explain repos`;
  }
  const { repo } = problem;
  switch (problem.code) {
    case 'unknown-repo':
      return `${repo} gets no candidates in ${release}; those that do: ${problem.known.join(', ')}.`;
    case 'cannot-read':
      return `${problem.source} could not be read: ${problem.reason}. Nothing is tagged on what is not known; once it answers: signalbox rc cut ${release}`;
    case 'branch-missing':
      return `${repo} has no branch ${problem.branch} to tag on. Cut it: signalbox branch cut ${repo} ${release}`;
    case 'commit-not-on-branch':
      return `The commit asked for is not on ${problem.branch} of ${repo}, whose head is ${problem.head}. A candidate is made on its release branch only: name a commit of it, or leave it out to take the head.`;
    case 'nothing-new':
      return `${repo} v${problem.candidate} is at ${problem.commit} already, and nothing came after it. To tag the same commit again: signalbox rc cut ${release} --again`;
    case 'already-final':
      return `${repo} ${problem.tag} is released, at ${problem.commit}: it gets no more candidates. Changes go into the next patch release.`;
    case 'tag-exists':
      return `The tag ${problem.tag} of ${repo} exists at ${problem.at}; this candidate would be at ${problem.planned}. A tag is never moved: let Signalbox take the next number: signalbox rc cut ${release}`;
    case 'number-skipped':
      return `The next candidate of ${repo} is ${problem.next}, not ${problem.asked}: numbers are taken in order. Run: signalbox rc cut ${release}`;
    case 'version-file-mismatch':
      return `${problem.found} in ${repo} at ${problem.commit}; the tag needs ${problem.needed}. Wheels of that commit would carry the wrong version. Change it: signalbox branch changes ${repo} ${release}`;
    case 'gate-closed':
      return `${repo} may not be tagged: ${problem.gate} is closed (${problem.summary}).${problem.fix === null ? '' : ` Next: ${problem.fix}`}`;
  }
}
