import type { ExpectedCell } from '../../../domain/expected/expectation.ts';
import type { Instant } from '../../../domain/instant.ts';
import { matchesJob } from '../../../domain/jobs.ts';
import { candidateNumber, candidateOf, tagOf, type CandidateVersion } from '../../../domain/version.ts';
import type { JudgedRepo } from './match.ts';

/** What the candidates' channel has of one candidate of a repository. */
export interface FilesThere {
  readonly candidate: CandidateVersion;
  /** Expected files that must be there, and those that are. */
  readonly of: number;
  readonly here: number;
  /** What is missing or wrong, one line each. */
  readonly lacks: readonly string[];
  /** Why some of it is not known; null where all is. */
  readonly unread: string | null;
  /** Why the files might be those of the candidate before; null where they cannot be, or that was not asked. */
  readonly doubt: string | null;
}

/** Names do not tell candidates apart: only what was recorded of this one, or of the one before, tells whose files lie there. */
export function doubtOf({ repo, tag }: JudgedRepo, isRecorded: (number: number) => boolean): string | null {
  const number = candidateNumber(tag.candidate);
  if (number === 1 || isRecorded(number) || isRecorded(number - 1)) return null;
  const before = candidateOf(repo.release, number - 1);
  return `the files may still be those of ${tagOf(before)}, which was not recorded`;
}

/**
 * What is known to be of an earlier candidate: the cells that were `recorded` of it, and files that were written `before` the newest's commit was made, since
 * those cannot be of the newest. Everything else counts as missing.
 */
export function onlyEarlier(
  judged: JudgedRepo,
  { recorded, before }: { readonly recorded: ReadonlySet<string>; readonly before: Instant },
): JudgedRepo {
  const cells = judged.cells.map(({ expected, state, mirrors }): JudgedRepo['cells'][number] => {
    const isOlder = 'file' in state && state.file.modified !== null && state.file.modified < before;
    return recorded.has(expected.key) || isOlder
      ? { expected, state, mirrors }
      : { expected, state: { state: 'missing', near: [] }, mirrors };
  });
  return { ...judged, cells };
}

/** Counts what must be there. A file without a digest is there; whose bytes it has, `artifacts-complete` asks. */
export function filesThere({ tag, cells }: JudgedRepo, wanted: readonly string[] | null): FilesThere {
  const isWanted = ({ key }: ExpectedCell): boolean =>
    wanted === null || wanted.some((pattern) => matchesJob(pattern, key));
  const all = cells.filter(({ expected }) => isWanted(expected));
  const here = all.filter(({ state }) => state.state === 'present' || state.state === 'no-digest');
  const [dark] = all.flatMap(({ state }) => (state.state === 'unknown' ? [state.reason] : []));
  const lacks = all.flatMap(({ expected, state }) => {
    switch (state.state) {
      case 'present':
      case 'no-digest':
      case 'unknown':
        return [];
      case 'missing':
        return [`missing: ${expected.key}`];
      case 'stale':
        return [`stale: ${expected.key}: ${state.why}`];
      case 'twice':
      case 'misplaced':
      case 'empty':
      case 'changed':
        return [`${state.state}: ${expected.key}`];
    }
  });
  const none =
    all.length === 0 ? `no expected file is what repos.*.staged.cells says: ${wanted?.join(', ') ?? ''}` : null;
  return { candidate: tag.candidate, of: all.length, here: here.length, lacks, unread: dark ?? none, doubt: null };
}
