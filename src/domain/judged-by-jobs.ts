import type { Gate } from './gate.ts';
import { judgeJobs, type Job, type JobsJudged } from './jobs.ts';
import type { Evidence, Observed } from './observation.ts';
import { listed } from './listed.ts';

interface JobsToJudge {
  readonly set: { readonly jobs: readonly string[]; readonly ignore: readonly string[] };
  readonly jobs: readonly Job[];
  /** Where they ran: `nightly at 1234abcd5`. */
  readonly place: string;
  readonly observed: Pick<Observed<unknown>, 'at' | 'source'>;
  readonly rerun: string;
}

/** What a named set of jobs on one commit comes to, in the words of a gate. */
export function judgedByJobs({
  set,
  jobs,
  place,
  observed,
  rerun,
}: JobsToJudge): Pick<Gate, 'verdict' | 'summary' | 'evidence' | 'since' | 'fix'> {
  const judged = judgeJobs(set, jobs);
  return {
    verdict: judged.verdict,
    summary: jobsSummary(judged, place),
    evidence: jobsEvidence(judged, observed),
    since: judged.since,
    fix: fixFor(judged, rerun),
  };
}

function fixFor(judged: JobsJudged, rerun: string): string | null {
  switch (judged.verdict) {
    case 'pass':
      return null;
    case 'failing':
      return judged.bad.length === 0
        ? `correct the job names in the train file; then ${rerun}`
        : `fix or re-run the failing jobs; then ${rerun}`;
    case 'needs-you':
      return `approve the waiting jobs on the forge; then ${rerun}`;
    case 'running':
    case 'queued':
      return `wait for the jobs; then ${rerun}`;
  }
}

function jobsSummary(judged: JobsJudged, place: string): string {
  const parts = [
    `${judged.green.length} of ${judged.counted.length} jobs green on ${place}`,
    ...(judged.bad.length > 0 ? [`not green: ${listed(judged.bad.map(jobName))}`] : []),
    ...(judged.missing.length > 0 ? [`no job matches ${listed(judged.missing)}`] : []),
    ...(judged.waiting.length > 0 ? [`${judged.waiting.length} not done`] : []),
    ...(judged.flaky.length > 0 ? [`${judged.flaky.length} flaky`] : []),
  ];
  return parts.join('; ');
}

function jobName(job: Job): string {
  return job.state === 'red' ? job.name : `${job.name} (${job.state})`;
}

function jobsEvidence(judged: JobsJudged, { at, source }: JobsToJudge['observed']): readonly Evidence[] {
  const line = (text: string, link: string | null): Evidence => ({
    text,
    ...(link === null ? {} : { link }),
    source,
    at,
  });
  return [
    ...judged.bad.map((job) => line(`${job.name}: ${job.state}`, job.link)),
    ...judged.missing.map((pattern) => line(`no job matches ${pattern}`, null)),
    ...judged.waiting.map((job) => line(`${job.name}: ${job.state}`, job.link)),
    ...judged.flaky.map((job) => line(`${job.name}: green after ${job.attempts} attempts (flaky)`, job.link)),
    line(`${judged.green.length} of ${judged.counted.length} jobs green`, null),
  ];
}
