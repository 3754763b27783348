import type { ObjectId } from '../domain/git-names.ts';
import { candidateNumber } from '../domain/version.ts';
import type { RepoStanding } from './standing.ts';
import { isTagged } from './status.ts';

/** The tag of a candidate in one repository. */
export interface CandidateTag {
  readonly number: number;
  readonly repo: string;
  readonly tag: string;
  readonly commit: ObjectId;
}

/** The candidates of a release by their tags, newest first, and the repositories whose tags could not be read. */
export interface CandidateTags {
  readonly rows: readonly CandidateTag[];
  readonly unread: readonly { readonly repo: string; readonly reason: string }[];
}

/** What the remotes have of the candidates of a release, or of the one with this number. */
export function candidateTags(standing: readonly RepoStanding[], only: number | null): CandidateTags {
  const tagged = standing.filter((one) => isTagged(one));
  const rows = tagged
    .flatMap(({ repo, refs }) =>
      refs.known
        ? refs.value.candidates.map(({ candidate, commit }): CandidateTag => ({
            number: candidateNumber(candidate),
            repo: repo.key,
            tag: `v${candidate}`,
            commit,
          }))
        : [],
    )
    .filter(({ number }) => only === null || number === only)
    .toSorted((left, right) => right.number - left.number);
  const unread = tagged.flatMap(({ repo, refs }) => (refs.known ? [] : [{ repo: repo.key, reason: refs.reason }]));
  return { rows, unread };
}
