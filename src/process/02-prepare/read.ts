import { branchRef, type BranchName, type ObjectId } from '../../domain/git-names.ts';
import type { Instant } from '../../domain/instant.ts';
import type { Job } from '../../domain/jobs.ts';
import { observe, unknown, type Observed } from '../../domain/observation.ts';
import { fillText, reposOf, type RepoInRelease } from '../../domain/train/naming.ts';
import type { Train } from '../../domain/train/train.ts';
import type { ReleaseVersion } from '../../domain/version.ts';
import type { Forge, ForgeItem, Milestone } from '../../ports/forge.ts';
import type { Git } from '../../ports/git.ts';

/** The milestone of the release, with what is open in it. */
export interface MilestoneFacts {
  readonly milestone: Milestone;
  readonly openItems: readonly ForgeItem[];
}

/** The newest commit of a branch and what its jobs say. `commit` is null when the remote has no such branch. */
export interface HeadJobs {
  readonly commit: ObjectId | null;
  readonly jobs: readonly Job[];
}

/** One repository before its cut. A job set that the train does not name is null. */
export interface RepoReadiness {
  readonly repo: RepoInRelease;
  readonly nightlies: Observed<HeadJobs> | null;
  readonly source: Observed<HeadJobs> | null;
}

/** What stage 02 judges. `milestone.value` is null when the forge has no milestone of that title. */
export interface ReadinessFacts {
  readonly release: ReleaseVersion;
  readonly milestoneTitle: string;
  readonly milestone: Observed<MilestoneFacts | null>;
  readonly repos: readonly RepoReadiness[];
}

/** What the reader needs. `forge` is null when the train has none, or nobody is signed in there. */
export interface ReadinessPorts {
  readonly train: Train;
  readonly release: ReleaseVersion;
  readonly forge: Forge | null;
  readonly git: Git;
  readonly now: Instant;
}

/** Reads milestone and jobs of every repository of the release side by side. A port that fails makes its fact unknown, never empty. */
export async function readReadiness(ports: ReadinessPorts): Promise<ReadinessFacts> {
  const repos = reposOf(ports.train, ports.release);
  const core = repos.find((repo) => repo.entry.role === 'core');
  const milestoneTitle = fillText(ports.train.milestone, { release: core?.release ?? ports.release });
  const [milestone, readiness] = await Promise.all([
    readMilestone(ports, core, milestoneTitle),
    Promise.all(repos.map((repo) => readRepo(ports, repo))),
  ]);
  return { release: ports.release, milestoneTitle, milestone, repos: readiness };
}

async function readRepo(ports: ReadinessPorts, repo: RepoInRelease): Promise<RepoReadiness> {
  const { nightlies, sourceGreen, source } = repo.entry;
  const [nightlyJobs, sourceJobs] = await Promise.all([
    nightlies === undefined ? null : readHeadJobs(ports, repo, nightlies.ref),
    sourceGreen === undefined ? null : readHeadJobs(ports, repo, source),
  ]);
  return { repo, nightlies: nightlyJobs, source: sourceJobs };
}

async function readMilestone(
  { forge, now }: ReadinessPorts,
  core: RepoInRelease | undefined,
  title: string,
): Promise<Observed<MilestoneFacts | null>> {
  const slug = core?.entry.slug;
  if (slug === undefined) return unknown(`the train names no core repository on a forge`, now, 'train file');
  if (forge === null) return unknown(NO_FORGE, now, `forge ${slug}`);
  return observe(`forge ${slug}`, now, async () => {
    const milestone = await forge.milestones.find(slug, title);
    if (milestone === null) return null;
    return { milestone, openItems: await forge.milestones.items(slug, milestone.number, 'open') };
  });
}

async function readHeadJobs(
  { forge, git, now }: ReadinessPorts,
  repo: RepoInRelease,
  branch: BranchName,
): Promise<Observed<HeadJobs>> {
  const { key, remote } = repo;
  const slug = repo.entry.slug;
  if (slug === undefined) return unknown(`the train file gives ${key} no slug on a forge`, now, 'train file');
  if (forge === null) return unknown(NO_FORGE, now, `forge ${slug}`);
  if (remote === null) return unknown(`the train file gives ${key} no remote`, now, 'train file');
  return observe(`forge ${slug}`, now, async () => {
    const ref = branchRef(branch);
    const found = (await git.remoteRefs({ repo: key, remote }, [ref])).find((candidate) => candidate.ref === ref);
    if (found === undefined) return { commit: null, jobs: [] };
    return { commit: found.id, jobs: await forge.checks.onCommit(slug, found.id) };
  });
}

const NO_FORGE = 'no forge to ask: the train file names none, or nobody is signed in there';
