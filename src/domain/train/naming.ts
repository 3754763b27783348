import type { BranchName } from '../git-names.ts';
import { BranchName as Branch } from '../git-names.ts';
import { RepoKey } from '../repo.ts';
import {
  compareVersions,
  lineNumbers,
  Line,
  nextLine,
  patchNumber,
  lineOf,
  releaseOn,
  type ReleaseVersion,
} from '../version.ts';
import type { RepoEntry } from './repo-entry.ts';
import type { Train } from './train.ts';

/** One repository as it takes part in one release: its own numbers and names worked out. */
export interface RepoInRelease {
  readonly key: RepoKey;
  readonly entry: RepoEntry;
  readonly line: Line;
  readonly release: ReleaseVersion;
  readonly branch: BranchName;
  readonly cutPoint: BranchName | null;
  /** What git is given. Null when neither the repository nor the forge says where it lies. */
  readonly remote: string | null;
}

/** The repository's own line for a line of the train, or null when the rule does not say one. */
export function repoLine(entry: RepoEntry, trainLine: Line): Line | null {
  const listed = entry.version.lines[trainLine];
  if (listed !== undefined) return listed;
  const { follow, pair } = entry.version;
  if (follow === 'same') return trainLine;
  if (follow === 'listed' || pair === undefined) return null;
  const asked = lineNumbers(trainLine);
  const known = lineNumbers(pair.train);
  const own = lineNumbers(pair.repo);
  const minor = own.minor + (asked.minor - known.minor);
  return asked.major === known.major && minor >= 0 ? Line.parse(`${own.major}.${minor}`) : null;
}

/** Whether the repository is part of this line of the train. */
export function takesPart(entry: RepoEntry, trainLine: Line): boolean {
  if (entry.since !== undefined && compareVersions(trainLine, entry.since) < 0) return false;
  return entry.until === undefined || compareVersions(trainLine, entry.until) <= 0;
}

/** `release/{line}` with the repository's line filled in. */
export function fillBranch(pattern: string, line: Line): BranchName {
  return Branch.parse(pattern.replaceAll('{line}', line));
}

/** What git is given for a repository, external ones too; null when neither it nor the forge says where it lies. */
export function remoteOf(train: Train, entry: RepoEntry): string | null {
  if (entry.remote !== undefined) return entry.remote;
  return train.forge === undefined || entry.slug === undefined
    ? null
    : `${train.forge.web.replace(/\/$/, '')}/${entry.slug}.git`;
}

/** The repositories of a release in the order of the train file, external ones left out: those that are cut and tagged. */
export function reposOf(train: Train, release: ReleaseVersion): readonly RepoInRelease[] {
  return Object.entries(train.repos).flatMap(([name, entry]) => {
    const repo = entry.role === 'external' ? null : repoIn(train, RepoKey.parse(name), release);
    return repo === null ? [] : [repo];
  });
}

/** One repository of the train as it takes part in a release, external ones too; null where it does not, or its line is not known. */
export function repoIn(train: Train, key: RepoKey, release: ReleaseVersion): RepoInRelease | null {
  const entry = train.repos[key];
  const trainLine = lineOf(release);
  const line = entry !== undefined && takesPart(entry, trainLine) ? repoLine(entry, trainLine) : null;
  if (entry === undefined || line === null) return null;
  const cutPattern = entry.cutPoint === undefined ? train.branches.cutPoint : entry.cutPoint;
  return {
    key,
    entry,
    line,
    release: releaseOn(line, patchNumber(release)),
    branch: fillBranch(entry.branch ?? train.branches.release, line),
    cutPoint: cutPattern === null ? null : fillBranch(cutPattern, line),
    remote: remoteOf(train, entry),
  };
}

/** Placeholders {version} {line} {next-line} of titles and texts, for one repository or for the train itself. */
export function fillText(text: string, names: { readonly release: ReleaseVersion }): string {
  const line = lineOf(names.release);
  return text
    .replaceAll('{version}', names.release)
    .replaceAll('{line}', line)
    .replaceAll('{next-line}', nextLine(line));
}
