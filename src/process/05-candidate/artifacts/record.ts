import type { Digest } from '../../../domain/canonical-json.ts';
import { isOpen, type Gate } from '../../../domain/gate.ts';
import { matchesJob, type Job } from '../../../domain/jobs.ts';
import { sealManifest, type BuildRun, type Manifest, type ManifestFile } from '../../../domain/manifest.ts';
import { refuse, refuseOr, type Result } from '../../../domain/result.ts';
import type { StoreKey } from '../../../domain/store-key.ts';
import type { Train } from '../../../domain/train/train.ts';
import type { CandidateVersion } from '../../../domain/version.ts';
import { completeGateId } from './decide.ts';
import type { ArtifactFacts, FoundFile } from './facts.ts';
import { judgeRepo, type JudgedCell, type JudgedRepo, type RecordedBefore } from './match.ts';

export interface RecordRequest {
  readonly train: Train;
  readonly candidate: CandidateVersion;
  readonly recorded: RecordedBefore;
  /** Gates `artifacts-complete`, waivers applied. */
  readonly gates: readonly Gate[];
  /** Digests that were computed from the bytes, by key. */
  readonly read: ReadonlyMap<StoreKey, Digest>;
  /** What the wheels require, by key. */
  readonly requires: ReadonlyMap<StoreKey, readonly string[] | null>;
  /** Whether files may take the place of others that were recorded. */
  readonly replace: boolean;
}

export type RecordProblem =
  | { readonly code: 'no-candidate'; readonly candidate: CandidateVersion; readonly newest: CandidateVersion | null }
  | { readonly code: 'gate-closed'; readonly gate: string; readonly summary: string; readonly fix: string | null }
  | { readonly code: 'digest-lies'; readonly key: string; readonly told: Digest; readonly read: Digest }
  | { readonly code: 'would-change'; readonly candidate: CandidateVersion; readonly keys: readonly string[] }
  | { readonly code: 'no-files'; readonly candidate: CandidateVersion };

export interface ManifestDecision {
  readonly manifest: Manifest;
  readonly digest: Digest;
  /** Repositories that have no candidate yet; their files come with a later record. */
  readonly without: readonly string[];
}

/** The manifest of a candidate, from what lies in its channel. Refused while a gate of a repository that is in it is closed. */
export function decideManifest(facts: ArtifactFacts, request: RecordRequest): Result<ManifestDecision, RecordProblem> {
  const { candidate, recorded, read } = request;
  if (facts.candidate !== candidate) return refuse({ code: 'no-candidate', candidate, newest: facts.candidate });
  const without = facts.repos.flatMap(({ repo, tag }) => (tag.known && tag.value === null ? [repo.key] : []));
  const judged = facts.repos.flatMap(({ repo, tag }) =>
    tag.known && tag.value !== null ? [judgeRepo(facts, { repo, tag: tag.value }, recorded)] : [],
  );
  const files = judged.flatMap((one) => one.cells.flatMap((cell) => fileOf(one, cell, request) ?? []));
  const lies = judged.flatMap(({ cells }) =>
    cells.flatMap(({ state }) => ('file' in state ? lieOf(state.file, read) : [])),
  );
  const [first, ...rest] = [...changeProblems(judged, request), ...lies, ...closedProblems(facts, judged, request)];
  if (first !== undefined) return refuse(first, ...rest);
  return refuseOr<ManifestDecision, RecordProblem>(files.length === 0 ? [{ code: 'no-files', candidate }] : [], () => ({
    ...sealManifest({
      train: request.train.train,
      release: facts.release,
      candidate,
      channel: facts.channel,
      repos: judged.map(({ repo, tag }) => ({ repo: repo.key, candidate: tag.candidate, commit: tag.commit })),
      files,
    }),
    without,
  }));
}

/** Gates that keep the record from being the whole candidate. */
function closedProblems(
  { repos }: ArtifactFacts,
  judged: readonly JudgedRepo[],
  { gates, read }: RecordRequest,
): readonly RecordProblem[] {
  return repos
    .filter(({ tag }) => !tag.known || tag.value !== null)
    .flatMap(({ repo }): readonly RecordProblem[] => {
      const id = completeGateId(repo.key);
      const gate = gates.find((each) => each.id === id);
      const one = judged.find((each) => each.repo.key === repo.key);
      if ((gate !== undefined && isOpen(gate)) || (one !== undefined && isSettledBy(one, read))) return [];
      return [{ code: 'gate-closed', gate: id, summary: gate?.summary ?? 'it was not judged', fix: gate?.fix ?? null }];
    });
}

/** Whether nothing is wrong but what this record settles: digests that were read, and changes, which are told by themselves. */
function isSettledBy({ cells, surplus }: JudgedRepo, read: ReadonlyMap<StoreKey, Digest>): boolean {
  return (
    surplus.length === 0 &&
    cells.every(({ state, mirrors }) => {
      if (mirrors.length > 0) return false;
      if (state.state === 'no-digest') return read.has(state.file.key);
      return state.state === 'present' || state.state === 'changed';
    })
  );
}

function fileOf(
  { repo, tag }: JudgedRepo,
  { expected, state }: JudgedCell,
  { read, requires, replace }: RecordRequest,
): ManifestFile | null {
  const takes = state.state === 'present' || state.state === 'no-digest' || (state.state === 'changed' && replace);
  if (!takes) return null;
  const { file } = state;
  const digest = read.get(file.key) ?? file.digest;
  if (digest === null) return null;
  const jobs = tag.jobs?.known === true ? tag.jobs.value : [];
  return {
    cell: expected.key,
    repo: repo.key,
    key: file.key,
    size: file.size,
    digest,
    run: runOf(expected.job, jobs),
    requires: sorted(requires.get(file.key) ?? null),
  };
}

function sorted(requirements: readonly string[] | null): string[] | null {
  return requirements === null ? null : [...new Set(requirements)].toSorted();
}

/** The one job that the train's pattern names; null where none or several do. */
function runOf(pattern: string | null, jobs: readonly Job[]): BuildRun | null {
  const found = pattern === null ? [] : jobs.filter(({ name }) => matchesJob(pattern, name));
  const [job, second] = found;
  return job === undefined || second !== undefined ? null : { job: job.name, link: job.link };
}

function lieOf({ key, digest }: FoundFile, read: ReadonlyMap<StoreKey, Digest>): readonly RecordProblem[] {
  const computed = read.get(key);
  return computed === undefined || digest === null || computed === digest
    ? []
    : [{ code: 'digest-lies', key, told: digest, read: computed }];
}

function changeProblems(
  judged: readonly JudgedRepo[],
  { candidate, replace }: RecordRequest,
): readonly RecordProblem[] {
  const keys = judged.flatMap(({ cells }) =>
    cells.flatMap(({ state }) => (state.state === 'changed' ? [state.file.key] : [])),
  );
  return keys.length === 0 || replace ? [] : [{ code: 'would-change', candidate, keys }];
}

/** What is wrong, with which thing, and what to do about it. */
export function explainRecord(problem: RecordProblem): string {
  switch (problem.code) {
    case 'no-candidate':
      return problem.newest === null
        ? `There is no candidate ${problem.candidate}. See: signalbox rc list ${problem.candidate.replace(/-rc\d+$/, '')}`
        : `There is no candidate ${problem.candidate}, or it is not the newest: the channel holds the files of ${problem.newest}.`;
    case 'gate-closed':
      return `The files are not the whole candidate: ${problem.gate} is closed (${problem.summary}).${problem.fix === null ? '' : ` Next: ${problem.fix}`}`;
    case 'digest-lies':
      return `${problem.key} is stored with ${problem.told}, but its bytes are ${problem.read}. Upload it again, or repair what is stored with it.`;
    case 'would-change':
      return `${problem.keys.length} files of ${problem.candidate} are not those that were recorded: ${problem.keys.slice(0, 3).join(', ')}${problem.keys.length > 3 ? ' and more' : ''}. A candidate never changes: tag another one. If these are right all the same: --replace -m "why"`;
    case 'no-files':
      return `Nothing of ${problem.candidate} lies in its channel: there is nothing to record.`;
  }
}
