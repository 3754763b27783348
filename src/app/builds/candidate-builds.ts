import { newestAttempts } from '../../domain/job-attempts.ts';
import type { CellKey } from '../../domain/artifact.ts';
import type { Instant } from '../../domain/instant.ts';
import { type Observed } from '../../domain/observation.ts';
import { candidateNumber, releaseOf, type CandidateVersion } from '../../domain/version.ts';
import { cellBuilds, readBuilds, type RepoBuilds, type TagRuns } from '../../process/05-candidate/builds/index.ts';
import type { App } from '../app.ts';
import { expectationOf } from './expected-cells.ts';

type BuildState = 'pass' | 'failing' | 'needs-you' | 'running' | 'queued';

/** How one repository's files of a candidate are built. */
export interface RepoBuildView {
  readonly repo: string;
  readonly tag: string;
  readonly builds: Observed<BuildView>;
}

export interface BuildView {
  readonly runs: readonly {
    readonly id: number;
    readonly workflow: string;
    readonly path: string;
    readonly attempt: number;
    readonly state: string;
    readonly startedAt: Instant;
    readonly link: string;
  }[];
  /** Runs that prove nothing of the candidate, and why. */
  readonly notCounted: readonly {
    readonly id: number;
    readonly path: string;
    readonly why: string;
    readonly link: string;
  }[];
  /** Workflows that the tag should have started and did not. */
  readonly notStarted: readonly string[];
  readonly jobs: { readonly total: number; readonly green: number; readonly flaky: number };
  /** One for each expected file whose job the train names. */
  readonly cells: readonly {
    readonly cell: CellKey;
    readonly state: BuildState;
    readonly attempts: number;
    /** The job that decides: the first that is not green. */
    readonly job: string | null;
    readonly startedAt: Instant | null;
    readonly finishedAt: Instant | null;
    readonly link: string | null;
  }[];
}

/** The builds of a candidate in every repository that names its build workflows and has its tag. */
export async function candidateBuilds(app: App, candidate: CandidateVersion): Promise<readonly RepoBuildView[]> {
  const release = releaseOf(candidate);
  const { train } = app.loaded;
  const number = candidateNumber(candidate);
  const facts = await readBuilds({ train, release, git: app.git, forge: app.forge, now: app.clock.now(), number });
  return facts.repos.flatMap((one) => viewOf(app, candidate, one));
}

function viewOf(app: App, candidate: CandidateVersion, { repo, found }: RepoBuilds): readonly RepoBuildView[] {
  if (!found.known) return [{ repo: repo.key, tag: '', builds: found }];
  if (found.value === null) return [];
  const { tag, runs, workflows } = found.value;
  if (!runs.known) return [{ repo: repo.key, tag, builds: runs }];
  const cells = (expectationOf(app, releaseOf(candidate))?.cells ?? []).filter(({ cell }) => cell.repo === repo.key);
  const { counted, others } = runs.value;
  const jobs = counted.flatMap((each) => newestAttempts(each));
  const view: BuildView = {
    runs: counted.map(({ run: { id, name: workflow, path, attempt, state, startedAt, link } }) => {
      return { id, workflow, path, attempt, state, startedAt, link };
    }),
    notCounted: others.map(({ run: { id, path, link }, why }) => ({ id, path, why, link })),
    notStarted: workflows.flatMap(({ path, starts }) =>
      starts && !counted.some(({ run }) => run.path === path) ? [path] : [],
    ),
    jobs: {
      total: jobs.length,
      green: jobs.filter(({ state }) => state === 'green').length,
      flaky: jobs.filter(({ state, attempts }) => state === 'green' && attempts > 1).length,
    },
    cells: cellViews(runs.value, cells),
  };
  return [{ repo: repo.key, tag, builds: { ...runs, value: view } }];
}

function cellViews(runs: TagRuns, cells: Parameters<typeof cellBuilds>[1]): BuildView['cells'] {
  return cellBuilds(runs, cells).map(({ expected, verdict, jobs }) => {
    const job = jobs.find(({ state }) => state !== 'green') ?? jobs[0];
    return {
      cell: expected.key,
      state: verdict,
      attempts: Math.max(0, ...jobs.map(({ attempts }) => attempts)),
      job: job?.name ?? null,
      startedAt: job?.startedAt ?? null,
      finishedAt: job?.finishedAt ?? null,
      link: job?.link ?? null,
    };
  });
}
