import type { Expectation } from '../../domain/expected/expectation.ts';
import { expectedArtifacts } from '../../domain/expected/expected.ts';
import type { ReleaseVersion } from '../../domain/version.ts';
import type { App } from '../app.ts';

/** What the release is built as; null where the train does not say, of which the gates of 01 and `artifacts-complete` tell. */
export function expectationOf({ loaded }: App, release: ReleaseVersion): Expectation | null {
  const expected = expectedArtifacts(loaded.train, release);
  return expected.ok ? expected.value : null;
}
