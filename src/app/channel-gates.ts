import type { Gate, Waiver } from '../domain/gate.ts';
import type { Instant } from '../domain/instant.ts';
import type { Expectation, ExpectedCell } from '../domain/expected/expectation.ts';
import { expectedArtifacts, explainExpectation } from '../domain/expected/expected.ts';
import type { ManifestFile } from '../domain/manifest.ts';
import { observe, unknown, type Observed } from '../domain/observation.ts';
import type { ReleaseVersion } from '../domain/version.ts';
import { decideCompanions, readCompanions } from '../process/05-candidate/companions/index.ts';
import { decideIndexValid, readIndex, type FileToList } from '../process/05-candidate/index-valid/index.ts';
import { isDistribution, projectIn, projectName, versionIn } from '../wheel/simple-index/index.ts';
import type { App } from './app.ts';
import { listChannel, placeOf, type ChannelListing } from './channel-index/listing.ts';
import { recordedFiles } from './channel-index/manifest.ts';
import { placesInside, publicAddress } from './channel-index/places.ts';

export const CHANNEL_GATES: readonly string[] = ['index-valid', 'companions-resolve'];

export interface ChannelJudging {
  /** Gates that were asked for by name, and are looked at in full; none where all are judged, and only what is quick is done. */
  readonly wanted: readonly string[];
  readonly waivers: readonly Waiver[];
  readonly now: Instant;
}

/** The gates that read the candidates' channel as everybody reads it. */
export async function judgeChannel(
  app: App,
  release: ReleaseVersion,
  { wanted, ...judging }: ChannelJudging,
): Promise<readonly Gate[]> {
  const places = await readPlaces(app, release, judging.now);
  const about = { release, channel: app.loaded.train.candidates.channel };
  const deciding = { ...judging, train: app.loaded.train };
  const isAsked = (id: string): boolean => wanted.length === 0 || wanted.includes(id);
  const index = async (): Promise<Gate> => {
    const facts = await eachPlace(places, judging.now, (place) =>
      readIndex({ ...place, channel: app.outside, now: judging.now, everyLink: wanted.includes('index-valid') }),
    );
    return decideIndexValid({ ...about, places: facts }, deciding);
  };
  const companions = async (): Promise<Gate> => {
    const facts = await eachPlace(places, judging.now, (place) =>
      readCompanions({
        ...place,
        channel: app.outside,
        resolver: app.resolver,
        now: judging.now,
        ask: wanted.includes('companions-resolve'),
      }),
    );
    return decideCompanions({ ...about, places: facts }, deciding);
  };
  return Promise.all([
    ...(isAsked('index-valid') ? [index()] : []),
    ...(isAsked('companions-resolve') ? [companions()] : []),
  ]);
}

/** A place of the channel that everybody can read, with what lies there. */
interface PublicPlace {
  readonly address: string;
  readonly cells: readonly ExpectedCell[];
  readonly files: readonly FileToList[];
  readonly states: ReadonlyMap<string, string>;
}

type Places = Observed<readonly PublicPlace[]> | null;

async function eachPlace<Facts>(
  places: Places,
  now: Instant,
  read: (place: PublicPlace) => Promise<Facts>,
): Promise<Observed<readonly Facts[]> | null> {
  if (places === null || !places.known) return places;
  return observe(places.source, now, () => Promise.all(places.value.map(read)));
}

/** Null where the train puts no wheels there. */
async function readPlaces(app: App, release: ReleaseVersion, now: Instant): Promise<Places> {
  const { train } = app.loaded;
  const { channel } = train.candidates;
  const source = `channel ${channel}`;
  const expected = expectedArtifacts(train, release);
  const puts = expected.ok || expected.problems[0].code !== 'no-artifacts';
  if (train.channels[channel] === undefined || !puts) return null;
  if (!expected.ok) return unknown(explainExpectation(expected.problems[0]), now, source);
  const { cells } = expected.value;
  const versions = versionsOf(expected.value);
  const opened = await app.stores.of(channel);
  if (!opened.ok) return unknown(opened.problems[0].text, now, source);
  const places = opened.value.flatMap(({ store, holds }, place) => {
    const address = holds === 'wheel' || holds === 'any' ? publicAddress(train, channel, place) : null;
    return address === null ? [] : [{ store, address }];
  });
  if (places.length === 0) {
    return unknown(`no place of channel ${channel} with wheels has a public address`, now, source);
  }
  const except = placesInside(train, channel);
  return observe(source, now, async () => {
    const recorded = await recordedFiles(app, release, channel);
    return Promise.all(
      places.map(async ({ store, address }) => {
        const listing = await listChannel(store, except);
        return { address, cells, files: filesOfRelease(listing, versions, recorded), states: statesIn(listing) };
      }),
    );
  });
}

/** `torch 2.8.0+cu126`, of everything that the release builds as wheels. */
function versionsOf({ cells }: Expectation): ReadonlySet<string> {
  const wheels = cells.filter(({ cell }) => cell.kind === 'wheel');
  return new Set(wheels.map(({ cell, version }) => `${projectName(cell.package)} ${version}`));
}

/** What has to be listed: what lies there under the names of the release, and what was recorded and is perhaps gone. The record's word on digests counts. */
function filesOfRelease(
  { files }: ChannelListing,
  versions: ReadonlySet<string>,
  recorded: ReadonlyMap<string, ManifestFile>,
): readonly FileToList[] {
  const there = [...files.values()]
    .filter(({ name }) => versions.has(`${projectIn(name)} ${versionIn(name)}`))
    .map(({ folder, name, object }) => ({ folder, name, digest: recorded.get(object.key)?.digest ?? object.sha256 }));
  const gone = [...recorded.values()].flatMap(({ key, digest }) => {
    const { folder, name } = placeOf(key);
    return files.has(key) || !isDistribution(name) ? [] : [{ folder, name, digest }];
  });
  return [...there, ...gone];
}

/** What tells one state of each object from another. */
function statesIn({ files, others }: ChannelListing): ReadonlyMap<string, string> {
  const objects = [...[...files.values()].map(({ object }) => object), ...others.values()];
  return new Map(objects.map(({ key, sha256, etag, size }) => [key, sha256 ?? etag ?? String(size)]));
}
