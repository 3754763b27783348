import type { Instant } from './instant.ts';

/** One job's newest word on a commit, as the forge tells it. */
export interface Job {
  readonly name: string;
  readonly state: 'queued' | 'running' | 'green' | 'red' | 'cancelled' | 'skipped' | 'needs-action';
  /** How many times it was started on this commit; above 1 it was retried. */
  readonly attempts: number;
  readonly startedAt: Instant | null;
  readonly finishedAt: Instant | null;
  readonly link: string | null;
}

/** A set of jobs that must be green, judged. `missing` are the patterns that no counting job matches. */
export interface JobsJudged {
  readonly verdict: 'pass' | 'failing' | 'needs-you' | 'running' | 'queued';
  readonly counted: readonly Job[];
  readonly green: readonly Job[];
  /** Green only after having been started again. */
  readonly flaky: readonly Job[];
  /** Red, cancelled or skipped: a job that did not run proves nothing. */
  readonly bad: readonly Job[];
  readonly waiting: readonly Job[];
  readonly missing: readonly string[];
  readonly since: Instant | null;
}

/** Whether a job's whole name is what the pattern says; `*` stands for any text. Linear in the name, whatever the pattern. */
export function matchesJob(pattern: string, name: string): boolean {
  const [head = '', ...rest] = pattern.split('*');
  if (rest.length === 0) return name === pattern;
  const tail = rest.pop() ?? '';
  if (!name.startsWith(head) || name.length < head.length + tail.length || !name.endsWith(tail)) return false;
  const end = name.length - tail.length;
  let at = head.length;
  for (const piece of rest) {
    const found = name.indexOf(piece, at);
    if (found < 0 || found + piece.length > end) return false;
    at = found + piece.length;
  }
  return true;
}

/**
 * Judges the jobs of a commit by a set of the train. Every pattern must match at least one job that is not ignored, and every such job must be
 * green. Red, cancelled, skipped and missing jobs fail; then come jobs that wait for a person, run, or are queued.
 */
export function judgeJobs(
  set: { readonly jobs: readonly string[]; readonly ignore?: readonly string[] | undefined },
  jobs: readonly Job[],
): JobsJudged {
  const heeded = jobs.filter((job) => !(set.ignore ?? []).some((pattern) => matchesJob(pattern, job.name)));
  const counted = heeded.filter((job) => set.jobs.some((pattern) => matchesJob(pattern, job.name)));
  const missing = set.jobs.filter((pattern) => !counted.some((job) => matchesJob(pattern, job.name)));
  const inState = (...states: readonly Job['state'][]): readonly Job[] =>
    counted.filter((job) => states.includes(job.state));
  const green = inState('green');
  const bad = inState('red', 'cancelled', 'skipped');
  const waiting = inState('needs-action', 'running', 'queued');
  const verdict = verdictOf(bad.length + missing.length > 0, waiting);
  return {
    verdict,
    counted,
    green,
    flaky: green.filter((job) => job.attempts > 1),
    bad,
    waiting,
    missing,
    since: sinceOf(verdict, bad, counted),
  };
}

function verdictOf(failing: boolean, waiting: readonly Job[]): JobsJudged['verdict'] {
  if (failing) return 'failing';
  if (waiting.some((job) => job.state === 'needs-action')) return 'needs-you';
  if (waiting.some((job) => job.state === 'running')) return 'running';
  return waiting.length > 0 ? 'queued' : 'pass';
}

function sinceOf(verdict: JobsJudged['verdict'], bad: readonly Job[], counted: readonly Job[]): Instant | null {
  const times = (jobs: readonly Job[], of: 'startedAt' | 'finishedAt'): readonly Instant[] =>
    jobs.flatMap((job) => job[of] ?? []).toSorted();
  if (verdict === 'failing') return times(bad, 'finishedAt')[0] ?? null;
  if (verdict === 'pass') return times(counted, 'finishedAt').at(-1) ?? null;
  return (
    times(
      counted.filter((job) => job.state === 'running'),
      'startedAt',
    )[0] ?? null
  );
}
