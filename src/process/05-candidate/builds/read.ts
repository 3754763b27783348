import { candidatesIn } from '../../../domain/release-tags.ts';
import { shortId, tagRef, type ObjectId } from '../../../domain/git-names.ts';
import type { Instant } from '../../../domain/instant.ts';
import { observe, unknown, type Observed } from '../../../domain/observation.ts';
import { reposOf, type RepoInRelease } from '../../../domain/train/naming.ts';
import type { Train } from '../../../domain/train/train.ts';
import { candidateNumber, tagOf, type CandidateVersion, type ReleaseVersion } from '../../../domain/version.ts';
import type { Forge, WorkflowRun } from '../../../ports/forge.ts';
import type { Git, GitFile } from '../../../ports/git.ts';
import { readWorkflow, startsOnTag } from '../../../workflow/index.ts';
import type { BuildFacts, BuildWorkflow, RepoBuilds, TagBuilds, TagRuns } from './facts.ts';

export interface BuildPorts {
  readonly train: Train;
  readonly release: ReleaseVersion;
  readonly git: Git;
  /** Null where the train has none, or nobody is signed in there. */
  readonly forge: Forge | null;
  readonly now: Instant;
  /** The candidate with this number instead of the newest of each repository. */
  readonly number?: number;
}

/** Reads of every repository that says what builds its files: the candidate's tag, its workflows at that commit, and their runs with all attempts. */
export async function readBuilds(ports: BuildPorts): Promise<BuildFacts> {
  const repos = reposOf(ports.train, ports.release).filter(({ entry }) => entry.binaries !== undefined);
  const read = repos.map(async (repo): Promise<RepoBuilds> => ({
    repo,
    patterns: repo.entry.binaries?.workflows ?? [],
    found: await readRepo(ports, repo),
  }));
  return { release: ports.release, repos: await Promise.all(read) };
}

async function readRepo(ports: BuildPorts, repo: RepoInRelease): Promise<Observed<TagBuilds | null>> {
  const { git, now } = ports;
  const { key, remote, release } = repo;
  if (remote === null) return unknown(`the train file gives ${key} no remote`, now, 'train file');
  const at = { repo: key, remote };
  return observe(`git remote of ${key}`, now, async () => {
    const refs = await git.remoteRefs(at, [`${tagRef(tagOf(release))}-rc*`]);
    const [newest] = candidatesIn(refs).filter(
      ({ candidate }) => ports.number === undefined || candidateNumber(candidate) === ports.number,
    );
    if (newest === undefined) return null;
    await git.fetch(at, [newest.ref]);
    const { candidate, commit } = newest;
    const files = await git.files(at, commit, repo.entry.binaries?.workflows ?? []);
    const workflows = files.map((file) => workflowOf(file, tagOf(candidate)));
    const runs = await readRuns(ports, repo, { candidate, commit, workflows });
    return { candidate, tag: tagOf(candidate), commit, workflows, runs };
  });
}

function workflowOf({ path, text }: Pick<GitFile, 'path' | 'text'>, tag: string): BuildWorkflow {
  const read = text === null ? null : readWorkflow(path, text);
  if (read === null) return { path, starts: false, why: 'is no text' };
  if (!read.ok) return { path, starts: false, why: read.problems[0].text };
  const { starts, why } = startsOnTag(read.value, tag);
  return { path, starts, why };
}

interface Tagged {
  readonly candidate: CandidateVersion;
  readonly commit: ObjectId;
  readonly workflows: readonly BuildWorkflow[];
}

async function readRuns(
  { forge, now }: BuildPorts,
  { key, entry: { slug } }: RepoInRelease,
  { candidate, commit, workflows }: Tagged,
): Promise<Observed<TagRuns>> {
  if (slug === undefined) return unknown(`the train file gives ${key} no slug on a forge`, now, 'train file');
  if (forge === null) {
    const why = 'no forge to ask: the train file names none, or nobody is signed in there';
    return unknown(why, now, `forge ${slug}`);
  }
  return observe(`forge ${slug}`, now, async () => {
    const runs = await forge.checks.runsOf(slug, tagOf(candidate));
    const { counted, others } = sortRuns(runs, workflows, commit);
    return {
      counted: await Promise.all(counted.map(async (run) => ({ run, jobs: await forge.checks.jobsOf(slug, run.id) }))),
      others,
    };
  });
}

/**
 * Which runs count for a tag: of each workflow that it starts, the newest that its push began on its commit. A run on another commit is of the time before the
 * tag was moved; one that a person started may have been given anything.
 */
function sortRuns(
  runs: readonly WorkflowRun[],
  workflows: readonly BuildWorkflow[],
  commit: ObjectId,
): { readonly counted: readonly WorkflowRun[]; readonly others: TagRuns['others'] } {
  const ours = runs
    .filter(({ path }) => workflows.some((workflow) => workflow.starts && workflow.path === path))
    .toSorted((left, right) => right.id - left.id);
  const counted = new Map<string, WorkflowRun>();
  const others: { readonly run: WorkflowRun; readonly why: string }[] = [];
  for (const run of ours) {
    if (run.commit !== commit) others.push({ run, why: `was on ${shortId(run.commit)}: the tag was elsewhere then` });
    else if (run.event !== 'push') others.push({ run, why: `was started by ${run.event}, not by the tag` });
    else if (counted.has(run.path)) others.push({ run, why: 'was before the newest' });
    else counted.set(run.path, run);
  }
  return { counted: [...counted.values()], others };
}
