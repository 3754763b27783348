import { compareResultFiles } from '../../app/final/compare-files.ts';
import { compareVersionsBy, suitesNamed, type AnyVersion } from '../../app/final/performance.ts';
import { percent, type ComparedBenchmark, type SuiteComparison } from '../../app/final/performance-words.ts';
import type { Observed } from '../../domain/observation.ts';
import { PerformancePolicy } from '../../domain/train/performance.ts';
import { CandidateVersion, ReleaseVersion } from '../../domain/version.ts';
import { exitCode, type ExitCode } from '../exit-codes.ts';
import type { Answer } from '../output/answer.ts';
import { renderComparison, type ShownSuite } from '../output/render-performance.ts';
import { BLANK } from '../output/line.ts';
import { usage } from '../problem.ts';
import { valueOf } from '../refusal.ts';
import type { Session } from '../session.ts';
import { inFolder } from './wheel-file.ts';

export async function run(session: Session): Promise<Answer> {
  const [before, after] = [session.required('A'), session.required('B')];
  const [old, now] = [versionOf(before), versionOf(after)];
  if ((old === null) !== (now === null))
    throw usage(`${before} and ${after} are not two of a kind`, 'name two versions, or two files');
  const suites =
    old === null || now === null ? await filesOf(session, before, after) : await versionsOf(session, old, now);
  const all = suites.flatMap(({ compared }) => (compared.known ? compared.value.benchmarks : []));
  return {
    schema: 'performance',
    asOf: suites[0]?.compared.at ?? null,
    stale: suites.some(({ compared }) => !isSure(compared)),
    exit: exitOf(suites),
    data: { before, after, suites },
    records: all.map(recordOf),
    lines: (room) =>
      suites.flatMap((suite, index) => [...(index === 0 ? [] : [BLANK]), ...renderComparison(suite, room)]),
  };
}

function versionOf(typed: string): AnyVersion | null {
  const plain = typed.replace(/^v(?=\d)/u, '');
  const candidate = CandidateVersion.safeParse(plain);
  if (candidate.success) return candidate.data;
  const release = ReleaseVersion.safeParse(plain);
  return release.success ? release.data : null;
}

async function versionsOf(session: Session, before: AnyVersion, after: AnyVersion): Promise<readonly ShownSuite[]> {
  const app = await session.app();
  const suites = valueOf(suitesNamed(app.loaded.train, session.flags.text('suite')));
  const shown: ShownSuite[] = [];
  for (const { name, suite } of suites) {
    session.progress.doing(`Reading the results of ${name} ...`);
    const policy = { ...suite, ...policyOf(session) };
    const compared = await compareVersionsBy(app, { suite: policy, before, after });
    shown.push({ name, title: suite.title, thresholdPercent: policy.thresholdPercent, compared });
  }
  return shown;
}

/** Needs no train: whoever has two files can compare them. */
async function filesOf(session: Session, before: string, after: string): Promise<readonly ShownSuite[]> {
  const policy = PerformancePolicy.parse(policyOf(session));
  session.progress.doing(`Comparing ${before} and ${after} ...`);
  const files = [inFolder(before, session.folder), inFolder(after, session.folder)] as const;
  const value = valueOf(await compareResultFiles(...files, policy));
  const compared = { known: true, value, at: session.now, source: 'files' } as const;
  return [{ name: 'files', title: 'Benchmarks', thresholdPercent: policy.thresholdPercent, compared }];
}

function policyOf(session: Session): Partial<Pick<PerformancePolicy, 'thresholdPercent' | 'minimumRepeats'>> {
  const threshold = numberOf(session, 'threshold', 0.1, 1000);
  const repeats = numberOf(session, 'repeats', 3, 1000);
  return {
    ...(threshold === null ? {} : { thresholdPercent: threshold }),
    ...(repeats === null ? {} : { minimumRepeats: Math.round(repeats) }),
  };
}

function numberOf(session: Session, flag: 'threshold' | 'repeats', least: number, most: number): number | null {
  const text = session.flags.text(flag);
  if (text === null) return null;
  const value = /^\d+(?:\.\d+)?$/u.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw usage(`--${flag} ${text} is no number of that kind`, `write one from ${least} to ${most}`);
}

function isSure(compared: Observed<SuiteComparison>): boolean {
  return (
    compared.known &&
    compared.value.problem === null &&
    compared.value.benchmarks.length > 0 &&
    !compared.value.benchmarks.some(({ change }) => change === 'uncertain' || change === 'missing')
  );
}

/** A regression is a no; what is not known is not a yes. */
function exitOf(suites: readonly ShownSuite[]): ExitCode {
  const isWorse = suites.some(
    ({ compared }) => compared.known && compared.value.benchmarks.some(({ change }) => change === 'regression'),
  );
  if (isWorse) return exitCode('blocked');
  return exitCode(suites.every(({ compared }) => isSure(compared)) ? 'done' : 'stale');
}

function recordOf({ change, name, worse, unit, before, after, why }: ComparedBenchmark): readonly string[] {
  const interval =
    worse === null ? ['', '', ''] : [worse.estimate, worse.low, worse.high].map((ratio) => percent(ratio).toFixed(2));
  return [change, name, ...interval, numberOrNone(before?.median), numberOrNone(after?.median), unit, why ?? ''];
}

function numberOrNone(value: number | null | undefined): string {
  return value === null || value === undefined ? '' : String(value);
}
