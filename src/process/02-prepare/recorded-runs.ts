import { branchRef, shortId, type BranchName, type ObjectId } from '../../domain/git-names.ts';
import { elapsedMillis, type Instant } from '../../domain/instant.ts';
import { matchesJob } from '../../domain/jobs.ts';
import { observe } from '../../domain/observation.ts';
import type { RecordedRun } from '../../domain/train/evidence.ts';
import type { RepoInRelease } from '../../domain/train/naming.ts';
import type { Forge, WorkflowRun } from '../../ports/forge.ts';
import type { Git, RemoteRepo } from '../../ports/git.ts';
import type { Workflow } from '../../workflow/index.ts';

/** The run whose jobs stand for those of a workflow file; or why none can. */
export type RunOfWorkflow =
  | {
      readonly known: true;
      readonly run: WorkflowRun;
      /** Names of the jobs that it began, without the workflow's name. */
      readonly jobs: readonly string[];
      /** `run 123 on nightly at 1234abcd5, began 2025-06-24 02:10 UTC`. */
      readonly text: string;
      readonly source: string;
    }
  | { readonly known: false; readonly why: string };

interface RunPorts {
  readonly git: Git;
  /** Null where the train has none, or nobody is signed in there. */
  readonly forge: Forge | null;
  readonly now: Instant;
}

interface RunPlace {
  readonly at: RemoteRepo;
  readonly repo: RepoInRelease;
  /** The branch whose files were read, and its commit. */
  readonly branch: BranchName;
  readonly commit: ObjectId;
}

/** The newest runs of those workflows that the train says are known by their runs, by path. */
export async function readRecordedRuns(
  ports: RunPorts,
  place: RunPlace,
  workflows: readonly Workflow[],
): Promise<ReadonlyMap<string, RunOfWorkflow>> {
  const settings = place.repo.entry.binaries?.recorded ?? [];
  const found = workflows.flatMap((workflow) => {
    const rule = settings.find((each) => matchesJob(each.workflow, workflow.path));
    return rule === undefined ? [] : [{ path: workflow.path, rule }];
  });
  return new Map(
    await Promise.all(
      found.map(async ({ path, rule }) => [path, await readRun(ports, place, { path, rule })] as const),
    ),
  );
}

interface Wanted {
  readonly path: string;
  readonly rule: RecordedRun;
}

async function readRun(ports: RunPorts, place: RunPlace, wanted: Wanted): Promise<RunOfWorkflow> {
  const { forge, now } = ports;
  const { slug } = place.repo.entry;
  if (slug === undefined) return { known: false, why: `the train file gives ${place.repo.key} no slug on a forge` };
  if (forge === null)
    return { known: false, why: 'its runs cannot be asked for: no forge, or nobody is signed in there' };
  const source = `forge ${slug}`;
  const observed = await observe(source, now, async (): Promise<RunOfWorkflow> => {
    const branch = wanted.rule.branch ?? place.branch;
    const runs = (await forge.checks.runsOf(slug, branch)).filter(({ path }) => path === wanted.path);
    const run = runs.filter(isEnded).toSorted((left, right) => right.id - left.id)[0];
    if (run === undefined) return { known: false, why: `no run of it on ${branch} came to an end` };
    const fault = await faultOf(ports, place, { ...wanted, branch, run });
    if (fault !== null) return { known: false, why: fault };
    const jobs = (await forge.checks.jobsOf(slug, run.id)).filter(({ state }) => state !== 'skipped');
    const began = run.startedAt.slice(0, 16).replace('T', ' ');
    return {
      known: true,
      run,
      jobs: [...new Set(jobs.map(({ name }) => name))],
      text: `run ${run.id} on ${branch} at ${shortId(run.commit)}, began ${began} UTC`,
      source,
    };
  });
  return observed.known ? observed.value : { known: false, why: `its runs could not be read: ${observed.reason}` };
}

/** One that was cancelled or waits may not have come to its matrix. */
function isEnded({ state }: WorkflowRun): boolean {
  return state === 'green' || state === 'red';
}

/** Why the run cannot stand for the file as it is now: it is too old, or the file was another one then. */
async function faultOf(
  { git, now }: RunPorts,
  { at, commit }: RunPlace,
  { path, rule, branch, run }: Wanted & { readonly branch: BranchName; readonly run: WorkflowRun },
): Promise<string | null> {
  const name = `its newest run ${run.id} on ${branch}`;
  if (elapsedMillis(run.startedAt, now) > rule.days * 86_400_000)
    return `${name} began ${run.startedAt.slice(0, 10)}, more than ${rule.days} days ago`;
  if (run.commit === commit) return null;
  await git.fetch(at, [branchRef(branch)]);
  const [then, today] = await Promise.all(
    [run.commit, commit].map(async (each) => (await git.files(at, each, [path])).find((file) => file.path === path)),
  );
  return then !== undefined && then.text === today?.text
    ? null
    : `${name} was of another text of the file, at ${shortId(run.commit)}`;
}
