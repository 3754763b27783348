import { branchRef, type BranchName, type ObjectId } from '../../domain/git-names.ts';
import type { Instant } from '../../domain/instant.ts';
import { observe, unknown, type Observed } from '../../domain/observation.ts';
import { reposOf, type RepoInRelease } from '../../domain/train/naming.ts';
import type { Train } from '../../domain/train/train.ts';
import type { ReleaseVersion } from '../../domain/version.ts';
import type { Forge } from '../../ports/forge.ts';
import type { Git, GitFile } from '../../ports/git.ts';
import { readWorkflow, type Workflow, type WorkflowProblem } from '../../workflow/index.ts';
import { readRecordedRuns, type RunOfWorkflow } from './recorded-runs.ts';

/** The workflows of a repository that build its files, on the branch that candidates are tagged on, or will be cut from. */
export interface BuildWorkflows {
  readonly branch: BranchName;
  readonly commit: ObjectId;
  readonly workflows: readonly Workflow[];
  /** Workflows by path: these, and those of the same repository that they call. */
  readonly files: ReadonlyMap<string, Workflow>;
  /** Files that are no workflows. */
  readonly problems: readonly WorkflowProblem[];
  /** Of workflows that the train says are known by their runs, by path. */
  readonly runs: ReadonlyMap<string, RunOfWorkflow>;
}

/** Null where neither branch is at the remote. */
export interface RepoTriggers {
  readonly repo: RepoInRelease;
  readonly patterns: readonly string[];
  readonly found: Observed<BuildWorkflows | null>;
}

interface TriggerPorts {
  readonly train: Train;
  readonly release: ReleaseVersion;
  readonly git: Git;
  /** Null where the train has none, or nobody is signed in there; asked for runs only. */
  readonly forge: Forge | null;
  readonly now: Instant;
}

/** Reads the build workflows of every repository whose train entry names some: from its release branch, or before the cut from the branch it is cut from. */
export async function readTriggers({ train, release, ...ports }: TriggerPorts): Promise<readonly RepoTriggers[]> {
  const repos = reposOf(train, release).filter(({ entry }) => entry.binaries !== undefined);
  return Promise.all(
    repos.map(async (repo) => {
      const patterns = repo.entry.binaries?.workflows ?? [];
      return { repo, patterns, found: await readOne(repo, patterns, ports) };
    }),
  );
}

async function readOne(
  repo: RepoInRelease,
  patterns: readonly string[],
  ports: Omit<TriggerPorts, 'train' | 'release'>,
): Promise<Observed<BuildWorkflows | null>> {
  const { key, remote, branch, entry } = repo;
  const { git, now } = ports;
  if (remote === null) return unknown(`the train file gives ${key} no remote`, now, 'train file');
  const at = { repo: key, remote };
  return observe(`git remote of ${key}`, now, async () => {
    const refs = await git.remoteRefs(at, [branchRef(branch), branchRef(entry.source)]);
    const on = [branch, entry.source].find((name) => refs.some(({ ref }) => ref === branchRef(name)));
    const commit = on === undefined ? undefined : refs.find(({ ref }) => ref === branchRef(on))?.id;
    if (on === undefined || commit === undefined) return null;
    await git.fetch(at, [branchRef(on)]);
    const named = readAll(await git.files(at, commit, patterns));
    const all = await withCalled(named, (paths) => git.files(at, commit, paths));
    return {
      branch: on,
      commit,
      workflows: named.workflows,
      files: new Map(all.workflows.map((workflow) => [workflow.path, workflow])),
      problems: all.problems,
      runs: await readRecordedRuns(ports, { at, repo, branch: on, commit }, named.workflows),
    };
  });
}

type Read = Pick<BuildWorkflows, 'workflows' | 'problems'>;

function readAll(files: readonly Pick<GitFile, 'path' | 'text'>[]): Read {
  const read = files.map(({ path, text }) => ({ path, read: text === null ? null : readWorkflow(path, text) }));
  return {
    workflows: read.flatMap((file) => (file.read?.ok === true ? [file.read.value] : [])),
    problems: read.flatMap((file): readonly WorkflowProblem[] => {
      if (file.read === null) return [{ at: { path: file.path, line: 1 }, text: 'is no text' }];
      return file.read.ok ? [] : file.read.problems;
    }),
  };
}

/** The workflows and those of the same repository that they call, level by level; no file is read twice, so that a circle ends. */
async function withCalled(named: Read, read: (paths: readonly string[]) => Promise<readonly GitFile[]>): Promise<Read> {
  let all = named;
  const asked = new Set(named.workflows.map(({ path }) => path));
  let newest = named.workflows;
  for (;;) {
    const paths = newest
      .flatMap(({ jobs }) => jobs.flatMap(({ calls }) => (calls === null ? [] : [calls.reference])))
      .flatMap((reference) => (reference.startsWith('./') ? [reference.slice(2)] : []))
      .filter((path) => !asked.has(path));
    if (paths.length === 0) return all;
    for (const path of paths) asked.add(path);
    const more = readAll((await read([...new Set(paths)])).filter(({ path }) => paths.includes(path)));
    all = { workflows: [...all.workflows, ...more.workflows], problems: [...all.problems, ...more.problems] };
    newest = more.workflows;
  }
}
