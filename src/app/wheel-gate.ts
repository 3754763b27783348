import { expectedArtifacts, explainExpectation } from '../domain/expected/expected.ts';
import type { Expectation } from '../domain/expected/expectation.ts';
import type { Gate, Waiver } from '../domain/gate.ts';
import { inLanes } from '../domain/in-lanes.ts';
import type { Instant } from '../domain/instant.ts';
import { observe, unknown, type Observed } from '../domain/observation.ts';
import type { RepoKey } from '../domain/repo.ts';
import type { Train } from '../domain/train/train.ts';
import type { ReleaseVersion } from '../domain/version.ts';
import type { ReadableStore } from '../ports/artifact-store.ts';
import { decideArtifactsValid, type JudgedWheel } from '../process/05-candidate/artifacts-valid/index.ts';
import { checkTogether, type TogetherFacts } from '../wheel/check/check-together.ts';
import { checkWheel } from '../wheel/check/check-wheel.ts';
import { parseWheelFileName } from '../wheel/file-name.ts';
import { normalizeName } from '../wheel/package-name.ts';
import { readWheel } from '../wheel/read-wheel.ts';
import { explain as explainZip } from '../wheel/zip/index.ts';
import type { App } from './app.ts';
import { listChannel, type ListedFile } from './channel-index/listing.ts';
import { placesInside } from './channel-index/places.ts';
import { kindOf } from './wheel-check.ts';
import { wheelPolicy, type WheelKind, type WheelPlace } from './wheel-policy.ts';

export interface WheelGateJudging {
  /** Whether the gate was asked for by name, so that reading every byte is worth its time. */
  readonly inFull: boolean;
  readonly waivers: readonly Waiver[];
  readonly now: Instant;
}

/** At a time; each is a stream, or a few small requests. */
const LANES = 4;
/** Wheels that are together no larger are read whole whenever gates are judged, in bytes; larger ones when the gate is asked for by name. */
const QUICKLY_READ = 256 * 1024 * 1024;

/** The gate `artifacts-valid`: the wheels of a release where its candidates lie. */
export async function judgeWheels(
  app: App,
  release: ReleaseVersion,
  { inFull, waivers, now }: WheelGateJudging,
): Promise<Gate> {
  const { train } = app.loaded;
  const { channel } = train.candidates;
  const wheels = await readWheels(app, release, { now, inFull });
  return decideArtifactsValid({ release, channel, wheels }, { train, waivers, now });
}

/** Null where the train puts no wheels there. */
async function readWheels(
  app: App,
  release: ReleaseVersion,
  { now, inFull }: { readonly now: Instant; readonly inFull: boolean },
): Promise<Observed<readonly JudgedWheel[]> | null> {
  const { train } = app.loaded;
  const { channel } = train.candidates;
  const source = `channel ${channel}`;
  const expected = expectedArtifacts(train, release);
  if (train.channels[channel] === undefined || (!expected.ok && expected.problems[0].code === 'no-artifacts'))
    return null;
  if (!expected.ok) return unknown(explainExpectation(expected.problems[0]), now, source);
  const repos = reposOfWheels(expected.value);
  const stores = await app.stores.of(channel);
  if (!stores.ok) return unknown(stores.problems[0].text, now, source);
  const [place] = stores.value.filter(({ holds }) => holds === 'wheel' || holds === 'any');
  if (place === undefined) return null;
  return observe(source, now, async () => {
    const { files } = await listChannel(place.store, placesInside(train, channel));
    const listed = [...files.values()].flatMap((file) => {
      const repo = repos.get(releasedIn(file.name));
      return repo === undefined ? [] : [{ file, repo }];
    });
    const bytes = listed.reduce((sum, { file }) => sum + (file.object.size ?? QUICKLY_READ), 0);
    const quick = !inFull && bytes > QUICKLY_READ;
    const read = await inLanes(listed, LANES, async ({ file, repo }) =>
      readOne(app, place.store, { file, repo, quick }),
    );
    return judged(app, read);
  });
}

/** Which repository builds `torch 2.8.0+cu126`. */
function reposOfWheels({ cells }: Expectation): ReadonlyMap<string, RepoKey> {
  return new Map(
    cells
      .filter(({ cell }) => cell.kind === 'wheel')
      .map(({ cell, version }) => [`${normalizeName(cell.package)} ${version}`, cell.repo]),
  );
}

/** `torch 2.8.0+cu126` of the name of a wheel; '' for what is none. */
function releasedIn(fileName: string): string {
  const parsed = parseWheelFileName(fileName);
  return parsed.ok ? `${parsed.value.name} ${parsed.value.version}` : '';
}

interface ReadOne {
  readonly wheel: JudgedWheel;
  readonly together: (TogetherFacts & { readonly kind: WheelKind | null }) | null;
}

interface ToRead {
  readonly file: ListedFile;
  readonly repo: RepoKey;
  readonly quick: boolean;
}

/** Reads and checks one wheel, and keeps of it only what the others are held to. */
async function readOne(
  { loaded: { train } }: App,
  store: ReadableStore,
  { file, repo, quick }: ToRead,
): Promise<ReadOne> {
  const { name: fileName, object } = file;
  const read = await readWheel(store.source(object.key), { fileName, quick });
  if (!read.ok) {
    const refused = explainZip(read.problems[0]);
    return { wheel: { fileName, repo, refused, findings: [], whole: true }, together: null };
  }
  const kind = kindOf(read.value);
  const findings = checkWheel(read.value, wheelPolicy(train, placeIn(train), kind));
  return {
    wheel: { fileName, repo, refused: null, findings, whole: !quick },
    together: { fileName, metadata: read.value.metadata, kind },
  };
}

const placeIn = ({ candidates: { channel } }: Train): WheelPlace => ({ channel, accelerator: null });

function judged({ loaded: { train } }: App, read: readonly ReadOne[]): readonly JudgedWheel[] {
  const all = read.flatMap(({ together }) => together ?? []);
  const between = checkTogether(all, wheelPolicy(train, placeIn(train), all[0]?.kind ?? null));
  return read.map(({ wheel }) => ({
    ...wheel,
    findings: [...wheel.findings, ...between.filter((finding) => finding.wheel === wheel.fileName)],
  }));
}
