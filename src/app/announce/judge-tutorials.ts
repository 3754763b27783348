import { dueBefore } from '../../domain/due.ts';
import type { Gate, Waiver } from '../../domain/gate.ts';
import type { Instant } from '../../domain/instant.ts';
import type { ReleaseVersion } from '../../domain/version.ts';
import { chosenBy, decideTutorials, readTutorials } from '../../process/09-announce/index.ts';
import type { App } from '../app.ts';
import { ownersOf } from './owners.ts';

/** The gate `tutorials`; none where the train does not say how the tutorials of a release are told. */
export async function judgeTutorials(
  app: App,
  release: ReleaseVersion,
  { waivers, now }: { readonly waivers: readonly Waiver[]; readonly now: Instant },
): Promise<readonly Gate[]> {
  const { train } = app.loaded;
  const { tutorials: policy, calendar } = train;
  const chosen = policy === undefined ? null : chosenBy(policy, release);
  if (policy === undefined || chosen === null) return [];
  const tutorials = await readTutorials({ train, policy, release, forge: app.forge, now }, chosen);
  const judged = {
    release,
    chosen,
    tutorials,
    due: dueBefore(calendar, release, { before: 'release', days: policy.daysBeforeRelease }),
    releaseDue: dueBefore(calendar, release, { before: 'release', days: 0 }),
    owners: ownersOf(train, policy.owner, now),
    waivers,
    now,
  };
  return [decideTutorials(judged)];
}
