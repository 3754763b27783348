import { expectedArtifacts, explainExpectation } from '../../domain/expected/expected.ts';
import type { Gate, Waiver } from '../../domain/gate.ts';
import type { Instant } from '../../domain/instant.ts';
import { known, unknown, type Observed } from '../../domain/observation.ts';
import { refuse, succeed, type Result } from '../../domain/result.ts';
import { sinksOfChannel, sinksOfKind } from '../../domain/train/sinks.ts';
import { isOpen } from '../../domain/gate.ts';
import { lineOf, type ReleaseVersion } from '../../domain/version.ts';
import type { RecordedManifest } from '../../engine/fold-manifests.ts';
import {
  decideProposal,
  decideStartGates,
  explainProposal,
  installsOf,
  readPage,
  slotsOf,
  tryInstalls,
  type ProposalProblem,
  type StartFacts,
  type StartToJudge,
  type TryPlace,
} from '../../process/09-announce/index.ts';
import type { App } from '../app.ts';
import { publicAddress } from '../channel-index/places.ts';
import { planning, present, type Planned, type PlanInput } from '../planned.ts';
import { refuseWith, type AppProblem, type ProblemKind } from '../problem.ts';
import { judgeReleased } from '../promotion/judge-released.ts';
import { announcedManifest } from './manifest.ts';

/** Plans the pull request that brings a release to the get-started page. */
export async function proposeGetStarted(
  app: App,
  input: PlanInput & { readonly release: ReleaseVersion },
): Promise<Result<Planned, AppProblem>> {
  const { release } = input;
  const begun = await planning(app, input);
  if (!begun.ok) return begun;
  const { train, digest } = app.loaded;
  const settings = train.releaseDay.getStarted;
  if (settings === undefined) {
    const text = `The train has no get-started page. Describe it: signalbox config explain releaseDay.getStarted`;
    return refuse({ kind: 'usage', code: 'no-page', text });
  }
  const recorded = await announcedManifest(app, release);
  const facts = recorded === null ? null : startFacts(app, recorded);
  if (recorded === null || facts === null) {
    const text = `No files of a candidate of ${release} were recorded, so that nothing can be said of how to install it. Record them: signalbox artifact record ${release}-rcN`;
    return refuse({ kind: 'refused', code: 'not-recorded', text });
  }
  if (!facts.ok) return facts;
  const page = await readPage({ train, settings, release, git: app.git, forge: app.forge, now: app.clock.now() });
  const request = {
    trainDigest: digest,
    author: begun.value.author,
    candidate: recorded.candidate,
    manifest: recorded.digest,
  };
  const decided = decideProposal(facts.value, page, request);
  if (!decided.ok) return refuseWith(decided.problems, { explain: explainProposal, kindOf });
  const nothing =
    decided.value.kind === 'nothing-to-do' && decided.value.because === 'there'
      ? `The page has ${release}.`
      : `The pull request for ${release} is open, and brings exactly what it needs.`;
  return present(app, { ...decided.value, held: [] }, { input, gates: [], nothing });
}

function kindOf({ code }: ProposalProblem): ProblemKind {
  switch (code) {
    case 'page-unread':
      return 'no-data';
    case 'slots-short':
    case 'no-address':
      return 'usage';
    case 'not-json':
    case 'not-the-shape':
    case 'pull-request-closed':
      return 'conflict';
    case 'nothing-built':
      return 'refused';
  }
}

/** What the page says of the files of a candidate; null where the train has no page. */
function startFacts(app: App, { manifest }: RecordedManifest): Result<StartFacts, AppProblem> | null {
  const { train } = app.loaded;
  const settings = train.releaseDay.getStarted;
  if (settings === undefined) return null;
  const { release } = manifest;
  const expected = expectedArtifacts(train, release);
  if (!expected.ok)
    return refuse({ kind: 'usage', code: 'not-expected', text: explainExpectation(expected.problems[0]) });
  const keys = new Map(manifest.files.map(({ cell, key }) => [cell, key]));
  return succeed({
    train,
    settings,
    release,
    line: lineOf(release),
    cells: expected.value.cells.filter(({ key }) => keys.has(key)),
    keys,
    addresses: { wheel: stableAddress(app, release, 'wheel'), libtorch: stableAddress(app, release, 'libtorch') },
  });
}

/** Where everybody reads files of a kind once they are stable: the first place that holds them. */
function stableAddress(app: App, release: ReleaseVersion, kind: 'wheel' | 'libtorch'): string | null {
  const { train } = app.loaded;
  for (const channel of train.promotion.stable) {
    const [sink] = sinksOfKind(sinksOfChannel(train, channel, lineOf(release)), kind).filter(
      ({ store }) => store === 'object-store',
    );
    const address = sink === undefined ? null : publicAddress(train, channel, sink.place);
    if (address !== null) return address;
  }
  return null;
}

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
