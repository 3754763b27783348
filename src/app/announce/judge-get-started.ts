import { isOpen, type Gate, type Waiver } from '../../domain/gate.ts';
import type { Instant } from '../../domain/instant.ts';
import { known, unknown, type Observed } from '../../domain/observation.ts';
import type { ReleaseVersion } from '../../domain/version.ts';
import type { RecordedManifest } from '../../engine/fold-manifests.ts';
import {
  decideStartGates,
  installsOf,
  readPage,
  slotsOf,
  tryInstalls,
  type StartFacts,
  type StartToJudge,
  type TryPlace,
} from '../../process/09-announce/index.ts';
import type { App } from '../app.ts';
import { publicAddress } from '../channel-index/places.ts';
import { judgeReleased } from '../promotion/judge-released.ts';
import { announcedManifest } from './manifest.ts';
import { startFacts } from './start-facts.ts';

interface Judging {
  readonly waivers: readonly Waiver[];
  readonly now: Instant;
  /** Gates that were asked for by name: then the commands are tried where they were not before. */
  readonly wanted: readonly string[];
}

/** The gates of the get-started page; none where the train has none. */
export async function judgeGetStarted(app: App, release: ReleaseVersion, judging: Judging): Promise<readonly Gate[]> {
  const { train } = app.loaded;
  const settings = train.releaseDay.getStarted;
  if (settings === undefined) return [];
  const { now, waivers, wanted } = judging;
  const recorded = await announcedManifest(app, release);
  const facts = recorded === null ? null : startFacts(app, recorded);
  const common = { train, release, now, waivers };
  if (recorded === null || facts === null || !facts.ok) {
    const obstacle =
      facts?.ok === false ? facts.problems[0].text : `no files of a candidate of ${release} are recorded`;
    const nothing = unknown(obstacle, now, 'ledger');
    return decideStartGates({ ...common, obstacle, facts: null, page: nothing, isReleased: nothing, tried: null });
  }
  const [page, isReleased] = await Promise.all([
    readPage({ train, settings, release, git: app.git, forge: app.forge, now }),
    isPublic(app, release, judging),
  ]);
  const tried = await tryCommands(app, recorded, { facts: facts.value, isReleased, now, ask: wanted.length > 0 });
  return decideStartGates({ ...common, obstacle: null, facts: facts.value, page, isReleased, tried });
}

/** Whether everybody sees the release: every public place of its promotion, read from outside. */
async function isPublic(
  app: App,
  release: ReleaseVersion,
  { waivers, now }: Pick<Judging, 'waivers' | 'now'>,
): Promise<Observed<boolean>> {
  const gates = await judgeReleased(app, release, { waivers, now, wanted: [] });
  const source = 'public places';
  if (gates.length === 0) return unknown('the train promotes to no channel', now, source);
  const closed = gates.find((gate) => !isOpen(gate));
  if (closed === undefined) return known(true, now, source);
  const unread = gates.find(({ verdict }) => verdict === 'no-data');
  return unread === undefined ? known(false, now, source) : unknown(unread.summary, now, source);
}

interface Trying {
  readonly facts: StartFacts;
  readonly isReleased: Observed<boolean>;
  readonly now: Instant;
  readonly ask: boolean;
}

async function tryCommands(
  app: App,
  { manifest, digest }: RecordedManifest,
  { facts, isReleased, now, ask }: Trying,
): Promise<StartToJudge['tried']> {
  const slots = slotsOf(facts.train, facts.settings, facts);
  if (!slots.ok) return null;
  const place = placeOf(app, facts, isReleased.known && isReleased.value);
  const requires = new Map(manifest.files.flatMap(({ cell, requires: all }) => (all === null ? [] : [[cell, all]])));
  const commands = await tryInstalls(installsOf(facts, slots.value), place, {
    channel: app.outside,
    resolver: app.resolver,
    requires,
    manifest: digest,
    now,
    ask,
  });
  return { place: place.name, commands };
}

/** Before a release the channel of its candidates; afterwards what users have. */
function placeOf(app: App, facts: StartFacts, isReleased: boolean): TryPlace {
  const { train } = app.loaded;
  if (isReleased) return { name: 'stable', index: facts.addresses.wheel, published: indexAddress(app) };
  const { channel } = train.candidates;
  return { name: channel, index: publicAddress(train, channel, 0), published: null };
}

/** The list of files of the package index, as installers are given it; null where the train does not say it. */
function indexAddress(app: App): string | null {
  const { channels, promotion } = app.loaded.train;
  const places = promotion.pypi === null ? [] : (channels[promotion.pypi]?.places ?? []);
  const address = places.find(({ store }) => store === 'package-index')?.address;
  if (address === undefined || !URL.canParse(address)) return null;
  const folder = `${address.replace(/\/+$/, '')}/`;
  return folder.endsWith('/simple/') ? folder : `${folder}simple/`;
}
