import type { PerformancePolicy } from '../../domain/train/performance.ts';
import { refuse, succeed, type Result } from '../../domain/result.ts';
import {
  compareSides,
  MOST_BYTES,
  readSide,
  type SuiteComparison,
  type SuiteSide,
} from '../../process/07-finalize/performance/index.ts';
import { readNamed } from '../compose-sources.ts';
import type { AppProblem } from '../problem.ts';

/** Compares two files with results, each a path or an address, whatever they were measured on. */
export async function compareResultFiles(
  before: string,
  after: string,
  policy: PerformancePolicy,
): Promise<Result<SuiteComparison, AppProblem>> {
  const [old, next] = [await sideOf(before, policy), await sideOf(after, policy)];
  if (!old.ok) return old;
  if (!next.ok) return next;
  return succeed(compareSides(old.value, next.value, policy));
}

async function sideOf(named: string, policy: PerformancePolicy): Promise<Result<SuiteSide, AppProblem>> {
  const read = await readNamed(named, MOST_BYTES);
  if ('reason' in read) return refuse({ kind: 'no-data', code: 'results-unread', text: `${named} ${read.reason}.` });
  const version = { name: named, version: null, manifest: null, commit: null };
  return succeed(readSide(version, [{ file: named, text: new TextDecoder().decode(read.bytes) }], policy));
}
