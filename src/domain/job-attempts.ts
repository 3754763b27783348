import type { Job } from './jobs.ts';

/** A job of a run in one of its attempts, as the forge tells it. */
type AttemptedJob = Omit<Job, 'attempts'> & { readonly id: number; readonly attempt: number };

/** A job as its run stands now: in the newest attempt that has it. */
export interface RunsJob<Run> extends Job {
  readonly id: number;
  readonly run: Run;
}

/**
 * The jobs of a run as they stand: of each name those of the newest attempt that has it. `attempts` counts this one and the earlier ones that did not end
 * green, so that what was only repeated is not called flaky.
 */
export function newestAttempts<Run>({
  run,
  jobs,
}: {
  readonly run: Run;
  readonly jobs: readonly AttemptedJob[];
}): readonly RunsJob<Run>[] {
  return [...Map.groupBy(jobs, ({ name }) => name).values()].flatMap((same) => {
    const newest = Math.max(...same.map(({ attempt }) => attempt));
    const failed = new Set(
      same.filter(({ attempt, state }) => attempt < newest && state !== 'green').map(({ attempt }) => attempt),
    );
    return same
      .filter(({ attempt }) => attempt === newest)
      .map(({ id, name, state, startedAt, finishedAt, link }) => {
        return { id, name, state, startedAt, finishedAt, link, run, attempts: failed.size + 1 };
      });
  });
}
