import type { ObjectId } from '../../domain/git-names.ts';
import type { CandidateVersion, ReleaseVersion } from '../../domain/version.ts';

interface InRepo {
  readonly repo: string;
  readonly release: ReleaseVersion;
}

/** Why a repository gets no final tag, or no release on the forge. */
export type FinalTagProblem =
  | (InRepo & { readonly code: 'final-unknown-repo' })
  | (InRepo & { readonly code: 'final-unread'; readonly reason: string; readonly source: string })
  | (InRepo & {
      readonly code: 'final-candidate-moved';
      readonly candidate: CandidateVersion;
      readonly recorded: ObjectId;
      readonly at: ObjectId | null;
    })
  | (InRepo & {
      readonly code: 'final-other-release';
      readonly candidate: CandidateVersion;
      readonly own: ReleaseVersion;
    })
  | (InRepo & {
      readonly code: 'final-tag-elsewhere';
      readonly tag: string;
      readonly at: ObjectId;
      readonly planned: ObjectId;
    })
  | (InRepo & {
      readonly code: 'final-version-mismatch';
      readonly tag: string;
      readonly commit: ObjectId;
      readonly found: string;
      readonly needed: ReleaseVersion;
    })
  | (InRepo & {
      readonly code: 'final-release-by-hand';
      readonly tag: string;
      readonly author: string;
      readonly link: string;
    });

/** What is wrong, with which thing, and what to do about it. */
export function explainFinalTag(problem: FinalTagProblem): string {
  const { repo, release } = problem;
  switch (problem.code) {
    case 'final-unknown-repo':
      return `The manifest of the final candidate has ${repo}, and the train has no such repository in ${release}. Put it back into the train file, or mark another candidate final.`;
    case 'final-unread':
      return `${problem.source} could not be read: ${problem.reason}. Nothing is tagged on what is not known; plan again once it answers.`;
    case 'final-candidate-moved': {
      const at = problem.at === null ? 'is gone' : `is on ${problem.at}`;
      return `The tag v${problem.candidate} of ${repo} ${at}; its files were built from ${problem.recorded}. Somebody moved a tag that is never moved: find out who, and put it back.`;
    }
    case 'final-other-release':
      return `${repo} is in ${release} with v${problem.candidate}, and its own release is ${problem.own}: the final tag would not be that of its files. Mark a candidate of ${problem.own} final.`;
    case 'final-tag-elsewhere':
      return `The tag ${problem.tag} of ${repo} is on ${problem.at}; the final candidate was built from ${problem.planned}. A tag is never moved: find out what ${problem.at} is, and whether ${release} has to be abandoned.`;
    case 'final-version-mismatch':
      return `${problem.found} in ${repo} at ${problem.commit}; ${problem.tag} needs ${problem.needed}. Its files carry another version than the tag would: make a new candidate, or, where the file need not agree: signalbox gate waive ${release} version-file-matches:${repo} -m WHY --until DATE`;
    case 'final-release-by-hand':
      return `${repo} has a release of ${problem.tag} on the forge that ${problem.author} made by hand: ${problem.link}. Two of one tag would stand side by side: delete it, or let its author do so.`;
  }
}
