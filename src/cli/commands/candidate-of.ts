import { CandidateVersion } from '../../domain/version.ts';
import { usage } from '../problem.ts';

/** A candidate as it was typed, with or without the v of its tag. */
export function candidateOf(typed: string): CandidateVersion {
  const parsed = CandidateVersion.safeParse(typed.replace(/^v(?=\d)/u, ''));
  if (parsed.success) return parsed.data;
  throw usage(`${typed} is not a candidate`, 'write it as X.Y.Z-rcN, for example 2.8.0-rc1');
}
