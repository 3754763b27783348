import type { Expectation } from '../../../domain/expected/expectation.ts';
import type { Instant } from '../../../domain/instant.ts';
import { inLanes } from '../../../domain/in-lanes.ts';
import { newestAttempts } from '../../../domain/job-attempts.ts';
import { matchesJob } from '../../../domain/jobs.ts';
import type { Manifest } from '../../../domain/manifest.ts';
import { fileNameOf } from '../../../domain/manifest.ts';
import { observe, unknown, type Observed } from '../../../domain/observation.ts';
import type { RepoSlug } from '../../../domain/repo.ts';
import type { Validation } from '../../../domain/train/evidence.ts';
import { reposOf } from '../../../domain/train/naming.ts';
import type { Train } from '../../../domain/train/train.ts';
import type { CandidateVersion, ReleaseVersion } from '../../../domain/version.ts';
import type { Forge } from '../../../ports/forge.ts';
import type { FileToValidate, TestJob, ValidationFacts, ValidationJob, ValidationRuns } from './facts.ts';
import { toldBy } from './told.ts';

/** A manifest as it was recorded. */
export interface RecordedFiles {
  readonly candidate: CandidateVersion;
  readonly manifest: Pick<Manifest, 'files'>;
  readonly at: Instant;
}

interface ValidationPorts {
  readonly train: Train;
  readonly release: ReleaseVersion;
  readonly forge: Forge | null;
  readonly expectation: Expectation | null;
  /** Every record of the release, oldest first; the last counts. */
  readonly recorded: readonly RecordedFiles[];
  readonly now: Instant;
}

/** So many runs of the branch are looked at, the newest first. */
const MOST_RUNS = 10;
const LANES = 8;

/** Reads what the validation workflow's runs say of each file of the recorded candidate; null where the train names no such workflow. */
export async function readValidation(ports: ValidationPorts): Promise<ValidationFacts | null> {
  const { train, release, forge, now, recorded } = ports;
  const { validation } = train;
  if (validation === undefined) return null;
  const repo = reposOf(train, release).find(({ key }) => key === validation.repo);
  const ref: string = validation.ref ?? repo?.branch ?? train.repos[validation.repo]?.main ?? 'main';
  const last = recorded.at(-1) ?? null;
  const cells = ports.expectation?.cells ?? [];
  const unnamed = (last?.manifest.files ?? [])
    .map(({ cell }) => cell)
    .filter((key) => cells.find((expected) => expected.key === key)?.validation === null);
  const common = { release, validation, ref, candidate: last?.candidate ?? null, unnamed };
  const slug = train.repos[validation.repo]?.slug;
  if (slug === undefined) {
    const why = `the train file has no repository ${validation.repo} with a slug on a forge`;
    return { ...common, found: unknown(why, now, 'train file') };
  }
  if (forge === null) {
    const why = 'no forge to ask: the train file names none, or nobody is signed in there';
    return { ...common, found: unknown(why, now, `forge ${slug}`) };
  }
  const files = filesOf(recorded, ports.expectation);
  const main = train.repos[validation.repo]?.main ?? 'main';
  return { ...common, found: await readRuns({ forge, slug, now, validation, ref, main }, files) };
}

/** The files of the last record whose cells name a job for their tests, each with the time since when it has been this one. */
function filesOf(recorded: readonly RecordedFiles[], expectation: Expectation | null): readonly FileToValidate[] {
  const cells = new Map((expectation?.cells ?? []).map((expected) => [expected.key, expected]));
  return (recorded.at(-1)?.manifest.files ?? []).flatMap((file): readonly FileToValidate[] => {
    const expected = cells.get(file.cell);
    if (expected === undefined || expected.validation === null) return [];
    const other = recorded.findLastIndex(
      ({ manifest }) => manifest.files.find(({ cell }) => cell === file.cell)?.digest !== file.digest,
    );
    const since = recorded[other + 1]?.at;
    return since === undefined ? [] : [{ expected, name: fileNameOf(file), digest: file.digest, since }];
  });
}

interface Asking {
  readonly forge: Forge;
  readonly slug: RepoSlug;
  readonly now: Instant;
  readonly validation: Validation;
  readonly ref: string;
  readonly main: string;
}

async function readRuns(
  { forge, slug, now, validation, ref, main }: Asking,
  files: readonly FileToValidate[],
): Promise<Observed<ValidationRuns>> {
  return observe(`forge ${slug}`, now, async () => {
    const ours = async (branch: string) =>
      (await forge.checks.runsOf(slug, branch)).filter(({ path }) => path === validation.workflow);
    const runs = (await ours(ref)).slice(0, MOST_RUNS);
    const since = files.map((file) => file.since).toSorted()[0];
    const elsewhere =
      main === ref ? [] : (await ours(main)).filter((run) => since !== undefined && run.startedAt >= since);
    const all = await inLanes(runs, LANES, async (run) =>
      newestAttempts({ run, jobs: await forge.checks.jobsOf(slug, run.id) }),
    );
    const notes = noteReader(forge, slug);
    return {
      files: await inLanes(files, LANES, async (file) => {
        return { ...file, jobs: await toldJobs(file, jobsFor(file, all.flat()), notes) };
      }),
      runs,
      elsewhere,
    };
  });
}

/** The newest run first, and of one run what is not green. */
function jobsFor({ expected }: FileToValidate, jobs: readonly TestJob[]): readonly TestJob[] {
  const pattern = expected.validation ?? '';
  return jobs
    .filter(({ name, run }) => matchesJob(pattern, `${run.name} / ${name}`) || matchesJob(pattern, name))
    .toSorted(
      (left, right) => right.run.id - left.run.id || Number(left.state === 'green') - Number(right.state === 'green'),
    );
}

type Notes = (job: number) => Promise<ReturnType<typeof toldBy>>;

/** A job of several files is asked once. */
function noteReader(forge: Forge, slug: RepoSlug): Notes {
  const asked = new Map<number, ReturnType<Notes>>();
  return (job) => {
    const told = asked.get(job) ?? forge.checks.notesOf(slug, job).then(toldBy);
    asked.set(job, told);
    return told;
  };
}

/** The jobs of a file with what they told, as far back as one decides: older ones are not asked. */
async function toldJobs(
  file: FileToValidate,
  jobs: readonly TestJob[],
  notes: Notes,
): Promise<readonly ValidationJob[]> {
  const told: ValidationJob[] = [];
  for (const job of jobs) {
    const one = { ...job, told: job.state === 'green' ? await notes(job.id) : null };
    told.push(one);
    const proves = one.told === null ? job.run.startedAt >= file.since : one.told.get(file.name) === file.digest;
    if (job.state !== 'green' || proves) break;
  }
  return told;
}
