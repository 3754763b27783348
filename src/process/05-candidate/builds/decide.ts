import { newestAttempts } from '../../../domain/job-attempts.ts';
import type { Expectation, ExpectedCell } from '../../../domain/expected/expectation.ts';
import { emptyGate, type Gate, GateId, type Waiver, withWaiver } from '../../../domain/gate.ts';
import { shortId } from '../../../domain/git-names.ts';
import type { Instant } from '../../../domain/instant.ts';
import type { Evidence, Observed } from '../../../domain/observation.ts';
import type { Train } from '../../../domain/train/train.ts';
import { candidateNumber, candidateOf } from '../../../domain/version.ts';
import { many } from '../../../domain/words.ts';
import { cellBuilds, isOver, type BuildJob, type CellBuild } from './cells.ts';
import type { BuildFacts, RepoBuilds, TagBuilds, TagRuns } from './facts.ts';

interface Deciding {
  readonly train: Train;
  /** Null where the train does not say what is built; then the runs alone count. */
  readonly expectation: Expectation | null;
  readonly waivers: readonly Waiver[];
  readonly now: Instant;
}

/**
 * The gates `builds-started:REPO` and `builds-green:REPO` of every repository that names its build workflows: the push of the candidate's tag started each of
 * them, and they ended green, cell by cell where the train names the jobs. By run and commit, never by a name alone: a run of the tag before it was moved, of
 * another tag or by hand proves nothing. Waivers applied.
 */
export function decideBuilds(facts: BuildFacts, deciding: Deciding): readonly Gate[] {
  return facts.repos
    .flatMap((one) => [startedGate(facts, one, deciding), greenGate(facts, one, deciding)])
    .map((gate) => withWaiver(gate, deciding.waivers, deciding.now));
}

type Judged = Pick<Gate, 'verdict' | 'summary'> & Partial<Gate>;

interface Found {
  readonly builds: TagBuilds;
  readonly runs: TagRuns;
  readonly observed: Observed<unknown>;
  /** `vision v0.23.0-rc1`. */
  readonly name: string;
  readonly rerun: string;
}

function gateOf(
  family: string,
  { release }: BuildFacts,
  { repo, found }: RepoBuilds,
  { train, judge }: Pick<Deciding, 'train'> & { readonly judge: (found: Found) => Judged },
): Gate {
  const id = GateId.parse(`${family}:${repo.key}`);
  const gate = emptyGate(id, [...new Set([...repo.entry.owners, ...train.roles['release-manager']])]);
  const rerun = `signalbox gate run ${release} ${id}`;
  if (!found.known) return { ...gate, ...unread(found, rerun) };
  if (found.value === null) {
    const summary = `${repo.key} has no candidate of ${repo.release} yet`;
    return { ...gate, verdict: 'queued', summary, fix: `signalbox rc cut ${repo.key} ${release}` };
  }
  const { runs, tag } = found.value;
  if (!runs.known) return { ...gate, ...unread(runs, rerun) };
  const name = `${repo.key} ${tag}`;
  return { ...gate, ...judge({ builds: found.value, runs: runs.value, observed: runs, name, rerun }) };
}

function unread({ reason, source, at }: Extract<Observed<unknown>, { known: false }>, rerun: string): Partial<Gate> {
  return {
    summary: `could not be read: ${reason}`,
    evidence: [{ text: reason, source, at }],
    fix: `make it readable, then ${rerun}`,
  };
}

function startedGate(facts: BuildFacts, one: RepoBuilds, { train }: Deciding): Gate {
  return gateOf('builds-started', facts, one, { train, judge: (found) => judgeStarted(found, one, facts) });
}

function judgeStarted(found: Found, { repo, patterns }: RepoBuilds, { release }: BuildFacts): Judged {
  const { builds, runs, name, rerun } = found;
  const wanted = builds.workflows.filter(({ starts }) => starts);
  const without = wanted.filter(({ path }) => !runs.counted.some(({ run }) => run.path === path));
  const evidence = [
    ...builds.workflows.flatMap(({ path, starts, why }) => (starts ? [] : [lineOf(found, `${path} ${why}`)])),
    ...without.map(({ path }) => lineOf(found, `${path} has no run of ${builds.tag} on ${shortId(builds.commit)}`)),
    ...runLines(found),
  ];
  const [first] = without;
  if (wanted.length === 0) {
    const none = builds.workflows.length === 0 ? `there is no ${patterns.join(' or ')}` : 'no build workflow starts';
    const summary = `${name}: ${none} at ${shortId(builds.commit)}`;
    const fix = `correct the trigger on ${repo.branch} or repos.${repo.key}.binaries.workflows, and tag the next: signalbox rc cut ${repo.key} ${release}`;
    return { verdict: 'failing', summary, evidence, fix };
  }
  if (first !== undefined) {
    const more = without.length === 1 ? '' : `, and ${without.length - 1} more`;
    return {
      verdict: 'failing',
      summary: `${name} started ${wanted.length - without.length} of ${many(wanted.length, 'build workflow')}: no run of ${first.path}${more}`,
      evidence,
      fix: `wait a minute, and look at the repository's Actions; then ${rerun}`,
    };
  }
  const since = runs.counted.map(({ run }) => run.startedAt).toSorted()[0] ?? null;
  const ids = runs.counted.map(({ run }) => `run ${run.id}`).join(', ');
  return {
    verdict: 'pass',
    summary: `${name} started ${many(wanted.length, 'build workflow')}: ${ids}`,
    evidence,
    since,
  };
}

function greenGate(facts: BuildFacts, one: RepoBuilds, { train, expectation }: Deciding): Gate {
  const cells = (expectation?.cells ?? []).filter(({ cell, job }) => cell.repo === one.repo.key && job !== null);
  return gateOf('builds-green', facts, one, { train, judge: (found) => judgeGreen(found, cells, facts) });
}

function judgeGreen(found: Found, cells: readonly ExpectedCell[], { release }: BuildFacts): Judged {
  const { runs, builds, name, rerun } = found;
  if (runs.counted.length === 0) {
    const summary = `${name} started no build yet`;
    return { verdict: 'queued', summary, evidence: runLines(found), fix: `see builds-started; then ${rerun}` };
  }
  const seen = seenIn(runs, cells);
  const verdict = verdictOf(seen);
  const candidate = candidateOf(release, candidateNumber(builds.candidate));
  return {
    verdict,
    summary: `${name}: ${summaryOf(seen, runs)}`,
    evidence: evidenceOf(found, seen),
    since: sinceOf(verdict, seen),
    ...(verdict === 'pass' ? {} : { fix: fixFor(seen, { verdict, candidate, rerun }) }),
  };
}

interface Seen {
  readonly cells: readonly CellBuild[];
  readonly failing: readonly CellBuild[];
  readonly going: readonly CellBuild[];
  readonly jobs: readonly BuildJob[];
  /** Red or cancelled jobs of runs that ended so, and of no cell. */
  readonly besides: readonly BuildJob[];
  readonly flaky: readonly BuildJob[];
  readonly runs: TagRuns;
}

function seenIn(runs: TagRuns, expected: readonly ExpectedCell[]): Seen {
  const cells = cellBuilds(runs, expected);
  const jobs = runs.counted.flatMap((each) => newestAttempts(each));
  const ofCells = new Set(cells.flatMap((cell) => cell.jobs.map(({ id }) => id)));
  return {
    cells,
    failing: cells.filter(({ verdict }) => verdict === 'failing'),
    going: cells.filter(({ verdict }) => verdict !== 'failing' && verdict !== 'pass'),
    jobs,
    besides: jobs.filter(({ id, state }) => (state === 'red' || state === 'cancelled') && !ofCells.has(id)),
    flaky: jobs.filter(({ state, attempts }) => state === 'green' && attempts > 1),
    runs,
  };
}

function verdictOf({ failing, besides, runs }: Seen): Gate['verdict'] {
  const states = runs.counted.map(({ run }) => run.state);
  if (failing.length > 0 || besides.length > 0) return 'failing';
  if (states.includes('needs-action')) return 'needs-you';
  if (states.some((state) => state === 'running')) return 'running';
  if (states.includes('queued')) return 'queued';
  return states.every((state) => state === 'green') ? 'pass' : 'failing';
}

function summaryOf({ cells, failing, going, besides, flaky }: Seen, { counted }: TagRuns): string {
  const green = counted.filter(({ run }) => run.state === 'green').length;
  const [first] = failing;
  const [other] = besides;
  const more = failing.length > 1 ? ` and ${failing.length - 1} more` : '';
  return [
    cells.length === 0
      ? `${green} of ${many(counted.length, 'run')} green; the train names no jobs of cells`
      : `${cells.length - failing.length - going.length} of ${many(cells.length, 'cell')} built`,
    ...(first === undefined ? [] : [`failing: ${first.expected.key}${more}`]),
    ...(going.length === 0 ? [] : [`${going.length} not done`]),
    ...(other === undefined
      ? []
      : [`${other.state}: ${other.name}${besides.length > 1 ? ` and ${besides.length - 1} more` : ''}`]),
    ...(flaky.length === 0 ? [] : [`${flaky.length} green only after a retry`]),
    ...(first === undefined && going.length === 0 && other === undefined && green < counted.length && cells.length > 0
      ? [`${counted.length - green} of ${many(counted.length, 'run')} not green`]
      : []),
  ].join('; ');
}

function fixFor(
  { failing, besides, runs }: Seen,
  {
    verdict,
    candidate,
    rerun,
  }: { readonly verdict: Gate['verdict']; readonly candidate: string; readonly rerun: string },
): string {
  if (verdict === 'needs-you') return `approve the waiting jobs on the forge; then ${rerun}`;
  if (verdict !== 'failing') return `wait for the builds; then ${rerun}`;
  if (!runs.counted.every(({ run }) => isOver(run))) return `wait for the end of the runs, then retry; then ${rerun}`;
  const [first] = failing;
  if (first !== undefined && failing.length === 1 && besides.length === 0)
    return first.jobs.length === 0
      ? `add its job to the workflow, or correct \`job\` in artifacts; then ${rerun}`
      : `signalbox rc retry ${candidate} --only ${first.expected.key}; then ${rerun}`;
  return `signalbox rc retry ${candidate}; then ${rerun}`;
}

function sinceOf(verdict: Gate['verdict'], { failing, besides, jobs, runs }: Seen): Instant | null {
  if (verdict === 'pass')
    return (
      jobs
        .flatMap(({ finishedAt }) => finishedAt ?? [])
        .toSorted()
        .at(-1) ?? null
    );
  if (verdict === 'failing') {
    const bad = [...failing.flatMap((cell) => cell.jobs), ...besides].filter(({ state }) => state !== 'green');
    return bad.flatMap(({ finishedAt }) => finishedAt ?? []).toSorted()[0] ?? null;
  }
  return runs.counted.map(({ run }) => run.startedAt).toSorted()[0] ?? null;
}

const MOST_EVIDENCE = 60;

function evidenceOf(found: Found, { failing, going, besides, flaky, cells, jobs }: Seen): readonly Evidence[] {
  const lines = [
    ...failing.flatMap((cell) => cellLines(found, cell)),
    ...besides.map(({ name, state, link }) => lineOf(found, `${name}: ${state}`, link)),
    ...going.flatMap((cell) => cellLines(found, cell)),
    ...flaky.map(({ name, attempts, link }) =>
      lineOf(found, `${name}: green at attempt ${attempts}, after it had failed (flaky)`, link),
    ),
  ];
  const more = lines.length - MOST_EVIDENCE;
  return [
    ...lines.slice(0, MOST_EVIDENCE),
    ...(more > 0 ? [lineOf(found, `and ${more} more`)] : []),
    ...runLines(found),
    ...(cells.length === 0 ? [] : [lineOf(found, `${jobs.length} jobs, ${cells.length} expected cells`)]),
  ];
}

function cellLines(found: Found, { expected: { key, job }, jobs }: CellBuild): readonly Evidence[] {
  if (jobs.length === 0) return [lineOf(found, `${key}: no job is called ${job ?? ''}`)];
  return jobs
    .filter(({ state }) => state !== 'green')
    .map(({ name, state, link }) => lineOf(found, `${key}: ${name} ${state}`, link));
}

/** The runs that count, then those that do not, with why. */
function runLines(found: Found): readonly Evidence[] {
  const { counted, others } = found.runs;
  return [
    ...counted.map(({ run }) =>
      lineOf(
        found,
        `${run.name}: run ${run.id}${run.attempt > 1 ? `, attempt ${run.attempt},` : ''} ${run.state}`,
        run.link,
      ),
    ),
    ...others
      .slice(0, 10)
      .map(({ run, why }) => lineOf(found, `not counted: run ${run.id} of ${run.path} ${why}`, run.link)),
  ];
}

function lineOf({ observed: { at, source } }: Found, text: string, link: string | null = null): Evidence {
  return { text, ...(link === null ? {} : { link }), source, at };
}
