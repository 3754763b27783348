import { placeText } from '../../domain/edge.ts';
import { inLanes } from '../../domain/in-lanes.ts';
import { observe, unknown, type Observed } from '../../domain/observation.ts';
import type { FileAt } from '../../domain/plan/step.ts';
import type { SeenFile } from '../../domain/presence.ts';
import type { App } from '../app.ts';
import { openStores } from './read-edges.ts';

/** A file that has to lie at a place. */
export interface Placed {
  readonly at: FileAt;
  readonly size: number;
  readonly digest: SeenFile['digest'];
}

const LANES = 32;

/** What lies where files have to be; unknown when a store cannot be opened or read. */
export async function seeFiles(
  app: App,
  files: readonly Placed[],
  source: string,
): Promise<Observed<readonly SeenFile[]>> {
  const now = app.clock.now();
  const opened = await observe(source, now, () =>
    openStores(
      app,
      files.map(({ at }) => at.channel),
    ),
  );
  if (!opened.known) return opened;
  if (!opened.value.ok) return unknown(opened.value.problems[0].text, now, source);
  const stores = opened.value.value;
  const closed = files.flatMap(({ at }) => {
    const place = stores.at(at);
    return place.ok ? [] : [place.problems[0].text];
  });
  const [reason] = closed;
  if (reason !== undefined) return unknown(reason, now, source);
  return observe(source, now, () =>
    inLanes(files, LANES, async ({ at, size, digest }): Promise<SeenFile> => {
      const place = stores.at(at);
      const found = place.ok ? await place.value.store.look(at.key) : null;
      return {
        where: placeText(at),
        size,
        digest,
        found: found === null ? null : { size: found.size, digest: found.sha256 },
      };
    }),
  );
}
