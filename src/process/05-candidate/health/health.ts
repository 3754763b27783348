import { emptyGate, type Gate, GateId, type Waiver, withWaiver } from '../../../domain/gate.ts';
import { branchRef, shortId, type ObjectId } from '../../../domain/git-names.ts';
import type { Instant } from '../../../domain/instant.ts';
import type { Job } from '../../../domain/jobs.ts';
import { judgedByJobs } from '../../../domain/judged-by-jobs.ts';
import { observe, unknown, type Evidence, type Observed } from '../../../domain/observation.ts';
import type { RepoKey } from '../../../domain/repo.ts';
import { reposOf, type RepoInRelease } from '../../../domain/train/naming.ts';
import type { Train } from '../../../domain/train/train.ts';
import type { CandidateVersion, ReleaseVersion } from '../../../domain/version.ts';
import type { Forge } from '../../../ports/forge.ts';
import type { Git } from '../../../ports/git.ts';

/** A candidate that is marked as final, with the commits that its files were recorded of. */
export interface FinalCommits {
  readonly candidate: CandidateVersion;
  readonly commits: ReadonlyMap<RepoKey, ObjectId>;
}

/** The commit that is judged, with its jobs. */
interface HealthJobs {
  readonly commit: ObjectId;
  /** Where the release branch is by now; null where it is gone. */
  readonly head: ObjectId | null;
  readonly jobs: readonly Job[];
}

export interface RepoHealth {
  readonly repo: RepoInRelease;
  /** Null before the cut. */
  readonly found: Observed<HealthJobs | null>;
}

export interface HealthFacts {
  readonly release: ReleaseVersion;
  readonly final: FinalCommits | null;
  readonly repos: readonly RepoHealth[];
}

interface HealthPorts {
  readonly train: Train;
  readonly release: ReleaseVersion;
  readonly git: Git;
  readonly forge: Forge | null;
  readonly now: Instant;
  readonly final: FinalCommits | null;
}

/** Reads the jobs on every release branch for which the train names some: on its head or, once a candidate is final, on that candidate's commit. */
export async function readHealth(ports: HealthPorts): Promise<HealthFacts> {
  const repos = reposOf(ports.train, ports.release).filter(({ entry }) => entry.branchGreen !== undefined);
  const read = repos.map(async (repo): Promise<RepoHealth> => ({ repo, found: await readRepo(ports, repo) }));
  return { release: ports.release, final: ports.final, repos: await Promise.all(read) };
}

async function readRepo(
  { git, forge, now, final }: HealthPorts,
  { key, remote, branch, entry: { slug } }: RepoInRelease,
): Promise<Observed<HealthJobs | null>> {
  if (slug === undefined) return unknown(`the train file gives ${key} no slug on a forge`, now, 'train file');
  if (remote === null) return unknown(`the train file gives ${key} no remote`, now, 'train file');
  if (forge === null) {
    const why = 'no forge to ask: the train file names none, or nobody is signed in there';
    return unknown(why, now, `forge ${slug}`);
  }
  return observe(`forge ${slug}`, now, async () => {
    const refs = await git.remoteRefs({ repo: key, remote }, [branchRef(branch)]);
    const head = refs.find(({ ref }) => ref === branchRef(branch))?.id ?? null;
    const commit = final?.commits.get(key) ?? head;
    return commit === null ? null : { commit, head, jobs: await forge.checks.onCommit(slug, commit) };
  });
}

/**
 * The gates `health-green:REPO`: the named jobs are green on the release branch before a candidate is marked as final, and on exactly that candidate's commit
 * after it, since what lands on the branch by then says nothing of it. Waivers applied.
 */
export function decideHealth(
  facts: HealthFacts,
  { train, waivers, now }: { readonly train: Train; readonly waivers: readonly Waiver[]; readonly now: Instant },
): readonly Gate[] {
  return facts.repos.map((one) => withWaiver(gateOf(facts, one, train), waivers, now));
}

function gateOf({ release, final }: HealthFacts, { repo, found }: RepoHealth, { roles }: Train): Gate {
  const { key, branch, entry } = repo;
  const id = GateId.parse(`health-green:${key}`);
  const gate = emptyGate(id, [...new Set([...entry.owners, ...roles['release-manager']])]);
  const rerun = `signalbox gate run ${release} ${id}`;
  const { at, source } = found;
  if (!found.known) {
    const evidence = [{ text: found.reason, source, at }];
    return { ...gate, summary: `could not be read: ${found.reason}`, evidence, fix: `make it readable, then ${rerun}` };
  }
  if (found.value === null) {
    const summary = `${key} has no ${branch} yet`;
    return { ...gate, verdict: 'queued', summary, fix: `signalbox branch cut ${key} ${release}` };
  }
  const { commit, head, jobs } = found.value;
  const isFinal = final !== null && final.commits.has(key);
  const what = isFinal ? `${branch}, final ${final.candidate},` : branch;
  const place = `${what} at ${shortId(commit)}`;
  const judged = judgedByJobs({
    set: entry.branchGreen ?? { jobs: [], ignore: [] },
    jobs,
    place,
    observed: found,
    rerun,
  });
  const beyond: readonly Evidence[] =
    commit === head
      ? []
      : [
          {
            text: `${branch} is ${head === null ? 'gone' : `at ${shortId(head)}`} by now, which is not judged`,
            source,
            at,
          },
        ];
  return { ...gate, ...judged, evidence: [...judged.evidence, ...beyond] };
}
