import type { Gate, Waiver } from '../../domain/gate.ts';
import type { Instant } from '../../domain/instant.ts';
import type { ReleaseVersion } from '../../domain/version.ts';
import { decideSubmodules, readSubmodules } from '../../process/05-candidate/submodules/index.ts';
import type { App } from '../app.ts';

export interface SubmoduleJudging {
  /** Whether repositories with many submodules are looked at too: each is a remote of its own. */
  readonly inFull: boolean;
  readonly waivers: readonly Waiver[];
  readonly now: Instant;
}

/** The gates `submodules-pinned` of every repository of which the train says something of its submodules. */
export async function judgeSubmodules(
  app: App,
  release: ReleaseVersion,
  { inFull, waivers, now }: SubmoduleJudging,
): Promise<readonly Gate[]> {
  const { train } = app.loaded;
  return decideSubmodules(await readSubmodules({ train, release, git: app.git, now, inFull }), { train, waivers, now });
}
