import type { Gate, Waiver } from '../domain/gate.ts';
import type { Instant } from '../domain/instant.ts';
import { reposOf } from '../domain/train/naming.ts';
import type { ReleaseVersion } from '../domain/version.ts';
import { decideFixes } from '../process/02-prepare/index.ts';
import type { App } from './app.ts';
import { wantedOn } from './history/wanted-on.ts';

/** The gate `fixes-present` of the core repository; none where the train has no core in this release, or no forge, and so no milestones at all. */
export async function judgeFixes(
  app: App,
  release: ReleaseVersion,
  { waivers, now }: { readonly waivers: readonly Waiver[]; readonly now: Instant },
): Promise<readonly Gate[]> {
  const { train } = app.loaded;
  const repo = reposOf(train, release).find(({ entry }) => entry.role === 'core');
  if (repo === undefined || train.forge === undefined) return [];
  return [decideFixes({ repo, found: await wantedOn(app, repo) }, { train, waivers, now })];
}
