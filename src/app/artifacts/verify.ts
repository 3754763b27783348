import type { ByteSource } from '../../domain/byte-source.ts';
import { kindOfCell } from '../../domain/artifact.ts';
import type { Digest } from '../../domain/canonical-json.ts';
import { inLanes } from '../../domain/in-lanes.ts';
import { fileNameOf, type ManifestFile } from '../../domain/manifest.ts';
import { observe, unknown, type Observed } from '../../domain/observation.ts';
import { succeed, type Result } from '../../domain/result.ts';
import type { Train } from '../../domain/train/train.ts';
import { releaseOf, type CandidateVersion, type ReleaseVersion } from '../../domain/version.ts';
import type { RecordedManifest } from '../../engine/fold-manifests.ts';
import { completeGateId } from '../../process/05-candidate/artifacts/index.ts';
import type { ReadableStore } from '../../ports/artifact-store.ts';
import type { CondaChannel } from '../../ports/conda-channel.ts';
import type { PackageIndex } from '../../ports/package-index.ts';
import type { App } from '../app.ts';
import type { AppProblem } from '../problem.ts';
import { finalManifest } from '../promotion/final.ts';
import { manifestOf } from '../promotion/manifest.ts';
import { record } from '../record.ts';
import { openPlaces } from './places.ts';
import { digestOfSource } from './read-files.ts';
import { wantedFiles, type WantedFile } from './wanted.ts';

/** What one place has of a recorded candidate. */
export interface VerifiedPlace {
  readonly channel: string;
  readonly place: string;
  readonly equal: readonly ManifestFile[];
  readonly absent: readonly ManifestFile[];
  readonly differs: readonly { readonly file: ManifestFile; readonly why: string }[];
}

export interface VerifiedCandidate {
  readonly recorded: RecordedManifest;
  /** Channels that have to hold all that belongs there; in others a file may be absent, but not another one in its stead. */
  readonly required: readonly string[];
  /** Whether the bytes were read, or what the stores say of them was believed. */
  readonly read: boolean;
  readonly places: readonly Observed<VerifiedPlace>[];
  /** Whether the required channels have every file, and no place another one in its stead. */
  readonly holds: boolean;
}

export interface VerifyInput {
  /** A release stands for its final candidate, and has to be in the channels that everybody uses. */
  readonly of: { readonly candidate: CandidateVersion } | { readonly release: ReleaseVersion };
  readonly read: boolean;
  readonly progress?: (done: number) => void;
}

/** Compares every place that may hold a candidate's files with its record. A place that could not be read is not equal. */
export async function verifyCandidate(
  app: App,
  { of, read, progress }: VerifyInput,
): Promise<Result<VerifiedCandidate, AppProblem>> {
  const found = 'candidate' in of ? await manifestOf(app, of.candidate) : await finalManifest(app, of.release);
  if (!found.ok) return found;
  const recorded = found.value;
  const { train } = app.loaded;
  const published = [...train.promotion.stable, ...(train.promotion.pypi === null ? [] : [train.promotion.pypi])];
  const required = 'candidate' in of ? [recorded.manifest.channel] : published;
  const wanted = await wantedFiles(app, recorded);
  let done = 0;
  const step = (): void => {
    done += 1;
    progress?.(done);
  };
  const places: Observed<VerifiedPlace>[] = [];
  for (const channel of channelsOf(train)) {
    places.push(...(await verifyChannel(app, channel, { files: wanted(channel), read, step })));
  }
  const seen = new Set(
    places.flatMap((place) =>
      place.known && required.includes(place.value.channel) ? place.value.equal.map(({ cell }) => cell) : [],
    ),
  );
  const isWhole = recorded.manifest.files.every(({ cell }) => seen.has(cell));
  const holds = isWhole && places.every((place) => place.known && isAsWanted(place.value, required));
  return succeed({ recorded, required, read, places, holds });
}

/** Channels that hold files of releases; a package index only where the train's own releases go to. */
function channelsOf({ channels, promotion }: Train): readonly string[] {
  return Object.entries(channels).flatMap(([name, { versions, places }]) =>
    versions === 'release' && places.some(({ store }) => store !== 'package-index' || name === promotion.pypi)
      ? [name]
      : [],
  );
}

/** Whether a place has nothing wrong of a candidate, and, where it has to, all of it. */
export function isAsWanted({ channel, absent, differs }: VerifiedPlace, required: readonly string[]): boolean {
  return differs.length === 0 && (absent.length === 0 || !required.includes(channel));
}

interface Comparing {
  readonly files: readonly WantedFile[];
  readonly read: boolean;
  readonly step: () => void;
}

async function verifyChannel(
  app: App,
  channel: string,
  comparing: Comparing,
): Promise<readonly Observed<VerifiedPlace>[]> {
  const now = app.clock.now();
  const places = await openPlaces(app, channel);
  const [index, inPlaces] = await Promise.all([
    verifyIndex(app, channel, comparing),
    Promise.all(
      places.map(async ({ holds, name, opened }): Promise<Observed<VerifiedPlace>> => {
        if (opened.as === 'closed') return unknown(opened.reason, now, name);
        const files = comparing.files.filter(({ cell }) => holds === 'any' || kindOfCell(cell) === holds);
        const look = opened.as === 'store' ? lookInStore(opened.store) : lookInConda(opened.conda);
        return observe(name, now, () => verifyPlace({ channel, name }, look, { ...comparing, files }));
      }),
    ),
  ]);
  return [...inPlaces, ...index];
}

/** The package index of a channel, as installers see it. */
async function verifyIndex(
  app: App,
  channel: string,
  comparing: Comparing,
): Promise<readonly Observed<VerifiedPlace>[]> {
  const { channels } = app.loaded.train;
  if (!(channels[channel]?.places ?? []).some(({ store }) => store === 'package-index')) return [];
  const now = app.clock.now();
  const source = `channel ${channel}`;
  const opened = await observe(source, now, () => app.stores.indexesOf(channel));
  if (!opened.known) return [opened];
  if (!opened.value.ok) return [unknown(opened.value.problems[0].text, now, source)];
  return Promise.all(
    opened.value.value.map((index) =>
      observe(index.name, now, () => verifyPlace({ channel, name: index.name }, lookInIndex(index), comparing)),
    ),
  );
}

/** What lies where a file should, and its bytes. */
interface Thing {
  /** Null where it is not told. */
  readonly size: number | null;
  readonly digest: Digest | null;
  readonly source: () => ByteSource;
}

type Look = (file: WantedFile) => Promise<Thing | null>;

function lookInStore(store: ReadableStore): Look {
  return async ({ key }) => {
    const object = await store.look(key);
    return object === null
      ? null
      : { size: object.size, digest: object.sha256, source: () => store.source(key, object.etag) };
  };
}

/** A conda channel tells of its files by folder; each folder is asked for once. */
function lookInConda(conda: CondaChannel): Look {
  const folders = new Map<string, ReturnType<CondaChannel['subdir']>>();
  return async (file) => {
    const folder = file.key.slice(0, Math.max(0, file.key.lastIndexOf('/')));
    const listed = folders.get(folder) ?? conda.subdir(folder);
    folders.set(folder, listed);
    const found = (await listed)?.files.find(({ fileName }) => fileName === fileNameOf(file));
    if (found === undefined) return null;
    return { size: found.size, digest: found.sha256, source: () => conda.source(found) };
  };
}

/** A package index tells of its files by project; each project is asked for once. */
function lookInIndex(index: PackageIndex): Look {
  const projects = new Map<string, ReturnType<PackageIndex['project']>>();
  return async (file) => {
    const project = file.project ?? '';
    const listed = projects.get(project) ?? index.project(project);
    projects.set(project, listed);
    const found = (await listed)?.files.find(({ name }) => name === fileNameOf(file));
    if (found === undefined) return null;
    return { size: found.size, digest: found.digest, source: () => index.source(found) };
  };
}

const LANES = 4;

async function verifyPlace(
  { channel, name }: { readonly channel: string; readonly name: string },
  look: Look,
  { files, read, step }: Comparing,
): Promise<VerifiedPlace> {
  const compared = await inLanes(files, LANES, async (file) => {
    const fault = await compare(look, file, read);
    step();
    return { file, fault };
  });
  return {
    channel,
    place: name,
    equal: compared.flatMap(({ file, fault }) => (fault === null ? [file] : [])),
    absent: compared.flatMap(({ file, fault }) => (fault === 'absent' ? [file] : [])),
    differs: compared.flatMap(({ file, fault }) =>
      fault === null || fault === 'absent' ? [] : [{ file, why: fault }],
    ),
  };
}

/** Why what lies there is not the file; null when it is. */
async function compare(look: Look, file: WantedFile, read: boolean): Promise<string | null> {
  const thing = await look(file);
  if (thing === null) return 'absent';
  const told = thing.size;
  // What is longer than it should be would have the right digest up to there.
  const size = told === null && read ? (await thing.source().tail(1)).size : told;
  if (size !== null && size !== file.size) return `${size} bytes, not ${file.size}`;
  if (!read && thing.digest === null) return 'it was stored without its sha256';
  const digest = read ? await digestOfSource(thing.source(), file.size) : thing.digest;
  return digest === file.digest ? null : `${digest}, not ${file.digest}`;
}

/** Writes down that every byte of the candidate's channel was compared; void for a file that another takes the place of. */
export async function recordVerified(app: App, { recorded, places, read }: VerifiedCandidate): Promise<void> {
  if (!read) return;
  const { candidate, manifest, digest } = recorded;
  const equal = places.flatMap((place) =>
    place.known && place.value.channel === manifest.channel ? place.value.equal : [],
  );
  const byRepo = Map.groupBy(equal, ({ repo }) => repo);
  for (const [repo, files] of byRepo) {
    await record(app, {
      type: 'evidence-recorded',
      release: releaseOf(candidate),
      candidate,
      gate: completeGateId(repo),
      manifest: digest,
      cells: [...new Set(files.map(({ cell }) => cell))],
      text: `every byte in ${manifest.channel} equals the record`,
    });
  }
}
