import type { Gate, Waiver } from '../domain/gate.ts';
import type { Instant } from '../domain/instant.ts';
import type { ReleaseVersion } from '../domain/version.ts';
import { decideExternal, readExternal } from '../process/02-prepare/index.ts';
import type { App } from './app.ts';

/** The gates `external-ready:NAME`; none for a train that asks of no dependency to be ready before the cut. */
export async function judgeExternal(
  app: App,
  release: ReleaseVersion,
  { waivers, now }: { readonly waivers: readonly Waiver[]; readonly now: Instant },
): Promise<readonly Gate[]> {
  const { train } = app.loaded;
  return decideExternal(await readExternal({ train, release, git: app.git, now }), { train, release, waivers, now });
}
