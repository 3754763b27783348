import { candidatesIn } from '../../domain/release-tags.ts';
import { emptyGate, type Gate, GateId, type Waiver, withWaiver } from '../../domain/gate.ts';
import { shortId, type ObjectId } from '../../domain/git-names.ts';
import type { Instant } from '../../domain/instant.ts';
import { judgeJobs, type Job, type JobsJudged } from '../../domain/jobs.ts';
import { known, observe, unknown, type Evidence, type Observed } from '../../domain/observation.ts';
import { reposOf, type RepoInRelease } from '../../domain/train/naming.ts';
import type { Train } from '../../domain/train/train.ts';
import { tagOf, type CandidateVersion, type ReleaseVersion } from '../../domain/version.ts';
import { many } from '../../domain/words.ts';
import type { Forge } from '../../ports/forge.ts';
import type { Git } from '../../ports/git.ts';

export const CORE_STAGED = GateId.parse('core-rc-staged');

/** A candidate of core: its tag at the remote, and the jobs that ran on its commit. */
export interface CoreCandidate {
  readonly candidate: CandidateVersion;
  readonly commit: ObjectId;
  /** Null when the train names no jobs that tell that a candidate is staged. */
  readonly jobs: Observed<readonly Job[]> | null;
}

/** What the candidates' channel has of one candidate of core. */
export interface StagedFiles {
  readonly candidate: CandidateVersion;
  /** Expected files that must be there, and those that are. */
  readonly of: number;
  readonly here: number;
  /** What is missing or wrong, one line each. */
  readonly lacks: readonly string[];
  /** Why some of it is not known; null where all is. */
  readonly unread: string | null;
  /** Why the files might be those of the candidate before, which have the same names: then its jobs must be green, too. */
  readonly doubt: string | null;
}

/** The channel that candidates are uploaded to. */
export interface StagedChannel {
  readonly name: string;
  /** The newest candidate of core, and those before it of which it is known whose files lie there. */
  readonly files: Observed<readonly StagedFiles[]>;
}

/** Core's candidates of this release, newest first. `core` is null when the train has no core repository. */
export interface CoreStagedFacts {
  readonly release: ReleaseVersion;
  readonly core: RepoInRelease | null;
  readonly candidates: Observed<readonly CoreCandidate[]>;
  /** Null where the train has no channel of candidates, or expects no files of core there: then jobs tell. */
  readonly channel: StagedChannel | null;
}

interface StagedPorts {
  readonly train: Train;
  readonly release: ReleaseVersion;
  readonly git: Git;
  readonly forge: Forge | null;
  /** What lies in the candidates' channel; null where the train has none. */
  readonly channel: () => Promise<StagedChannel | null>;
  readonly now: Instant;
}

/** Reads which candidates of core exist at the remote, what their jobs say, and which of them lies in the candidates' channel. */
export async function readCoreStaged(ports: StagedPorts): Promise<CoreStagedFacts> {
  const [read, channel] = await Promise.all([readCandidates(ports), ports.channel()]);
  return { ...read, channel };
}

async function readCandidates({
  train,
  release,
  git,
  forge,
  now,
}: StagedPorts): Promise<Omit<CoreStagedFacts, 'channel'>> {
  const core = reposOf(train, release).find((repo) => repo.entry.role === 'core') ?? null;
  if (core === null) return { release, core, candidates: known([], now, 'train file') };
  const { remote, key } = core;
  if (remote === null) {
    return { release, core, candidates: unknown(`the train file gives ${key} no remote`, now, 'train file') };
  }
  const candidates = await observe(`git remote of ${key}`, now, async () => {
    const refs = await git.remoteRefs({ repo: key, remote }, [`refs/tags/${tagOf(core.release)}-rc*`]);
    return Promise.all(
      candidatesIn(refs).map(async ({ candidate, commit }) => ({
        candidate,
        commit,
        jobs: await readJobs(core, forge, commit, now),
      })),
    );
  });
  return { release, core, candidates };
}

async function readJobs(
  core: RepoInRelease,
  forge: Forge | null,
  commit: ObjectId,
  now: Instant,
): Promise<Observed<readonly Job[]> | null> {
  const { staged, slug } = core.entry;
  if (staged === undefined) return null;
  if (slug === undefined || forge === null) return unknown('there is no forge to ask for jobs', now, 'train file');
  return observe(`forge ${slug}`, now, () => forge.checks.onCommit(slug, commit));
}

/**
 * The newest candidate of core that is known to be in the test channel, or null: what a domain repository's candidate builds against. Where the train has no
 * such channel its jobs tell, and where it names none, the tag alone counts.
 */
export function stagedCandidate(facts: CoreStagedFacts): CandidateVersion | null {
  const { candidates, channel } = facts;
  if (!candidates.known) return null;
  const isStaged = (one: CoreCandidate): boolean =>
    channel === null
      ? judge(facts, one)?.verdict === 'pass' || one.jobs === null
      : channel.files.known &&
        channel.files.value.some(
          (files) =>
            files.candidate === one.candidate &&
            areAllHere(files) &&
            (files.doubt === null || judge(facts, one)?.verdict === 'pass'),
        );
  return candidates.value.find(isStaged)?.candidate ?? null;
}

function areAllHere({ of, here, unread }: StagedFiles): boolean {
  return unread === null && of > 0 && here === of;
}

/** The gate `core-rc-staged`: domain repositories are cut, and tagged, only once a candidate of core is in the test channel. */
export function decideCoreStaged(facts: CoreStagedFacts, train: Train, waivers: readonly Waiver[], now: Instant): Gate {
  return withWaiver({ ...closed(train, facts), ...judgeStaged(facts) }, waivers, now);
}

function closed({ roles }: Train, { core }: CoreStagedFacts): Gate {
  const owners = [...new Set([...(core?.entry.owners ?? []), ...roles['release-manager']])];
  return emptyGate(CORE_STAGED, owners);
}

function judgeStaged(facts: CoreStagedFacts): Partial<Gate> {
  const { core, candidates, release } = facts;
  const rerun = `signalbox gate run ${release} ${CORE_STAGED}`;
  if (core === null) return { verdict: 'skipped', summary: 'the train has no core repository' };
  if (!candidates.known) {
    return { summary: `could not be read: ${candidates.reason}`, fix: `make it readable, then ${rerun}` };
  }
  const [newest] = candidates.value;
  if (newest === undefined) {
    return {
      verdict: 'failing',
      summary: `${core.key} has no candidate of ${core.release} yet`,
      fix: `signalbox rc cut ${release}`,
    };
  }
  const staged = stagedCandidate(facts);
  const { at, source } = candidates;
  if (staged !== null) {
    const commit = candidates.value.find(({ candidate }) => candidate === staged)?.commit ?? newest.commit;
    const text = `${core.key} ${tagOf(staged)} at ${shortId(commit)} is staged (${whyStaged(facts, staged)})`;
    return { verdict: 'pass', summary: text, evidence: [{ text, source, at }] };
  }
  return facts.channel === null
    ? judgeNewest(facts, newest, rerun)
    : judgeFiles(facts, { newest, channel: facts.channel, rerun });
}

function whyStaged({ channel, candidates }: CoreStagedFacts, staged: CandidateVersion): string {
  const files =
    channel?.files.known === true ? channel.files.value.find(({ candidate }) => candidate === staged) : null;
  if (files !== null && files !== undefined)
    return `${files.here} of ${many(files.of, 'file')} in ${channel?.name ?? ''}`;
  const hasJobs = candidates.known && candidates.value[0]?.jobs !== null;
  return hasJobs ? 'its jobs are green' : 'tagged; the train names no jobs that tell more';
}

interface JudgingFiles {
  readonly newest: CoreCandidate;
  readonly channel: StagedChannel;
  readonly rerun: string;
}

/** What keeps the newest candidate from being staged, by what lies in the channel. */
function judgeFiles(facts: CoreStagedFacts, { newest, channel, rerun }: JudgingFiles): Partial<Gate> {
  const name = `${facts.core?.key ?? 'core'} ${tagOf(newest.candidate)}`;
  const { files } = channel;
  const found = files.known ? files.value.find(({ candidate }) => candidate === newest.candidate) : undefined;
  const unread = files.known ? (found?.unread ?? found?.doubt ?? null) : files.reason;
  const uploads = judge(facts, newest)?.verdict;
  const isComing = uploads === 'running' || uploads === 'queued';
  if (found === undefined || (unread !== null && found.lacks.length === 0 && !isComing)) {
    const why = unread ?? `${channel.name} was not looked through for it`;
    return { verdict: 'no-data', summary: `whether ${name} is staged: ${why}`, fix: `make it readable, then ${rerun}` };
  }
  const { of, here, lacks } = found;
  const [first = ''] = lacks;
  const more = lacks.length > 1 ? `, and ${lacks.length - 1} more` : '';
  const { at, source } = files;
  return {
    verdict: isComing ? uploads : 'failing',
    summary: `${name} is not staged: ${here} of ${many(of, 'file')} in ${channel.name}; ${lacks.length === 0 ? (unread ?? '') : `${first}${more}`}`,
    evidence: lacks.slice(0, MOST_EVIDENCE).map((text) => ({ text, source, at })),
    fix: isComing
      ? `wait for the uploads; then ${rerun}`
      : `signalbox gate show ${facts.release} artifacts-complete:${facts.core?.key ?? 'core'}; then ${rerun}`,
  };
}

const MOST_EVIDENCE = 60;

function judgeNewest(facts: CoreStagedFacts, newest: CoreCandidate, rerun: string): Partial<Gate> {
  const name = `${facts.core?.key ?? 'core'} ${tagOf(newest.candidate)}`;
  const { jobs } = newest;
  const judged = judge(facts, newest);
  if (jobs === null || !jobs.known || judged === null) {
    const reason = jobs !== null && !jobs.known ? jobs.reason : 'its jobs are unknown';
    return {
      verdict: 'no-data',
      summary: `whether ${name} is staged: ${reason}`,
      fix: `make it readable, then ${rerun}`,
    };
  }
  return {
    verdict: judged.verdict,
    summary: `${name} is not staged: ${whatIsMissing(judged)}`,
    evidence: evidenceOf(judged, jobs),
    since: judged.since,
    fix:
      judged.verdict === 'failing'
        ? `re-run the failing jobs of ${name}; then ${rerun}`
        : `wait for the jobs; then ${rerun}`,
  };
}

function judge({ core }: CoreStagedFacts, { jobs }: CoreCandidate): JobsJudged | null {
  const set = core?.entry.staged;
  return set === undefined || jobs === null || !jobs.known ? null : judgeJobs(set, jobs.value);
}

function whatIsMissing(judged: JobsJudged): string {
  return [
    ...judged.bad.map((job) => `${job.name} ${job.state}`),
    ...judged.missing.map((pattern) => `no job matches ${pattern}`),
    ...judged.waiting.map((job) => `${job.name} ${job.state}`),
  ].join(', ');
}

function evidenceOf(judged: JobsJudged, { at, source }: Observed<unknown>): readonly Evidence[] {
  return [...judged.bad, ...judged.waiting].map((job) => ({
    text: `${job.name}: ${job.state}`,
    ...(job.link === null ? {} : { link: job.link }),
    source,
    at,
  }));
}
