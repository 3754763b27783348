import { elapsedMillis, type Instant } from '../../domain/instant.ts';
import type { ReleaseVersion } from '../../domain/version.ts';
import type { App } from '../app.ts';
import { countsOf, type Counts } from './fold.ts';
import { sightingsOf } from './record.ts';

export type CountsAt = Counts & { readonly at: Instant };

/** As many points as a picture shows; of those close together the last one counts. */
const MOST_POINTS = 60;

/** How many blockers and picks a release was seen to have, oldest first; empty while nobody looked. */
export async function burnDown(app: App, release: ReleaseVersion): Promise<readonly CountsAt[]> {
  return thinned(countsOf(await sightingsOf(app, release)), MOST_POINTS);
}

/** The first, the last, and of each of so many equal spans between them the last: what a step at that width can show. */
export function thinned(counts: readonly CountsAt[], most: number): readonly CountsAt[] {
  const [first, last] = [counts[0], counts.at(-1)];
  if (first === undefined || last === undefined || counts.length <= most) return counts;
  const span = Math.max(1, elapsedMillis(first.at, last.at)) / (most - 2);
  const byPart = new Map<number, CountsAt>();
  for (const each of counts.slice(1)) byPart.set(Math.ceil(elapsedMillis(first.at, each.at) / span), each);
  return [first, ...[...byPart].toSorted(([one], [other]) => one - other).map(([, each]) => each)];
}
