import type { ExpectedCell } from '../../../domain/expected/expectation.ts';
import { newestAttempts, type RunsJob } from '../../../domain/job-attempts.ts';
import { judgeJobs, matchesJob } from '../../../domain/jobs.ts';
import type { WorkflowRun } from '../../../ports/forge.ts';
import type { TagRuns } from './facts.ts';

/** A job of the builds as its run stands now. */
export type BuildJob = RunsJob<WorkflowRun>;

/** What the jobs of one expected file say. */
export interface CellBuild {
  readonly expected: ExpectedCell;
  /** `failing` too where every run is over and none had a job of that name. */
  readonly verdict: 'pass' | 'failing' | 'needs-you' | 'running' | 'queued';
  readonly jobs: readonly BuildJob[];
}

/** Whether a run, or anything in it, may still change by itself. */
export function isOver({ state }: Pick<WorkflowRun, 'state'>): boolean {
  return state !== 'queued' && state !== 'running' && state !== 'needs-action';
}

/** The builds of expected files by the names of their jobs, written with the name of their workflow before them or without. Cells without a name have none. */
export function cellBuilds({ counted }: TagRuns, cells: readonly ExpectedCell[]): readonly CellBuild[] {
  const jobs = counted.flatMap((each) => newestAttempts(each));
  const areOver = counted.every(({ run }) => isOver(run));
  return cells.flatMap((expected): readonly CellBuild[] => {
    const { job: pattern } = expected;
    if (pattern === null) return [];
    const own = jobs.filter(
      ({ name, run }) => matchesJob(pattern, `${run.name} / ${name}`) || matchesJob(pattern, name),
    );
    if (own.length === 0) return [{ expected, verdict: areOver ? 'failing' : 'queued', jobs: [] }];
    return [{ expected, verdict: judgeJobs({ jobs: ['*'] }, own).verdict, jobs: own }];
  });
}
