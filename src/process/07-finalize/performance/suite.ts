import type { PerformancePolicy, PerformanceSuite } from '../../../domain/train/performance.ts';
import type { CandidateVersion, ReleaseVersion } from '../../../domain/version.ts';
import { compareSuites, measuredSuite, type ComparedBenchmark, type MeasuredSuite } from './compare.ts';
import { explainResults } from './problem.ts';
import { readResults, type MeasuredOn, type ResultsFile } from './read-results.ts';

/** By what a file shows which version it was measured on, the strongest first. */
export const PROOFS = ['manifest', 'commit', 'version', 'place'] as const;
export type Proof = (typeof PROOFS)[number];

/** What is known of a version that was measured. What a file says otherwise makes it a file of another version. */
export interface MeasuredVersion {
  /** For people: `2.8.0-rc3`, or the name of a file. */
  readonly name: string;
  /** Null where a file is compared whatever it was measured on. */
  readonly version: ReleaseVersion | CandidateVersion | null;
  readonly manifest: string | null;
  readonly commit: string | null;
}

/** The runs of a suite on one version. */
export interface SuiteSide {
  readonly name: string;
  readonly files: readonly string[];
  /** The weakest of all files; null without files. */
  readonly proof: Proof | null;
  readonly machines: readonly string[];
  /** Why they cannot be used: a file of another version, or one that cannot be read. */
  readonly problem: string | null;
  readonly measured: MeasuredSuite | null;
}

/** Two versions by one suite. */
export interface SuiteComparison {
  readonly before: Omit<SuiteSide, 'measured'>;
  readonly after: Omit<SuiteSide, 'measured'>;
  readonly benchmarks: readonly ComparedBenchmark[];
  /** Names that a rule leaves out. */
  readonly ignored: number;
  /** Why nothing was compared; null where it was. */
  readonly problem: string | null;
}

/** Reads all runs of one version. The first file that is wrong makes the whole unknown: half a suite compared is a suite that looks green. */
export function readSide(
  version: MeasuredVersion,
  texts: readonly { readonly file: string; readonly text: string }[],
  policy: PerformancePolicy & Partial<Pick<PerformanceSuite, 'proof'>>,
): SuiteSide {
  const side = { name: version.name, files: texts.map(({ file }) => file), proof: null, machines: [], measured: null };
  const files: ResultsFile[] = [];
  for (const { file, text } of texts) {
    const read = readResults(file, text);
    if (!read.ok) return { ...side, problem: explainResults(read.problems[0]) };
    files.push(read.value);
  }
  const proofs: Proof[] = [];
  for (const { file, measured } of files) {
    const proof = proofOf(measured, version);
    if (typeof proof !== 'string')
      return { ...side, problem: `${file} was measured on ${proof.other}, not on ${version.name}` };
    proofs.push(proof);
  }
  const proof = weakest(proofs);
  const needed = policy.proof ?? 'place';
  const machines = [...new Set(files.flatMap(({ measured: { machine } }) => (machine === null ? [] : [machine])))];
  if (proof !== null && PROOFS.indexOf(proof) > PROOFS.indexOf(needed)) {
    const says = proof === 'place' ? 'only by where it lies' : `only by its ${proof}`;
    const problem = `a file shows ${says} that it was measured on ${version.name}; the train asks for the ${needed}`;
    return { ...side, proof, machines, problem };
  }
  const measured = measuredSuite(files, policy);
  if (!measured.ok) return { ...side, proof, machines, problem: explainResults(measured.problems[0]) };
  return { ...side, proof, machines, problem: null, measured: measured.value };
}

function proofOf(told: MeasuredOn, { version, manifest, commit }: MeasuredVersion): Proof | { readonly other: string } {
  if (version === null) return 'place';
  if (told.manifest !== null && manifest !== null && told.manifest !== manifest)
    return { other: `other files (${told.manifest.slice(0, 15)})` };
  if (told.commit !== null && commit !== null && told.commit !== commit)
    return { other: `commit ${told.commit.slice(0, 9)}` };
  const names = told.version === null ? 'nothing' : namesVersion(told.version, version);
  if (names === 'other') return { other: told.version ?? '' };
  if (told.manifest !== null && manifest !== null) return 'manifest';
  if (told.commit !== null && commit !== null) return 'commit';
  return names === 'exactly' ? 'version' : 'place';
}

/** `2.8.0+cu128` names a release, and no candidate of it: each of them says so of itself. */
function namesVersion(told: string, version: string): 'exactly' | 'release' | 'other' {
  const plain = told
    .trim()
    .replace(/^v/u, '')
    .replace(/\+.*$/u, '')
    .replace(/^(\d+\.\d+\.\d+)rc(\d+)$/u, '$1-rc$2');
  if (plain === version) return 'exactly';
  return version.startsWith(`${plain}-rc`) ? 'release' : 'other';
}

function weakest(proofs: readonly Proof[]): Proof | null {
  return PROOFS.findLast((proof) => proofs.includes(proof)) ?? null;
}

/** Holds two versions against each other. */
export function compareSides(before: SuiteSide, after: SuiteSide, policy: PerformancePolicy): SuiteComparison {
  const { measured: old, ...ofBefore } = before;
  const { measured: now, ...ofAfter } = after;
  const nothing = { before: ofBefore, after: ofAfter, benchmarks: [], ignored: now?.ignored ?? 0 };
  const problem = before.problem ?? after.problem;
  if (problem !== null) return { ...nothing, problem };
  if (old === null || now === null) return { ...nothing, problem: 'nothing was read' };
  const compared = compareSuites(old.benchmarks, now.benchmarks, policy);
  if (compared.ok) return { ...nothing, benchmarks: compared.value, problem: null };
  const { benchmark, before: was, after: is } = compared.problems[0];
  const text = `${benchmark} is measured in ${is} by ${after.files[0]}, and in ${was} by ${before.files[0]}: numbers of two kinds are not compared`;
  return { ...nothing, problem: text };
}
