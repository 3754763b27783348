import type { Gate, Waiver } from '../../domain/gate.ts';
import type { Instant } from '../../domain/instant.ts';
import { compareVersions, releaseOf, type ReleaseVersion } from '../../domain/version.ts';
import { foldManifests } from '../../engine/fold-manifests.ts';
import { decideValidated, readValidation } from '../../process/07-finalize/validated/index.ts';
import type { App } from '../app.ts';
import { entriesOf } from '../record.ts';
import { expectationOf } from './expected-cells.ts';

/** The gate `binaries-validated` of the newest recorded candidate; none where the train names no workflow that tests its files. */
export async function judgeValidated(
  app: App,
  release: ReleaseVersion,
  { waivers, now }: { readonly waivers: readonly Waiver[]; readonly now: Instant },
): Promise<readonly Gate[]> {
  const { train } = app.loaded;
  if (train.validation === undefined) return [];
  const recorded = foldManifests(await entriesOf(app, release))
    .filter(({ candidate }) => releaseOf(candidate) === release)
    .toSorted((left, right) => compareVersions(left.candidate, right.candidate));
  const expectation = expectationOf(app, release);
  const facts = await readValidation({ train, release, forge: app.forge, expectation, recorded, now });
  return facts === null ? [] : [decideValidated(facts, { train, waivers, now })];
}
