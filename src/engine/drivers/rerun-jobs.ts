import type { Handle } from '../../domain/plan/receipt.ts';
import type { RerunJobsStep } from '../../domain/plan/step.ts';
import type { ForgeChecks, RunJob, WorkflowRun } from '../../ports/forge.ts';
import type { StepDriver, StepState } from '../driver.ts';

/**
 * Starts failed jobs of a run again. Looked at by the run's attempts: a later one with the jobs is adopted, whoever began it, and a later one without them
 * is another world than the planned one.
 */
export function rerunJobsDriver(checks: ForgeChecks): StepDriver<RerunJobsStep> {
  return {
    async observe(step) {
      const run = await checks.run(step.slug, step.run);
      if (run === null) return { is: 'other', text: `run ${step.run} of ${step.slug} is gone` };
      if (run.attempt > step.attempt) return seenAgain(step, run, await checks.jobsOf(step.slug, step.run));
      return run.state === 'queued' || run.state === 'running'
        ? { is: 'other', text: `run ${step.run} still goes on: nothing of it is started again before it is over` }
        : { is: 'absent' };
    },
    async act(step) {
      if (step.job === null) await checks.rerunFailed(step.slug, step.run);
      else await checks.rerunJob(step.slug, step.job);
      const run = await checks.run(step.slug, step.run);
      const handle = handleOf(step, run);
      // The forge has said yes; it may take a moment until it shows the attempt.
      return { acted: true, handle, after: { is: 'present', handle, text: `${namesOf(step)} started again` } };
    },
    reverse() {
      return null;
    },
  };
}

/** A later attempt has every job, of which only those that were started again began at another time. */
function seenAgain(step: RerunJobsStep, run: WorkflowRun, jobs: readonly RunJob[]): StepState {
  const without = step.names.filter((name) => {
    const own = jobs.filter((job) => job.name === name);
    const before = own.filter(({ attempt }) => attempt <= step.attempt).map(({ startedAt }) => startedAt);
    return !own.some(
      ({ attempt, startedAt, finishedAt }) =>
        attempt > step.attempt && (startedAt === null || finishedAt === null || !before.includes(startedAt)),
    );
  });
  if (without.length === 0)
    return { is: 'present', handle: handleOf(step, run), text: `${namesOf(step)} runs in attempt ${run.attempt}` };
  return {
    is: 'other',
    text: `run ${step.run} is at attempt ${run.attempt} now, in which ${without.join(', ')} was not started again`,
  };
}

function handleOf({ run, attempt }: RerunJobsStep, found: WorkflowRun | null): Handle {
  return {
    run: String(run),
    attempt: String(Math.max(attempt + 1, found?.attempt ?? 0)),
    ...(found === null ? {} : { link: found.link }),
  };
}

function namesOf({ names }: RerunJobsStep): string {
  const [name = ''] = names;
  return names.length === 1 ? name : `${names.length} jobs`;
}
