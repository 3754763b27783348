import type { Gate, Waiver } from '../../domain/gate.ts';
import type { Instant } from '../../domain/instant.ts';
import type { ReleaseVersion } from '../../domain/version.ts';
import { decideBuilds, readBuilds } from '../../process/05-candidate/builds/index.ts';
import type { App } from '../app.ts';
import { expectationOf } from './expected-cells.ts';

/** The gates `builds-started` and `builds-green` of every repository that names its build workflows. */
export async function judgeBuilds(
  app: App,
  release: ReleaseVersion,
  { waivers, now }: { readonly waivers: readonly Waiver[]; readonly now: Instant },
): Promise<readonly Gate[]> {
  const { train } = app.loaded;
  const facts = await readBuilds({ train, release, git: app.git, forge: app.forge, now });
  return decideBuilds(facts, { train, expectation: expectationOf(app, release), waivers, now });
}
