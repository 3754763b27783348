import type { ByteSource } from '../../domain/byte-source.ts';
import type { Digest } from '../../domain/canonical-json.ts';
import { inLanes } from '../../domain/in-lanes.ts';
import { fileNameOf, type ManifestFile } from '../../domain/manifest.ts';
import { observe, unknown, type Observed } from '../../domain/observation.ts';
import { refuse, succeed, type Result } from '../../domain/result.ts';
import { releaseOf, type CandidateVersion } from '../../domain/version.ts';
import { foldManifests, manifestFor, type RecordedManifest } from '../../engine/fold-manifests.ts';
import { completeGateId } from '../../process/05-candidate/artifacts/index.ts';
import type { ReadableStore } from '../../ports/artifact-store.ts';
import type { CondaChannel } from '../../ports/conda-channel.ts';
import type { App } from '../app.ts';
import type { AppProblem } from '../problem.ts';
import { entriesOf, record } from '../record.ts';
import { openPlaces } from './places.ts';
import { digestOfSource } from './read-files.ts';

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
  /** Whether the bytes were read, or what the stores say of them was believed. */
  readonly read: boolean;
  readonly places: readonly Observed<VerifiedPlace>[];
  /** Whether the candidate's own channel has every file, and no place another one in its stead. */
  readonly holds: boolean;
}

export interface VerifyInput {
  readonly candidate: CandidateVersion;
  readonly read: boolean;
  readonly progress?: (done: number) => void;
}

/** Compares every place that may hold a candidate's files with its record. A place that could not be read is not equal. */
export async function verifyCandidate(
  app: App,
  { candidate, read, progress }: VerifyInput,
): Promise<Result<VerifiedCandidate, AppProblem>> {
  const recorded = manifestFor(foldManifests(await entriesOf(app, releaseOf(candidate))), candidate);
  if (recorded === null)
    return refuse({
      kind: 'usage',
      code: 'not-recorded',
      text: `${candidate} was not recorded, so there is nothing to compare with. Record it: signalbox artifact record ${candidate}`,
    });
  const { channels } = app.loaded.train;
  const names = Object.keys(channels).filter(
    (name) =>
      channels[name]?.versions === 'release' && channels[name].places.some(({ store }) => store !== 'package-index'),
  );
  let done = 0;
  const step = (): void => {
    done += 1;
    progress?.(done);
  };
  const places: Observed<VerifiedPlace>[] = [];
  for (const channel of names)
    places.push(...(await verifyChannel(app, channel, { files: recorded.manifest.files, read, step })));
  const { channel: own, files } = recorded.manifest;
  const seen = new Set(
    places.flatMap((place) =>
      place.known && place.value.channel === own ? place.value.equal.map(({ cell }) => cell) : [],
    ),
  );
  const holds = places.every((place) => isEqual(place, own)) && files.every(({ cell }) => seen.has(cell));
  return succeed({ recorded, read, places, holds });
}

function isEqual(place: Observed<VerifiedPlace>, own: string): boolean {
  if (!place.known) return false;
  const { channel, absent, differs } = place.value;
  return differs.length === 0 && (channel !== own || absent.length === 0);
}

interface Comparing {
  readonly files: readonly ManifestFile[];
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
  return Promise.all(
    places.map(async ({ holds, name, opened }): Promise<Observed<VerifiedPlace>> => {
      if (opened.as === 'closed') return unknown(opened.reason, now, name);
      const files = comparing.files.filter(({ cell }) => holds === 'any' || cell.split('/')[1] === holds);
      const look = opened.as === 'store' ? lookInStore(opened.store) : lookInConda(opened.conda);
      return observe(name, now, () => verifyPlace({ channel, name }, look, { ...comparing, files }));
    }),
  );
}

/** What lies where a file should, and its bytes. */
interface Thing {
  readonly size: number;
  readonly digest: Digest | null;
  readonly source: () => ByteSource;
}

type Look = (file: ManifestFile) => Promise<Thing | null>;

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
    return { size: found.size ?? file.size, digest: found.sha256, source: () => conda.source(found) };
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
async function compare(look: Look, file: ManifestFile, read: boolean): Promise<string | null> {
  const thing = await look(file);
  if (thing === null) return 'absent';
  if (thing.size !== file.size) return `${thing.size} bytes, not ${file.size}`;
  if (!read && thing.digest === null) return 'it was stored without its sha256';
  const digest = read ? await digestOfSource(thing.source(), thing.size) : thing.digest;
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
