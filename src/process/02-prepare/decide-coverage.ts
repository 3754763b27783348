import { type Gate, withWaiver } from '../../domain/gate.ts';
import { matchesJob } from '../../domain/jobs.ts';
import type { Expectation, ExpectedCell } from '../../domain/expected/expectation.ts';
import type { Instant } from '../../domain/instant.ts';
import type { Evidence } from '../../domain/observation.ts';
import { planJobs, type Workflow, type WorkflowPlace } from '../../workflow/index.ts';
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
    const gate = workflowGate('workflows-cover-matrix', one, judging, (found) => judgeCells(found, cells, judging.now));
    return [withWaiver(gate, judging.waivers, judging.now)];
  });
}

function judgeCells(
  { workflows, where, rerun, evidence: of }: FoundWorkflows,
  cells: readonly ExpectedCell[],
  now: Instant,
) {
  const { missing, surplus, unknown, runs } = compared(workflows, cells, now);
  const { branch } = workflows;
  const evidence = [
    ...of([...missing.map(({ key, job }) => `${key}: no job is called ${job}`), ...surplus, ...unknown]),
    ...runs,
  ];
  const [first] = missing;
  if (first !== undefined && unknown.length > 0) {
    return {
      verdict: 'no-data' as const,
      evidence,
      summary: `whether ${missing.length} of ${cells.length} cells are built: ${unknown[0]}`,
      fix: `name jobs that are known before a run, or the run that shows them (repos.*.binaries.recorded); then ${rerun}`,
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
  /** Runs whose jobs were taken in the place of what the file says. */
  readonly runs: readonly Evidence[];
}

interface WorkflowJobs {
  readonly jobs: readonly { readonly name: string; readonly at: WorkflowPlace }[];
  readonly unknown: readonly string[];
  readonly runs: readonly Evidence[];
}

/** The jobs of a workflow: those that its recorded run began where one stands for it, else those that the file says. */
function jobsOf(workflow: Workflow, { files, runs }: BuildWorkflows, now: Instant): WorkflowJobs {
  const plan = planJobs(workflow, files);
  const recorded = runs.get(workflow.path);
  const gaps = plan.gaps.filter(({ kind }) => kind !== 'elsewhere');
  const place = { path: workflow.path, line: 1 };
  if (recorded?.known !== true) {
    const why = recorded === undefined ? '' : `; ${recorded.why}`;
    const unknown = gaps.map(({ kind, at, text }) => `${placeText(at)} ${text}${kind === 'dynamic' ? why : ''}`);
    return { jobs: plan.jobs, unknown, runs: [] };
  }
  const { run, jobs, text, source } = recorded;
  // A run that failed may have failed before it made its matrix: what it has not, a better one may have.
  const failed = run.state === 'red' ? [`${placeText(place)} ${text}, failed, and may not have begun every job`] : [];
  return {
    jobs: jobs.map((name) => ({ name, at: place })),
    unknown: [
      ...gaps.flatMap(({ kind, at, text: gap }) => (kind === 'wrong' ? [`${placeText(at)} ${gap}`] : [])),
      ...failed,
    ],
    runs: [{ text: `the jobs of ${workflow.path} are those of ${text}`, link: run.link, source, at: now }],
  };
}

function compared(build: BuildWorkflows, cells: readonly ExpectedCell[], now: Instant): Compared {
  const { workflows, problems } = build;
  const plans = workflows.map((workflow) => ({
    name: workflow.name ?? workflow.path,
    plan: jobsOf(workflow, build, now),
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
      ...plans.flatMap(({ plan }) => plan.unknown),
    ],
    runs: plans.flatMap(({ plan }) => plan.runs),
  };
}
