import { emptyGate, type Gate, type GateId, type Waiver, withWaiver } from '../../../domain/gate.ts';
import type { Instant } from '../../../domain/instant.ts';
import type { Evidence, Observed } from '../../../domain/observation.ts';
import type { Train } from '../../../domain/train/train.ts';
import type { CandidateVersion, ReleaseVersion } from '../../../domain/version.ts';
import { many } from '../../../domain/words.ts';
import type { ComparedBenchmark } from './compare.ts';
import type { SuiteComparison } from './suite.ts';
import { changeText, countChanges } from './words.ts';

/** A suite of the train with what was measured. */
export interface PerformanceFacts {
  readonly id: GateId;
  readonly title: string;
  readonly release: ReleaseVersion;
  /** Null while no candidate was recorded. */
  readonly candidate: CandidateVersion | null;
  /** Null where it is not known which release was before. */
  readonly baseline: ReleaseVersion | null;
  /** Null while there is nothing to compare. */
  readonly compared: Observed<SuiteComparison> | null;
}

interface Judging {
  readonly train: Train;
  readonly waivers: readonly Waiver[];
  readonly now: Instant;
}

const SHOWN = 20;

/**
 * The gate `no-perf-regression:SUITE`: nothing that was measured before has become worse beyond the threshold, told with certainty. What is too noisy, was
 * repeated too seldom, is missing, or has no direction is not known, and never passes. Seed: "Make sure there are no performance regressions". Waivers applied.
 */
export function decidePerformance(facts: PerformanceFacts, { train, waivers, now }: Judging): Gate {
  const { id, title, release, candidate, baseline, compared } = facts;
  const gate = emptyGate(id, train.roles['release-manager']);
  const done = (judged: Partial<Gate>): Gate => withWaiver({ ...gate, ...judged }, waivers, now);
  if (candidate === null) {
    const summary = `${title}: no candidate of ${release} was recorded yet`;
    return done({ verdict: 'queued', summary, fix: 'signalbox artifact record RC' });
  }
  if (baseline === null) {
    const summary = `${title}: it is not known which release was before ${release}`;
    return done({ summary, fix: `say it: final.performance.${id.split(':')[1]}.baseline` });
  }
  const rerun = `signalbox perf compare ${baseline} ${candidate}`;
  if (compared === null) return done({ summary: `${title}: nothing was read`, fix: rerun });
  if (!compared.known) return done({ summary: `${title}: could not be read: ${compared.reason}`, fix: rerun });
  const { value, source, at } = compared;
  const empty = [value.after, value.before].find(({ files }) => files.length === 0);
  if (empty !== undefined) {
    const verdict = empty.name === candidate ? 'queued' : 'no-data';
    const summary = `${title}: no results of ${empty.name} in ${source}`;
    return done({ verdict, summary, fix: `run the suite on ${empty.name} and put its results there, then ${rerun}` });
  }
  const evidence = (text: string): Evidence => ({ text, source, at });
  if (value.problem !== null)
    return done({ summary: `${title}: ${value.problem}`, evidence: [evidence(value.problem)], fix: rerun });
  return done({ ...judgedOf(facts, value, { rerun, evidence }) });
}

interface Words {
  readonly rerun: string;
  readonly evidence: (text: string) => Evidence;
}

function judgedOf(
  { title, baseline, candidate }: PerformanceFacts,
  value: SuiteComparison,
  { rerun, evidence }: Words,
): Partial<Gate> {
  const of = (...changes: readonly ComparedBenchmark['change'][]): readonly ComparedBenchmark[] =>
    value.benchmarks.filter(({ change }) => changes.includes(change));
  const [worse, unsure] = [of('regression'), of('uncertain', 'missing')];
  const told = [...worse, ...unsure, ...of('improvement')];
  const listed = [
    ...told.slice(0, SHOWN).map((each) => evidence(benchmarkText(each))),
    ...(told.length > SHOWN ? [evidence(`and ${told.length - SHOWN} more: ${rerun}`)] : []),
    evidence(
      `${many(value.before.files.length, 'file')} of ${value.before.name}, ${many(value.after.files.length, 'file')} of ${value.after.name}, measured on it by ${value.after.proof}${machinesText(value)}`,
    ),
  ];
  const counts = countChanges(value.benchmarks);
  const against = `${candidate} against ${baseline}`;
  const [first] = [...worse, ...unsure];
  if (first === undefined) {
    const isCompared = of('unchanged', 'improvement').length > 0;
    return isCompared
      ? { verdict: 'pass', summary: `${title}: ${against}: ${counts}`, evidence: listed }
      : { summary: `${title}: ${against}: nothing that both have measured`, evidence: listed, fix: rerun };
  }
  const summary = `${title}: ${against}: ${counts}; ${benchmarkText(first)}`;
  return worse.length > 0
    ? { verdict: 'failing', summary, evidence: listed, fix: rerun }
    : { summary, evidence: listed, fix: `measure again, with more repetitions: ${rerun}` };
}

function benchmarkText(compared: ComparedBenchmark): string {
  const { name, change, why, before } = compared;
  switch (change) {
    case 'missing':
      return `${name} was measured ${many(before?.repeats ?? 0, 'time')} before, and not now`;
    case 'new':
      return `${name} is new`;
    case 'uncertain':
      return `${name} is uncertain: ${why}${compared.worse === null ? '' : ` (${changeText(compared)})`}`;
    case 'regression':
    case 'improvement':
    case 'unchanged':
      return `${name}: ${changeText(compared)}`;
  }
}

/** Told and not judged: the names of machines say little of what they are. */
function machinesText({ before, after }: SuiteComparison): string {
  const isSame =
    before.machines.length === after.machines.length && before.machines.every((each) => after.machines.includes(each));
  if (isSame || before.machines.length === 0 || after.machines.length === 0) return '';
  return `; on other machines: ${before.machines.join(', ')} and ${after.machines.join(', ')}`;
}
