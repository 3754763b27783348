import { z } from 'zod';

const NUMBER = '(0|[1-9]\\d{0,5})';
const LINE = new RegExp(`^${NUMBER}\\.${NUMBER}$`);
const RELEASE = new RegExp(`^${NUMBER}\\.${NUMBER}\\.${NUMBER}$`);
const CANDIDATE = new RegExp(`^${NUMBER}\\.${NUMBER}\\.${NUMBER}-rc([1-9]\\d{0,3})$`);

/** X.Y of a train or of one repository, without leading zeros. */
export const Line = z.string().regex(LINE, { error: 'not a line: write it as X.Y, for example 2.8' }).brand<'Line'>();
export type Line = z.infer<typeof Line>;

/** X.Y.Z: minor when Z is 0, patch otherwise. */
export const ReleaseVersion = z
  .string()
  .regex(RELEASE, { error: 'not a release: write it as X.Y.Z, for example 2.8.0' })
  .brand<'ReleaseVersion'>();
export type ReleaseVersion = z.infer<typeof ReleaseVersion>;

/** X.Y.Z-rcN, N from 1 without leading zeros; the tag is this with a `v` before it. */
export const CandidateVersion = z
  .string()
  .regex(CANDIDATE, { error: 'not a candidate: write it as X.Y.Z-rcN, for example 2.8.0-rc1' })
  .brand<'CandidateVersion'>();
export type CandidateVersion = z.infer<typeof CandidateVersion>;

function numbersOf(text: string): readonly [number, number, number, number] {
  const [major = 0, minor = 0, patch = 0, candidate = 0] = (text.match(/\d+/g) ?? []).map(Number);
  return [major, minor, patch, candidate];
}

/** The line a release or a candidate belongs to. */
export function lineOf(version: ReleaseVersion | CandidateVersion): Line {
  const [major, minor] = numbersOf(version);
  return Line.parse(`${major}.${minor}`);
}

export function lineNumbers(line: Line): { readonly major: number; readonly minor: number } {
  const [major, minor] = numbersOf(line);
  return { major, minor };
}

/** Z of X.Y.Z. */
export function patchNumber(version: ReleaseVersion | CandidateVersion): number {
  return numbersOf(version)[2];
}

/** N of X.Y.Z-rcN. */
export function candidateNumber(candidate: CandidateVersion): number {
  return numbersOf(candidate)[3];
}

/** The release a candidate is for. */
export function releaseOf(candidate: CandidateVersion): ReleaseVersion {
  const [major, minor, patch] = numbersOf(candidate);
  return ReleaseVersion.parse(`${major}.${minor}.${patch}`);
}

export function releaseOn(line: Line, patch: number): ReleaseVersion {
  return ReleaseVersion.parse(`${line}.${patch}`);
}

export function candidateOf(release: ReleaseVersion, number: number): CandidateVersion {
  return CandidateVersion.parse(`${release}-rc${number}`);
}

/** The next minor line: 0.9 to 0.10. */
export function nextLine(line: Line): Line {
  const { major, minor } = lineNumbers(line);
  return Line.parse(`${major}.${minor + 1}`);
}

/** Order by numbers, not by text: 2.9 before 2.10. Negative, zero or positive, as for sorting. */
export function compareVersions(
  left: Line | ReleaseVersion | CandidateVersion,
  right: Line | ReleaseVersion | CandidateVersion,
): number {
  const one = numbersOf(left);
  const other = numbersOf(right);
  for (const [index, number] of one.entries()) {
    const difference = number - (other[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** What a tag of a repository says it is, by the one form that is accepted; everything else is `null` (VER-01). */
export type ReleaseTag =
  | { readonly kind: 'candidate'; readonly candidate: CandidateVersion }
  | { readonly kind: 'final'; readonly release: ReleaseVersion };

export function parseTag(tag: string): ReleaseTag | null {
  if (!tag.startsWith('v')) return null;
  const candidate = CandidateVersion.safeParse(tag.slice(1));
  if (candidate.success) return { kind: 'candidate', candidate: candidate.data };
  const release = ReleaseVersion.safeParse(tag.slice(1));
  return release.success ? { kind: 'final', release: release.data } : null;
}

export function tagOf(version: ReleaseVersion | CandidateVersion): string {
  return `v${version}`;
}
