import { emptyGate, type Gate, GateId, type Waiver, withWaiver } from '../../domain/gate.ts';
import { shortId } from '../../domain/git-names.ts';
import type { Instant } from '../../domain/instant.ts';
import type { Train } from '../../domain/train/train.ts';
import { sayVersionFile, wrongVersionFiles } from '../../domain/version-file.ts';
import type { CandidateFacts, RepoCandidate } from './read.ts';

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
  const gate = emptyGate(id, owners);
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
  const evidence = versionFiles.map((file) => ({
    text: `${sayVersionFile(file)} at ${shortId(commit.id)}`,
    source,
    at,
  }));
  const wrong = wrongVersionFiles(versionFiles, repo.release);
  if (wrong.length === 0) {
    return { ...gate, verdict: 'pass', summary: evidence.map(({ text }) => text).join(', '), evidence };
  }
  return {
    ...gate,
    verdict: 'failing',
    summary: `${wrong.map(sayVersionFile).join(', ')}; a candidate of ${repo.key} needs ${repo.release}`,
    evidence,
    fix: `signalbox branch changes ${repo.key} ${release}`,
  };
}
