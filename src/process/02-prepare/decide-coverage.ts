import { type Gate, withWaiver } from '../../domain/gate.ts';
import { matchesJob } from '../../domain/jobs.ts';
import type { Expectation, ExpectedCell } from '../../domain/expected/expectation.ts';
import { planJobs } from '../../workflow/index.ts';
import type { BuildWorkflows, RepoTriggers } from './read-triggers.ts';
import { type FoundWorkflows, placeText, workflowGate, type WorkflowJudging } from './workflow-gate.ts';

/**
 * The gates `workflows-cover-matrix:REPO`: the workflows that build a repository's files have a job for every expected cell, and none for what is not expected. Seed: "Cutting a
 * release branch preparations". Jobs are known by the names that `artifacts` gives them; a repository whose cells have none has no such gate. Waivers applied.
 */
export function decideCoverage(
  all: readonly RepoTriggers[],
  expectation: Expectation,
  judging: WorkflowJudging,
): readonly Gate[] {
  return all.flatMap((one): readonly Gate[] => {
    const cells = expectation.cells.filter(({ cell, job }) => cell.repo === one.repo.key && job !== null);
    if (cells.length === 0) return [];
    const gate = workflowGate('workflows-cover-matrix', one, judging, (found) => judgeCells(found, cells));
    return [withWaiver(gate, judging.waivers, judging.now)];
  });
}

function judgeCells({ workflows, where, rerun, evidence: of }: FoundWorkflows, cells: readonly ExpectedCell[]) {
  const { missing, surplus, unknown } = compared(workflows, cells);
  const { branch } = workflows;
  const evidence = of([...missing.map(({ key, job }) => `${key}: no job is called ${job}`), ...surplus, ...unknown]);
  const [first] = missing;
  if (first !== undefined && unknown.length > 0) {
    return {
      verdict: 'no-data' as const,
      evidence,
      summary: `whether ${missing.length} of ${cells.length} cells are built: ${unknown[0]}`,
      fix: `name jobs that are known before a run, or look at a nightly; then ${rerun}`,
    };
  }
  if (first !== undefined)
    return {
      verdict: 'failing' as const,
      evidence,
      summary: `${where} builds ${cells.length - missing.length} of ${cells.length} cells: no job for ${first.key}${more(missing.length)}`,
      fix: `add the jobs on ${branch}, or correct \`job\` in artifacts; then ${rerun}`,
    };
  if (surplus.length > 0)
    return {
      verdict: 'failing' as const,
      evidence,
      summary: `${where} builds what the matrix does not have: ${surplus[0]}${more(surplus.length)}`,
      fix: `take the jobs away on ${branch}, or add them to the support matrix; then ${rerun}`,
    };
  return { verdict: 'pass' as const, evidence, summary: `${where} has a job for each of ${cells.length} cells` };
}

function more(count: number): string {
  return count === 1 ? '' : `, and ${count - 1} more`;
}

function isOf(patterns: readonly string[], name: string): boolean {
  return patterns.some((pattern) => matchesJob(pattern, name));
}

interface Compared {
  readonly missing: readonly ExpectedCell[];
  /** Jobs that are called as those of cells are, and of no cell; with file and line. */
  readonly surplus: readonly string[];
  /** What hides jobs until a run; with file and line. */
  readonly unknown: readonly string[];
}

function compared({ workflows, files, problems }: BuildWorkflows, cells: readonly ExpectedCell[]): Compared {
  const plans = workflows.map((workflow) => ({
    name: workflow.name ?? workflow.path,
    plan: planJobs(workflow, files),
  }));
  // A workflow that is called in each of two jobs has a job of the same name in both; one is enough.
  const jobs = new Map(
    plans.flatMap(({ name, plan }) => plan.jobs.map((job) => [`${name} / ${job.name}`, job.at] as const)),
  );
  const names = [...jobs.keys()];
  const patterns = cells.flatMap(({ job }) => (job === null ? [] : [job]));
  const families = [...new Set(cells.flatMap(({ jobFamily }) => (jobFamily === null ? [] : [jobFamily])))];
  const extra = names.filter((name) => isOf(families, name) && !isOf(patterns, name));
  return {
    missing: cells.filter(({ job }) => job !== null && !names.some((name) => matchesJob(job, name))),
    surplus: extra.map((name) => {
      const at = jobs.get(name);
      return `${at === undefined ? '' : `${placeText(at)} `}${name} is of no expected cell`;
    }),
    unknown: [
      ...problems.map(({ at, text }) => `${placeText(at)} ${text}`),
      ...plans.flatMap(({ plan }) =>
        plan.gaps.flatMap(({ kind, at, text }) => (kind === 'elsewhere' ? [] : [`${placeText(at)} ${text}`])),
      ),
    ],
  };
}
