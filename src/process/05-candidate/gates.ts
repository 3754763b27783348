import { GateId, withWaiver, type Gate, type Waiver } from '../../domain/gate.ts';
import { shortId } from '../../domain/git-names.ts';
import type { Instant } from '../../domain/instant.ts';
import type { Train } from '../../domain/train/train.ts';
import type { ReleaseVersion } from '../../domain/version.ts';
import type { CandidateFacts, RepoCandidate, VersionFile } from './read.ts';

/** The gates `version-file-matches:REPO`: version file, line and the tag to come agree (VER-04). Waivers applied. */
export function decideCandidateGates(
  facts: CandidateFacts,
  train: Train,
  waivers: readonly Waiver[],
  now: Instant,
): readonly Gate[] {
  return facts.repos.map((repo) => withWaiver(versionGate(facts, train, repo), waivers, now));
}

export function versionGateId(repo: string): GateId {
  return GateId.parse(`version-file-matches:${repo}`);
}

function versionGate({ release }: CandidateFacts, train: Train, { repo, state }: RepoCandidate): Gate {
  const id = versionGateId(repo.key);
  const owners = [...new Set([...repo.entry.owners, ...train.roles['release-manager']])];
  const gate: Gate = {
    id,
    verdict: 'no-data',
    summary: '',
    evidence: [],
    owners,
    since: null,
    fix: null,
    waiver: null,
  };
  const rerun = `signalbox gate run ${release} ${id}`;
  if (repo.entry.versionFiles.length === 0) {
    return { ...gate, verdict: 'skipped', summary: `the train names no version file of ${repo.key}` };
  }
  if (!state.known)
    return { ...gate, summary: `could not be read: ${state.reason}`, fix: `make it readable, then ${rerun}` };
  const { commit, versionFiles } = state.value;
  if (commit === null) {
    return {
      ...gate,
      summary: `${repo.key} has no ${repo.branch} to look at`,
      fix: `signalbox branch cut ${repo.key} ${release}`,
    };
  }
  const { at, source } = state;
  const evidence = versionFiles.map((file) => ({ text: `${sayFile(file)} at ${shortId(commit.id)}`, source, at }));
  const wrong = mismatches(versionFiles, repo.release);
  if (wrong.length === 0) {
    return { ...gate, verdict: 'pass', summary: evidence.map(({ text }) => text).join(', '), evidence };
  }
  return {
    ...gate,
    verdict: 'failing',
    summary: `${wrong.map(sayFile).join(', ')}; a candidate of ${repo.key} needs ${repo.release}`,
    evidence,
    fix: `signalbox branch changes ${repo.key} ${release}`,
  };
}

/** Version files whose content is not the release. */
export function mismatches(files: readonly VersionFile[], release: ReleaseVersion): readonly VersionFile[] {
  return files.filter(({ content }) => content === null || normal(content) !== normal(release));
}

export function sayFile({ path, content }: VersionFile): string {
  return content === null
    ? `${path} is missing or not text`
    : `${path} says ${JSON.stringify(content.trim().slice(0, 60))}`;
}

/** Plain release numbers as PEP 440 compares them: a `v` and zeros at the end do not count. Anything else stands for itself. */
function normal(text: string): string {
  const trimmed = text.trim();
  const numbers = /^v?(\d+(?:\.\d+)*)$/i
    .exec(trimmed)?.[1]
    ?.split('.')
    .map((part) => part.replace(/^0+(?=\d)/, ''));
  if (numbers === undefined) return trimmed;
  while (numbers.length > 1 && numbers.at(-1) === '0') numbers.pop();
  return numbers.join('.');
}
