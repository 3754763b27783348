import type { Digest } from '../../domain/canonical-json.ts';
import { placeText, type Lying } from '../../domain/edge.ts';
import { inLanes } from '../../domain/in-lanes.ts';
import { fileNameOf } from '../../domain/manifest.ts';
import { refuse, refuseOr, succeed, type Result } from '../../domain/result.ts';
import type { ReleaseVersion } from '../../domain/version.ts';
import { stagePlan, type FileToStage } from '../../process/07-finalize/index.ts';
import type { App } from '../app.ts';
import { planning, present, type Planned, type PlanInput } from '../planned.ts';
import type { AppProblem } from '../problem.ts';
import { orderOf, type ReversionOrder } from '../wheel-reversion.ts';
import { indexBound, type IndexBound } from './for-index.ts';
import { openStores, unwritable, type OpenedStores } from './read-edges.ts';
import { readReversion } from './reversion-reading.ts';
import { filesText } from './words.ts';

export interface StageInput extends PlanInput {
  readonly release: ReleaseVersion;
  /** Told of each wheel that was read. */
  readonly progress?: (done: number, of: number) => void;
}

/** Wheels are large: more at once only wait for each other. */
const LANES = 2;

/**
 * Plans the staging of the final candidate's wheels for the package index: each is read once, so that the plan says what it becomes, byte for byte. Seed:
 * `promote_pypi_to_staging.sh`.
 */
export async function promoteStage(app: App, input: StageInput): Promise<Result<Planned, AppProblem>> {
  const begun = await planning(app, input);
  if (!begun.ok) return begun;
  const bound = await indexBound(app, input.release);
  if (!bound.ok) return bound;
  const order = stagingOrder(app);
  const read = await filesToStage(app, bound.value, { order, progress: input.progress });
  if (!read.ok) return read;
  const { todo, there } = read.value;
  const { recorded } = bound.value;
  const notes = there === 0 ? [] : [`${filesText(there)} staged already, with the same bytes`];
  const { train, digest } = app.loaded;
  const nothing = `Every wheel of ${recorded.candidate} for ${bound.value.channel} is staged.`;
  if (todo.length === 0) {
    return present(app, { kind: 'nothing-to-do', held: [], notes }, { input, gates: [], nothing });
  }
  const plan = stagePlan(todo, {
    manifest: recorded.manifest,
    digest: recorded.digest,
    train,
    trainDigest: digest,
    author: begun.value.author,
    order: { ...order, siblings: [...order.siblings], dropClassifiers: [...order.dropClassifiers] },
  });
  return present(app, { kind: 'plan', plan, held: [], notes }, { input, gates: [], nothing });
}

/** As the index wants them: no local version, no classifier that it does not know; a signature over RECORD would not be right any more. */
function stagingOrder(app: App): ReversionOrder {
  return orderOf(app.loaded.train, { local: null, siblings: [], dropClassifiers: [], dropSignatures: true });
}

interface Reading {
  readonly order: ReversionOrder;
  readonly progress: StageInput['progress'];
}

async function filesToStage(
  app: App,
  { recorded, files }: IndexBound,
  { order, progress }: Reading,
): Promise<Result<{ readonly todo: readonly FileToStage[]; readonly there: number }, AppProblem>> {
  const stores = await openStores(
    app,
    files.flatMap(({ from, staged }) => [from.channel, staged.channel]),
  );
  if (!stores.ok) return stores;
  const closed = unwritable(
    stores.value,
    files.map(({ staged }) => staged),
  );
  const free = refuseOr(closed, () => null);
  if (!free.ok) return free;
  let done = 0;
  const all = await inLanes(files, LANES, async (each) => {
    const planned = await planFile(app, stores.value, { ...each, candidate: recorded.candidate, order });
    done += 1;
    progress?.(done, files.length);
    return planned;
  });
  const problems = all.flatMap((one) => (one.ok ? [] : one.problems));
  return refuseOr(problems, () => {
    const planned = all.flatMap((one) => (one.ok ? [one.value] : []));
    const todo = planned.flatMap((one) => (one === null ? [] : [one]));
    return { todo, there: planned.length - todo.length };
  });
}

type OneFile = IndexBound['files'][number] & { readonly candidate: string; readonly order: ReversionOrder };

/** What has to be done with one wheel; null when it is staged as it should be. */
async function planFile(
  app: App,
  stores: OpenedStores,
  { file, from, staged, candidate, order }: OneFile,
): Promise<Result<FileToStage | null, AppProblem>> {
  const [home, place] = [stores.at(from), stores.at(staged)];
  if (!home.ok) return home;
  if (!place.ok) return place;
  const [source, target] = await Promise.all([home.value.store.look(from.key), place.value.store.look(staged.key)]);
  if (source === null || source.size !== file.source.size) return refuse(lost(placeText(from), candidate));
  const read = await readReversion(
    app.readings,
    {
      fileName: fileNameOf(file.source),
      size: file.source.size,
      digest: file.source.digest,
      source: home.value.store.source(from.key, source.etag),
    },
    order,
  );
  if (!read.ok) return read;
  const { fileName, size, digest, changed } = read.value;
  if (fileName !== file.name) {
    return refuse({
      kind: 'conflict',
      code: 'stage-other-name',
      text: `${fileNameOf(file.source)} becomes ${fileName}, and ${file.name} was expected. Its name and its METADATA disagree: signalbox wheel check`,
    });
  }
  const found = target === null ? null : { size: target.size, digest: target.sha256 };
  if (found?.digest === digest) return succeed(null);
  const before = mayReplace(app, staged.channel, found);
  if (!before.ok) return refuse(occupied(placeText(staged), found));
  return succeed({ file, from, to: staged, result: { size, digest }, changed, before: before.value });
}

/** Staging is written over only where the channel says so: an earlier final candidate's wheels have the same names. */
function mayReplace(app: App, channel: string, found: Lying | null): Result<Digest | null, null> {
  if (found === null) return succeed(null);
  const isReplaced = app.loaded.train.channels[channel]?.write === 'replace';
  return isReplaced && found.digest !== null ? succeed(found.digest) : refuse(null);
}

function lost(where: string, candidate: string): AppProblem {
  return {
    kind: 'conflict',
    code: 'edge-lost',
    text: `${where} is not there any more as it was recorded. Bring it back from the backup: signalbox artifact restore ${candidate}`,
  };
}

function occupied(where: string, found: Lying | null): AppProblem {
  return {
    kind: 'conflict',
    code: 'edge-refused',
    text: `${where} lies there with other bytes (${found?.digest ?? 'no recorded digest'}), and its channel is not one to write over. Take the earlier staging back (signalbox undo), or let the channel be replaced: signalbox config explain channels`,
  };
}
