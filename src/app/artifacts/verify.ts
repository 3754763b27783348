import { inLanes } from '../../domain/in-lanes.ts';
import type { ManifestFile } from '../../domain/manifest.ts';
import { observe, type Observed } from '../../domain/observation.ts';
import { refuse, succeed, type Result } from '../../domain/result.ts';
import { releaseOf, type CandidateVersion } from '../../domain/version.ts';
import { foldManifests, manifestFor, type RecordedManifest } from '../../engine/fold-manifests.ts';
import { completeGateId } from '../../process/05-candidate/artifacts/index.ts';
import type { ReadableStore } from '../../ports/artifact-store.ts';
import type { App } from '../app.ts';
import type { AppProblem } from '../problem.ts';
import { entriesOf, record } from '../record.ts';
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
      channels[name]?.versions === 'release' && channels[name].places.some(({ store }) => store === 'object-store'),
  );
  let done = 0;
  const step = (): void => {
    done += 1;
    progress?.(done);
  };
  const places: Observed<VerifiedPlace>[] = [];
  for (const channel of names)
    places.push(...(await verifyChannel(app, channel, { files: recorded.manifest.files, read, step })));
  return succeed({ recorded, read, places, holds: places.every((place) => isEqual(place, recorded.manifest.channel)) });
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
  const opened = await observe(`channel ${channel}`, now, () => app.stores.of(channel));
  if (!opened.known) return [opened];
  if (!opened.value.ok)
    return [{ known: false, reason: opened.value.problems[0].text, at: now, source: `channel ${channel}` }];
  return Promise.all(
    opened.value.value.map(({ holds, store }) => {
      const files = comparing.files.filter(({ cell }) => holds === 'any' || cell.split('/')[1] === holds);
      return observe(store.name, now, () => verifyPlace(channel, store, { ...comparing, files }));
    }),
  );
}

const LANES = 4;

async function verifyPlace(
  channel: string,
  store: ReadableStore,
  { files, read, step }: Comparing,
): Promise<VerifiedPlace> {
  const compared = await inLanes(files, LANES, async (file) => {
    const fault = await compare(store, file, read);
    step();
    return { file, fault };
  });
  return {
    channel,
    place: store.name,
    equal: compared.flatMap(({ file, fault }) => (fault === null ? [file] : [])),
    absent: compared.flatMap(({ file, fault }) => (fault === 'absent' ? [file] : [])),
    differs: compared.flatMap(({ file, fault }) =>
      fault === null || fault === 'absent' ? [] : [{ file, why: fault }],
    ),
  };
}

/** Why the object is not the file; null when it is. */
async function compare(store: ReadableStore, file: ManifestFile, read: boolean): Promise<string | null> {
  const object = await store.look(file.key);
  if (object === null) return 'absent';
  if (object.size !== file.size) return `${object.size} bytes, not ${file.size}`;
  if (!read && object.sha256 === null) return 'it was stored without its sha256';
  const digest = read ? await digestOfSource(store.source(file.key, object.etag), object.size) : object.sha256;
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
