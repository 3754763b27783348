import type { Manifest } from '../../domain/manifest.ts';
import type { AssumedRef } from '../../domain/plan/plan.ts';
import type { Step } from '../../domain/plan/step.ts';
import { succeed, type Result } from '../../domain/result.ts';
import type { App } from '../app.ts';
import type { AppProblem } from '../problem.ts';

/** The tags and releases that a promotion ends with. */
export interface FinalTags {
  readonly steps: readonly Step[];
  readonly assumes: readonly AssumedRef[];
  readonly notes: readonly string[];
}

export async function finalTags(_app: App, _manifest: Manifest, _wave: number): Promise<Result<FinalTags, AppProblem>> {
  return succeed({ steps: [], assumes: [], notes: [] });
}
