import { expectedArtifacts, explainExpectation } from '../../domain/expected/expected.ts';
import { refuse, succeed, type Result } from '../../domain/result.ts';
import { sinksOfChannel, sinksOfKind } from '../../domain/train/sinks.ts';
import { lineOf, type ReleaseVersion } from '../../domain/version.ts';
import type { RecordedManifest } from '../../engine/fold-manifests.ts';
import type { StartFacts } from '../../process/09-announce/index.ts';
import type { App } from '../app.ts';
import { publicAddress } from '../channel-index/places.ts';
import type { AppProblem } from '../problem.ts';

/** What the page says of the files of a candidate; null where the train has no page. */
export function startFacts(app: App, { manifest }: RecordedManifest): Result<StartFacts, AppProblem> | null {
  const { train } = app.loaded;
  const settings = train.releaseDay.getStarted;
  if (settings === undefined) return null;
  const { release } = manifest;
  const expected = expectedArtifacts(train, release);
  if (!expected.ok)
    return refuse({ kind: 'usage', code: 'not-expected', text: explainExpectation(expected.problems[0]) });
  const keys = new Map(manifest.files.map(({ cell, key }) => [cell, key]));
  return succeed({
    train,
    settings,
    release,
    line: lineOf(release),
    cells: expected.value.cells.filter(({ key }) => keys.has(key)),
    keys,
    addresses: { wheel: stableAddress(app, release, 'wheel'), libtorch: stableAddress(app, release, 'libtorch') },
  });
}

/** Where everybody reads files of a kind once they are stable: the first place that holds them. */
function stableAddress(app: App, release: ReleaseVersion, kind: 'wheel' | 'libtorch'): string | null {
  const { train } = app.loaded;
  for (const channel of train.promotion.stable) {
    const [sink] = sinksOfKind(sinksOfChannel(train, channel, lineOf(release)), kind).filter(
      ({ store }) => store === 'object-store',
    );
    const address = sink === undefined ? null : publicAddress(train, channel, sink.place);
    if (address !== null) return address;
  }
  return null;
}
