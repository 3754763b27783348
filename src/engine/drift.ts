import type { Digest } from '../domain/canonical-json.ts';
import { inLanes } from '../domain/in-lanes.ts';
import type { Plan } from '../domain/plan/plan.ts';
import type { FileAt, Step } from '../domain/plan/step.ts';
import type { ArtifactFiles, FileRef, ListedFile } from '../ports/artifact-files.ts';
import type { PackageFiles, PublishedFile } from '../ports/package-files.ts';
import type { StepPorts } from './driver.ts';

/** A file that is not as the plan was made on. Null digests: nothing lay, or lies, there. */
export interface MovedFile {
  readonly is: 'source' | 'destination';
  /** Its channel and key: `test/whl/cu126/torch.whl`. */
  readonly where: string;
  readonly planned: Digest | null;
  readonly found: Digest | 'unknown' | null;
}

/** Files looked at side by side. */
const LANES = 16;

/** A file that a step reads, and one that it writes. */
interface Reads {
  readonly at: FileRef;
  readonly digest: Digest;
  readonly size: number;
  /** Under which it was found to have the digest; null where that was not planned. */
  readonly etag: string | null;
  /** It is made by an earlier wave of the same plan: until then nothing may lie there. */
  readonly made: boolean;
}
interface Writes {
  readonly at: FileAt;
  readonly digest: Digest;
  readonly before: Digest | null;
}
type Upload = Extract<Step, { readonly kind: 'upload-file' }>;

/**
 * The files of a plan that are no longer as it was made on: a source with other bytes, a destination with bytes that were not planned to be there. Only
 * looks; bytes are read where no digest was recorded with a file, for an unknown digest is not the planned one.
 */
export async function movedFiles(
  { body }: Plan,
  ports: Pick<StepPorts, 'files' | 'packages'>,
): Promise<readonly MovedFile[]> {
  const madeAt = new Map<string, number>();
  for (const step of body.steps) {
    for (const { at } of writesOf(step)) {
      madeAt.set(nameOf(at), Math.min(step.wave, madeAt.get(nameOf(at)) ?? step.wave));
    }
  }
  const reads = distinct(body.steps.flatMap((step) => readsOf(step, madeAt)));
  const writes = distinct(body.steps.flatMap((step) => writesOf(step)));
  const uploads = body.steps.filter((step) => step.kind === 'upload-file');
  const taken = writes.length === 0 ? writes : await takenOf(writes, needed(ports.files, 'stores'));
  const unproven = reads.length === 0 ? reads : await unprovenOf(reads, needed(ports.files, 'stores'));
  const looks = [
    ...unproven.map((each) => () => movedSource(needed(ports.files, 'stores'), each)),
    ...taken.map((each) => () => movedDestination(needed(ports.files, 'stores'), each)),
    ...byVersion(uploads).map((each) => () => movedUploads(needed(ports.packages, 'package index'), each)),
  ];
  return (await inLanes(looks, LANES, (look) => look())).flat();
}

function needed<Port>(port: Port | null, what: string): Port {
  if (port === null) throw new Error(`the plan has files of a ${what}, and the train's channels name none`);
  return port;
}

/** `madeAt`: the first wave in which the plan itself writes a file. */
function readsOf(step: Step, madeAt: ReadonlyMap<string, number>): readonly Reads[] {
  if (
    step.kind !== 'copy-file' &&
    step.kind !== 'reversion-file' &&
    step.kind !== 'upload-file' &&
    step.kind !== 'attach-file'
  )
    return [];
  const { digest, size } = step.kind === 'reversion-file' ? step.source : step;
  const etag = step.kind === 'copy-file' ? (step.etag ?? null) : null;
  const made = (madeAt.get(nameOf(step.from)) ?? step.wave) < step.wave;
  return [{ at: step.from, digest, size, etag, made }];
}

function writesOf(step: Step): readonly Writes[] {
  return step.kind === 'copy-file' || step.kind === 'reversion-file'
    ? [{ at: step.to, digest: step.digest, before: step.before }]
    : [];
}

/** Destinations at which, by listings of their places, something lies, or may lie: a promotion has hundreds, and nearly all of them are free. */
async function takenOf(writes: readonly Writes[], files: ArtifactFiles): Promise<readonly Writes[]> {
  return listedWith(writes, files, (told) => told !== null);
}

/** Sources that listings do not show in the very state in which they were found to have their digest. */
async function unprovenOf(reads: readonly Reads[], files: ArtifactFiles): Promise<readonly Reads[]> {
  const planned = reads.filter(({ etag }) => etag !== null);
  const moved = await listedWith(planned, files, (told, { etag, size }) => told?.etag !== etag || told.size !== size);
  return [...reads.filter(({ etag }) => etag === null), ...moved];
}

/** Those of which the listings of their places tell what is asked for; undefined is told of what they do not get to tell. */
async function listedWith<Item extends { readonly at: FileRef }>(
  items: readonly Item[],
  files: ArtifactFiles,
  isWanted: (told: ListedFile | null | undefined, item: Item) => boolean,
): Promise<readonly Item[]> {
  const places = [...Map.groupBy(items, ({ at }) => JSON.stringify([at.channel, at.place])).values()];
  const wanted = await inLanes(places, LANES, async (group) => {
    const [first] = group;
    if (first === undefined) return [];
    const { channel, place } = first.at;
    const told = await files.list(
      { channel, place },
      group.map(({ at }) => at.key),
    );
    return group.filter((item) => isWanted(told.get(item.at.key), item));
  });
  return wanted.flat();
}

async function movedSource(files: ArtifactFiles, { at, digest, made }: Reads): Promise<readonly MovedFile[]> {
  const found = await digestAt(files, at);
  if (found === digest || (found === null && made)) return [];
  return [{ is: 'source', where: nameOf(at), planned: digest, found }];
}

async function movedDestination(files: ArtifactFiles, { at, digest, before }: Writes): Promise<readonly MovedFile[]> {
  const found = await digestAt(files, at);
  // What was to be written over and is gone stops nothing: nothing of it is lost by the plan.
  if (found === null || found === digest || found === before) return [];
  return [{ is: 'destination', where: nameOf(at), planned: before, found }];
}

async function digestAt(files: ArtifactFiles, at: FileRef): Promise<Digest | null> {
  const found = await files.look(at);
  return found === null ? null : (found.digest ?? (await files.read(at)));
}

/** Uploads of one version of a project are looked up at once: the index lists them together. */
function byVersion(uploads: readonly Upload[]): readonly (readonly [Upload, ...Upload[]])[] {
  const groups = Map.groupBy(uploads, ({ to, project, version }) => JSON.stringify([to, project, version]));
  return [...groups.values()].flatMap(([first, ...rest]) => (first === undefined ? [] : [[first, ...rest] as const]));
}

async function movedUploads(
  packages: PackageFiles,
  uploads: readonly [Upload, ...Upload[]],
): Promise<readonly MovedFile[]> {
  const [{ to, project, version }] = uploads;
  const listed = new Map<string, PublishedFile>(
    (await packages.look(to, { project, version })).map((file) => [file.name, file]),
  );
  return uploads.flatMap(({ file, digest }): readonly MovedFile[] => {
    const found = listed.get(file);
    if (found === undefined || found.digest === digest) return [];
    return [{ is: 'destination', where: `${to.channel}/${file}`, planned: null, found: found.digest ?? 'unknown' }];
  });
}

function nameOf({ channel, place, key }: FileRef): string {
  return place === 0 ? `${channel}/${key}` : `${channel}[${place}]/${key}`;
}

function distinct<Item extends object>(items: readonly Item[]): readonly Item[] {
  return [...new Map(items.map((item) => [JSON.stringify(item), item])).values()];
}
