import { z } from 'zod';
import { Digest, digestOf } from '../../domain/canonical-json.ts';
import { kindOfCell } from '../../domain/artifact.ts';
import type { Edge, Reconciled } from '../../domain/edge.ts';
import { inLanes } from '../../domain/in-lanes.ts';
import { refuse, refuseOr, succeed, type Result } from '../../domain/result.ts';
import { explainMetadataFile, readMetadataFile, type ChannelFile } from '../../wheel/simple-index/index.ts';
import type { App } from '../app.ts';
import type { MetadataToWrite } from '../channel-index/facts.ts';
import { placeOf } from '../channel-index/listing.ts';
import type { AppProblem } from '../problem.ts';
import type { OpenedStores } from './read-edges.ts';

/** What an index tells of a wheel besides its bytes. */
const WheelTold = z.strictObject({ digest: Digest, requiresPython: z.string().nullable() });
type WheelTold = z.infer<typeof WheelTold>;

const KIND = 'wheel-metadata';
const LANES = 16;

/** Wheels that will lie in a place once they were copied, as its index will list them, and their metadata files. */
export interface Coming {
  readonly files: readonly ChannelFile[];
  readonly metadata: readonly MetadataToWrite[];
}

/** What the copies into one place will bring: read from where they come from, a few ranges of each wheel, once for its digest. */
export async function comingTo(
  app: App,
  stores: OpenedStores,
  copies: Reconciled['copies'],
): Promise<Result<Coming, AppProblem>> {
  const wheels = copies.filter(({ edge }) => kindOfCell(edge.cell) === 'wheel');
  const read = await inLanes(wheels, LANES, async ({ edge }) => ({ edge, told: await toldOf(app, stores, edge) }));
  const problems = read.flatMap(({ told }) => (told.ok ? [] : told.problems));
  return refuseOr(problems, () => {
    const known = read.flatMap(({ edge, told }) => (told.ok ? [{ edge, told: told.value }] : []));
    return {
      files: known.map(({ edge, told }) => channelFile(edge, told)),
      metadata: known.map(({ edge, told }) => {
        const { folder, name } = placeOf(edge.to.key);
        return { folder, wheel: name, digest: told.digest, before: null };
      }),
    };
  });
}

function channelFile({ to, size, digest }: Edge, told: WheelTold): ChannelFile {
  const { folder, name } = placeOf(to.key);
  const { digest: metadata, requiresPython } = told;
  return { folder, file: { name, digest, size, requiresPython, metadata, yanked: null, uploadedAt: null } };
}

async function toldOf(app: App, stores: OpenedStores, edge: Edge): Promise<Result<WheelTold, AppProblem>> {
  const of = digestOf({ wheel: edge.digest });
  const kept = WheelTold.safeParse(await app.readings.get(KIND, of));
  if (kept.success) return succeed(kept.data);
  const place = stores.at(edge.from);
  if (!place.ok) return place;
  const read = await readMetadataFile(place.value.store.source(edge.from.key));
  if (!read.ok) {
    return refuse({
      kind: 'conflict',
      code: 'promotion-wheel-unreadable',
      text: `${edge.from.channel}/${edge.from.key} cannot be read: ${explainMetadataFile(read.problems[0])}`,
    });
  }
  const { digest, requiresPython } = read.value;
  await app.readings.put(KIND, of, { digest, requiresPython });
  return succeed({ digest, requiresPython });
}
