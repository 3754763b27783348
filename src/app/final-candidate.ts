import { shortId } from '../domain/git-names.ts';
import type { LedgerEntry } from '../domain/ledger-event.ts';
import type { ManifestRepo } from '../domain/manifest.ts';
import { refuse, succeed, type Result } from '../domain/result.ts';
import { compareVersions, releaseOf, type CandidateVersion } from '../domain/version.ts';
import { abandonmentOf, finalCandidate, type FinalCandidate } from '../engine/fold-decisions.ts';
import { foldManifests, manifestFor, type RecordedManifest } from '../engine/fold-manifests.ts';
import type { App } from './app.ts';
import { refuseByEngine } from './engine-problem.ts';
import { closedOf, FINAL_GATES, judgeBefore } from './judge.ts';
import type { AppProblem } from './problem.ts';
import { entriesOf, record } from './record.ts';
import { requireRole } from './releases.ts';
import { readStanding, type RepoStanding } from './standing.ts';

export interface FinalInput {
  readonly candidate: CandidateVersion;
  readonly reason: string;
}

/** A candidate that is final, with the files it is bound to. */
export interface FinalAnswer {
  readonly final: FinalCandidate;
  readonly files: number;
  /** False when it was final before, with the same files. */
  readonly isNew: boolean;
}

/** Marks a candidate as the one that becomes the release: a release manager's decision, bound to the manifest that was recorded of it. */
export async function markFinal(app: App, { candidate, reason }: FinalInput): Promise<Result<FinalAnswer, AppProblem>> {
  const release = releaseOf(candidate);
  const what = `rc final ${candidate}`;
  const allowed = await requireDecider(app, { release, what });
  if (!allowed.ok) return allowed;
  const entries = await entriesOf(app, release);
  const bound = boundManifest(entries, candidate);
  if (!bound.ok) return bound;
  const { digest, manifest } = bound.value;
  const before = finalCandidate(entries, release);
  if (before?.candidate === candidate && before.manifest === digest)
    return succeed({ final: before, files: manifest.files.length, isNew: false });
  const newest = newestProblem(candidate, manifest.repos, await readStanding(app, release));
  if (newest !== null) return refuse(newest);
  const closed = closedOf((await judgeBefore(app, release, { step: 'final', families: FINAL_GATES })).gates);
  if (closed.length > 0) {
    const names = closed.map(({ id }) => id).join(', ');
    const text = `${closed.length} ${closed.length === 1 ? 'gate keeps' : 'gates keep'} ${candidate} from being final: ${names}. Read or waive them: signalbox gate list ${release}`;
    return refuse({ kind: 'gates-closed', code: 'gate-blocked', text });
  }
  await record(app, { type: 'candidate-final', release, candidate, manifest: digest, reason });
  const after = finalCandidate(await entriesOf(app, release), release);
  if (after === null) throw new Error(`${candidate} was marked as final and cannot be read back`);
  return succeed({ final: after, files: manifest.files.length, isNew: true });
}

/** Takes the mark back, so that another candidate can be marked. Plans that publish the first are refused from then on. */
export async function withdrawFinal(
  app: App,
  { candidate, reason }: FinalInput,
): Promise<Result<FinalCandidate, AppProblem>> {
  const release = releaseOf(candidate);
  const allowed = await requireDecider(app, { release, what: `rc final ${candidate} --withdraw` });
  if (!allowed.ok) return allowed;
  const before = finalCandidate(await entriesOf(app, release), release);
  if (before?.candidate !== candidate) {
    const other = before === null ? 'No candidate' : `${before.candidate}, not ${candidate},`;
    return refuse({ kind: 'refused', code: 'not-final', text: `${other} of ${release} is marked as final.` });
  }
  await record(app, { type: 'candidate-final-withdrawn', release, candidate, reason });
  return succeed(before);
}

async function requireDecider(
  app: App,
  { release, what }: { readonly release: FinalRelease; readonly what: string },
): Promise<Result<string, AppProblem>> {
  const allowed = await requireRole(app, ['release-manager']);
  if (!allowed.ok) await record(app, { type: 'refused', release, what, reason: allowed.problems[0].text });
  return allowed;
}

type FinalRelease = ReturnType<typeof releaseOf>;

/** The manifest that the mark would be bound to, or what the ledger says against it. */
function boundManifest(
  entries: readonly LedgerEntry[],
  candidate: CandidateVersion,
): Result<RecordedManifest, AppProblem> {
  const release = releaseOf(candidate);
  const abandonment = abandonmentOf(entries, candidate);
  if (abandonment !== null) return refuseByEngine([{ code: 'abandoned', what: candidate, ...abandonment }]);
  const other = finalCandidate(entries, release);
  if (other !== null && other.candidate !== candidate) {
    const text = `${other.candidate} is final already, marked by @${other.by}. Only one can be; withdraw it first: signalbox rc final ${other.candidate} --withdraw`;
    return refuse({ kind: 'refused', code: 'other-final', text });
  }
  const manifest = manifestFor(foldManifests(entries), candidate);
  if (manifest !== null) return succeed(manifest);
  const text = `Nobody has recorded which files ${candidate} consists of, so there is nothing to bind the mark to. Record them: signalbox artifact record ${candidate}`;
  return refuse({ kind: 'refused', code: 'manifest-missing', text });
}

/** Whether a repository has another candidate than the manifest is of; that it cannot be read is a "no" too. */
function newestProblem(
  candidate: CandidateVersion,
  repos: readonly ManifestRepo[],
  standings: readonly RepoStanding[],
): AppProblem | null {
  for (const bound of repos) {
    const refs = standings.find(({ repo }) => repo.key === bound.repo)?.refs;
    if (refs?.known !== true) {
      const why = refs === undefined ? 'the train file has it no more' : refs.reason;
      const text = `The tags of ${bound.repo} could not be read (${why}), so it is not known whether ${candidate} is the newest. Try again once they can: signalbox rc list ${releaseOf(candidate)}`;
      return { kind: 'no-data', code: 'tags-unknown', text };
    }
    const [newest] = refs.value.candidates;
    const than = newest === undefined ? -1 : compareVersions(newest.candidate, bound.candidate);
    if (newest !== undefined && than > 0) {
      const text = `${bound.repo} has ${newest.candidate} since, which is newer than ${bound.candidate}, that ${candidate} consists of. Mark the newest, once its files are recorded: signalbox rc list ${releaseOf(candidate)}`;
      return { kind: 'refused', code: 'candidate-newer', text };
    }
    if (newest === undefined || than < 0 || newest.commit !== bound.commit) {
      const is = newest === undefined || than < 0 ? 'is gone' : `is at ${shortId(newest.commit)} now`;
      const text = `The tag of ${bound.candidate} of ${bound.repo} was at ${shortId(bound.commit)} when the files of ${candidate} were recorded and ${is}. Find out who changed it: a tag is never moved.`;
      return { kind: 'conflict', code: 'tag-moved', text };
    }
  }
  return null;
}
