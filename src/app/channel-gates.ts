import type { Gate, Waiver } from '../domain/gate.ts';
import type { Instant } from '../domain/instant.ts';
import type { Expectation } from '../domain/expected/expectation.ts';
import { expectedArtifacts, explainExpectation } from '../domain/expected/expected.ts';
import { observe, unknown, type Observed } from '../domain/observation.ts';
import type { ReleaseVersion } from '../domain/version.ts';
import {
  decideIndexValid,
  readIndex,
  type FileToList,
  type IndexFacts,
} from '../process/05-candidate/index-valid/index.ts';
import { projectIn, projectName, versionIn } from '../wheel/simple-index/index.ts';
import type { App } from './app.ts';
import { listChannel } from './channel-index/listing.ts';
import { placesInside, publicAddress } from './channel-index/places.ts';
import type { ChannelStore } from './stores.ts';

/** Where candidates lie. */
const CHANNEL = 'test';

export interface ChannelJudging {
  /** Whether it was asked for by name, and is looked at in full. */
  readonly inFull: boolean;
  readonly waivers: readonly Waiver[];
  readonly now: Instant;
}

/** The gate `index-valid` of a release: the index of the candidates' channel, read as everybody reads it. */
export async function judgeIndex(app: App, release: ReleaseVersion, judging: ChannelJudging): Promise<Gate> {
  const places = await readPlaces(app, release, judging);
  return decideIndexValid({ release, channel: CHANNEL, places }, { ...judging, train: app.loaded.train });
}

async function readPlaces(
  app: App,
  release: ReleaseVersion,
  { now, inFull }: ChannelJudging,
): Promise<Observed<readonly IndexFacts[]> | null> {
  const { train } = app.loaded;
  const source = `channel ${CHANNEL}`;
  const expected = expectedArtifacts(train, release);
  if (train.channels[CHANNEL] === undefined || (!expected.ok && expected.problems[0].code === 'no-artifacts'))
    return null;
  if (!expected.ok) return unknown(explainExpectation(expected.problems[0]), now, source);
  const versions = versionsOf(expected.value);
  const stores = await app.stores.of(CHANNEL);
  if (!stores.ok) return unknown(stores.problems[0].text, now, source);
  const places = stores.value.flatMap((store, place) => {
    const address = store.holds === 'wheel' || store.holds === 'any' ? publicAddress(train, CHANNEL, place) : null;
    return address === null ? [] : [{ store, address }];
  });
  if (places.length === 0) {
    return unknown(`no place of channel ${CHANNEL} with wheels has a public address`, now, source);
  }
  return observe(source, now, () =>
    Promise.all(
      places.map(async ({ store, address }) => {
        const files = await filesOfRelease(store, placesInside(train, CHANNEL), versions);
        return readIndex({ channel: app.outside, address, files, now, everyLink: inFull });
      }),
    ),
  );
}

/** `torch 2.8.0+cu126`, of everything that the release builds as wheels. */
function versionsOf({ cells }: Expectation): ReadonlySet<string> {
  const wheels = cells.filter(({ cell }) => cell.kind === 'wheel');
  return new Set(wheels.map(({ cell, version }) => `${projectName(cell.package)} ${version}`));
}

async function filesOfRelease(
  { store }: ChannelStore,
  except: readonly string[],
  versions: ReadonlySet<string>,
): Promise<readonly FileToList[]> {
  const { files } = await listChannel(store, except);
  return [...files.values()]
    .filter(({ name }) => versions.has(`${projectIn(name)} ${versionIn(name)}`))
    .map(({ folder, name, object }) => ({ folder, name, digest: object.sha256 }));
}
