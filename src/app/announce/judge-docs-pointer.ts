import type { Gate, Waiver } from '../../domain/gate.ts';
import type { Instant } from '../../domain/instant.ts';
import type { ReleaseVersion } from '../../domain/version.ts';
import { decidePointer, readDocsShown, readReleased } from '../../process/09-announce/index.ts';
import type { App } from '../app.ts';
import { ownersOf } from './owners.ts';

/** The gate `docs-pointer`; none where the train does not say where its documentation is shown from. */
export async function judgeDocsPointer(
  app: App,
  release: ReleaseVersion,
  { waivers, now }: { readonly waivers: readonly Waiver[]; readonly now: Instant },
): Promise<readonly Gate[]> {
  const { forge, git, loaded } = app;
  const { train } = loaded;
  const settings = train.releaseDay.docs;
  if (settings === undefined) return [];
  const [shown, released] = await Promise.all([
    readDocsShown({ train, settings, forge, git, now }),
    readReleased({ train, git, now }),
  ]);
  const first = settings.owner === undefined ? (train.repos[settings.repo]?.owners ?? []) : [];
  const owners = [...new Set([...first, ...ownersOf(train, settings.owner, now)])];
  return [decidePointer({ release, settings, shown, released, owners, waivers, now })];
}
