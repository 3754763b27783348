import type { ByteSource } from '../../domain/byte-source.ts';
import type { Result } from '../../domain/result.ts';
import { planReversion } from './plan.ts';
import type { ReversionProblem } from './problem.ts';
import { readParts } from './read-parts.ts';
import type { Reversion, ReversionOrder } from './types.ts';

export { explain, type ReversionProblem } from './problem.ts';
export type { Reversion, ReversionChange, ReversionOrder } from './types.ts';

/** Reads what is needed of a wheel, a few ranges, and plans its reversion. What the source throws is not caught. */
export async function reversionOf(
  source: ByteSource,
  fileName: string,
  order: ReversionOrder,
): Promise<Result<Reversion, ReversionProblem>> {
  const parts = await readParts(source, fileName);
  return parts.ok ? planReversion(parts.value, order) : parts;
}
