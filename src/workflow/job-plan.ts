import { expandMatrix, type MatrixRow } from './matrix.ts';
import { isList, isRecord, textOf, type WorkflowRecord } from './value.ts';
import type { Workflow, WorkflowJob, WorkflowPlace, WorkflowValue } from './workflow.ts';

/** A job that a workflow would run, in the words of its run. */
export interface PlannedJob {
  /** As GitHub shows it, `build (3.13, cpu) / test`; parts that only a run knows stay as they are written. */
  readonly name: string;
  /** Where it is written: in the called workflow, where it is one of that. */
  readonly at: WorkflowPlace;
  readonly matrix: MatrixRow;
  /** What the called workflow was given; empty outside of one. */
  readonly inputs: WorkflowRecord;
}

/** Something that cannot be known before a run, or is wrong; a sentence without its place. */
export interface PlanGap {
  readonly at: WorkflowPlace;
  readonly kind: 'dynamic' | 'elsewhere' | 'wrong';
  readonly text: string;
}

export interface JobPlan {
  readonly jobs: readonly PlannedJob[];
  readonly gaps: readonly PlanGap[];
}

/** GitHub nests no deeper ("Reusing workflows": ten levels, the caller included). */
const DEEPEST = 10;
const MOST_JOBS = 20_000;

interface Planning {
  readonly files: ReadonlyMap<string, Workflow>;
  readonly jobs: PlannedJob[];
  readonly gaps: PlanGap[];
}

interface Caller {
  readonly name: string;
  readonly inputs: WorkflowRecord;
  /** Files that called, the first one first. */
  readonly path: readonly string[];
}

/** What a workflow runs: matrices expanded, workflows of the same repository that it calls followed. What cannot be known is told as a gap, never left out. */
export function planJobs(workflow: Workflow, files: ReadonlyMap<string, Workflow>): JobPlan {
  const planning: Planning = { files, jobs: [], gaps: [] };
  planWorkflow(planning, workflow, { name: '', inputs: {}, path: [workflow.path] });
  return { jobs: planning.jobs, gaps: planning.gaps };
}

function planWorkflow(planning: Planning, workflow: Workflow, caller: Caller): void {
  for (const job of workflow.jobs) {
    const { at } = job;
    const expanded = expandMatrix(fillAll(job.matrix, { matrix: {}, inputs: caller.inputs }));
    if (expanded.known === null) planning.gaps.push({ at, kind: 'wrong', text: `${job.id}: ${expanded.wrong}` });
    else if (!expanded.known) {
      planning.gaps.push({
        at,
        kind: 'dynamic',
        text: `${job.id}: its matrix is made when it runs: ${expanded.expression}`,
      });
    } else for (const row of expanded.rows) planJob(planning, job, row, caller);
  }
}

function planJob(planning: Planning, job: WorkflowJob, matrix: MatrixRow, caller: Caller): void {
  const { jobs, gaps } = planning;
  if (jobs.length >= MOST_JOBS) {
    if (jobs.length === MOST_JOBS && gaps.at(-1)?.text !== TOO_MANY)
      gaps.push({ at: job.at, kind: 'wrong', text: TOO_MANY });
    return;
  }
  const own = nameOf(job, matrix, caller.inputs);
  const name = caller.name === '' ? own : `${caller.name} / ${own}`;
  if (job.calls === null) {
    jobs.push({ name, at: job.at, matrix, inputs: caller.inputs });
    return;
  }
  const { reference } = job.calls;
  const called = calledFile(planning, reference);
  if (called === null) {
    const isLocal = reference.startsWith('./');
    const text = isLocal
      ? `${job.id}: calls ${reference}, which is not there`
      : `${job.id}: runs what ${reference} says, in another repository`;
    gaps.push({ at: job.at, kind: isLocal ? 'wrong' : 'elsewhere', text });
    // Its own jobs are unknown; that it is there is known.
    if (!isLocal) jobs.push({ name, at: job.at, matrix, inputs: caller.inputs });
    return;
  }
  if (caller.path.includes(called.path) || caller.path.length >= DEEPEST) {
    const how = caller.path.includes(called.path) ? 'in a circle' : `more than ${DEEPEST} levels deep`;
    gaps.push({
      at: job.at,
      kind: 'wrong',
      text: `${job.id}: calls ${how}: ${[...caller.path, called.path].join(' > ')}`,
    });
    return;
  }
  if (called.inputs === null) {
    gaps.push({
      at: job.at,
      kind: 'wrong',
      text: `${job.id}: calls ${called.path}, which cannot be called (no workflow_call)`,
    });
    return;
  }
  const room = { matrix, inputs: caller.inputs };
  const given = Object.fromEntries(Object.entries(job.calls.with).map(([key, value]) => [key, fillAll(value, room)]));
  planWorkflow(planning, called, { name, inputs: { ...called.inputs, ...given }, path: [...caller.path, called.path] });
}

const TOO_MANY = `more than ${MOST_JOBS} jobs: the rest is not looked at`;

function calledFile({ files }: Planning, reference: string): Workflow | null {
  return reference.startsWith('./') ? (files.get(reference.slice(2)) ?? null) : null;
}

/** What GitHub calls a job: its name filled in, or its id with the values of the matrix behind it. */
function nameOf({ id, name }: WorkflowJob, matrix: MatrixRow, inputs: WorkflowRecord): string {
  if (name !== null) return textOf(fill(name, { matrix, inputs }));
  const values = Object.values(matrix).flatMap((value) => leaves(value));
  return values.length === 0 ? id : `${id} (${values.join(', ')})`;
}

function leaves(value: WorkflowValue): readonly string[] {
  if (isList(value)) return value.flatMap((each) => leaves(each));
  if (isRecord(value)) return Object.values(value).flatMap((each) => leaves(each));
  return [textOf(value)];
}

interface Values {
  readonly matrix: MatrixRow;
  readonly inputs: WorkflowRecord;
}

function fillAll(value: WorkflowValue, values: Values): WorkflowValue {
  if (typeof value === 'string') return fill(value, values);
  if (isList(value)) return value.map((each) => fillAll(each, values));
  if (isRecord(value))
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, fillAll(each, values)]));
  return value;
}

const LOOKUP = /\$\{\{\s*(matrix|inputs)((?:\.[A-Za-z_][A-Za-z0-9_-]*|\[\d{1,4}\])+)\s*\}\}/g;

/** Fills in what the matrix and the inputs say; every other expression stays. A text that is one expression becomes the value itself. */
function fill(text: string, values: Values): WorkflowValue {
  const whole = new RegExp(`^${LOOKUP.source}$`).exec(text);
  if (whole !== null) {
    const found = lookUp(values, whole[1] ?? '', whole[2] ?? '');
    return found === undefined ? text : found;
  }
  return text.replaceAll(LOOKUP, (expression, root: string, path: string) => {
    const found = lookUp(values, root, path);
    if (found === undefined) return expression;
    return textOf(found);
  });
}

/** What is looked up; undefined where only a run knows it. What a matrix does not say is nothing. */
function lookUp(values: Values, root: string, path: string): WorkflowValue | undefined {
  let at: WorkflowValue = root === 'matrix' ? values.matrix : values.inputs;
  for (const [, key, index] of path.matchAll(/\.([A-Za-z0-9_-]+)|\[(\d+)\]/g)) {
    const found: WorkflowValue | undefined = key === undefined ? itemOf(at, Number(index)) : memberOf(at, key);
    if (found === undefined) return root === 'matrix' ? null : undefined;
    at = found;
  }
  return at;
}

function itemOf(value: WorkflowValue, index: number): WorkflowValue | undefined {
  return isList(value) ? value[index] : undefined;
}

function memberOf(value: WorkflowValue, key: string): WorkflowValue | undefined {
  return isRecord(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}
