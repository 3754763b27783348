import { fillText, type RepoInRelease } from '../../domain/train/naming.ts';
import type { Train } from '../../domain/train/train.ts';
import { tagOf, type CandidateVersion } from '../../domain/version.ts';

/** The message of a candidate's tag; a domain repository's names the candidate of core that it builds against. */
export function tagMessage(
  train: Train,
  repo: RepoInRelease,
  candidate: CandidateVersion,
  against: CandidateVersion | null,
): string {
  const message = fillText(train.candidates.message, { release: repo.release })
    .replaceAll('{repo}', repo.key)
    .replaceAll('{candidate}', candidate)
    .replaceAll('{tag}', tagOf(candidate));
  const core = Object.entries(train.repos).find(([, entry]) => entry.role === 'core')?.[0] ?? 'core';
  return against === null ? `${message}\n` : `${message}\n\nBuilds against ${core} ${tagOf(against)}.\n`;
}
