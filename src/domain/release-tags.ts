import type { ObjectId, RefName } from './git-names.ts';
import { compareVersions, parseTag, type CandidateVersion, type ReleaseVersion } from './version.ts';

/** A ref as a remote tells it; `peeled` is the commit behind an annotated tag. */
interface Ref {
  readonly ref: RefName;
  readonly id: ObjectId;
  readonly peeled: ObjectId | null;
}

/** The tag of a candidate at a remote. */
export interface CandidateRef {
  readonly ref: RefName;
  readonly candidate: CandidateVersion;
  /** What the tag leads to, through an annotated one. */
  readonly commit: ObjectId;
}

const TAGS = 'refs/tags/';

/** The tags of candidates among refs, newest first. A tag of another form is none (VER-01). */
export function candidatesIn(refs: readonly Ref[]): readonly CandidateRef[] {
  return refs
    .flatMap(({ ref, id, peeled }) => {
      const tag = ref.startsWith(TAGS) ? parseTag(ref.slice(TAGS.length)) : null;
      return tag?.kind === 'candidate' ? [{ ref, candidate: tag.candidate, commit: peeled ?? id }] : [];
    })
    .toSorted((left, right) => compareVersions(right.candidate, left.candidate));
}

/** The releases that have their final tag among refs, newest first. */
export function releasesIn(refs: readonly Pick<Ref, 'ref'>[]): readonly ReleaseVersion[] {
  return refs
    .flatMap(({ ref }) => {
      const tag = ref.startsWith(TAGS) ? parseTag(ref.slice(TAGS.length)) : null;
      return tag?.kind === 'final' ? [tag.release] : [];
    })
    .toSorted((left, right) => compareVersions(right, left));
}
