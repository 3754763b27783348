import { GateId, type Gate, type Waiver } from '../../domain/gate.ts';
import type { Instant } from '../../domain/instant.ts';
import type { ReleaseVersion } from '../../domain/version.ts';
import { decidePerformance } from '../../process/07-finalize/performance/index.ts';
import type { App } from '../app.ts';
import { compareRelease } from './compare-release.ts';

/** The gates `no-perf-regression`, one for each suite that the train file names. */
export async function judgePerformance(
  app: App,
  release: ReleaseVersion,
  { waivers, now }: { readonly waivers: readonly Waiver[]; readonly now: Instant },
): Promise<readonly Gate[]> {
  const { train } = app.loaded;
  if (Object.keys(train.final.performance).length === 0) return [];
  const { candidate, suites } = await compareRelease(app, release);
  return suites.map(({ name, suite: { title }, baseline, compared }) => {
    const id = GateId.parse(`no-perf-regression:${name}`);
    return decidePerformance({ id, title, release, candidate, baseline, compared }, { train, waivers, now });
  });
}
