import type { Digest } from '../../domain/canonical-json.ts';
import type { StoreKey } from '../../domain/store-key.ts';
import type { FileAnswer, FileChangeDraft, FileCopyDraft, FileFacts } from '../../ports/artifact-files.ts';
import type { ArtifactStore, ReadableStore, StoredObject, WriteCondition } from '../../ports/artifact-store.ts';
import type { Slots } from '../http/slots.ts';
import { fileFailure } from './failures.ts';
import { digestOfBytes, foundIn, judge, judgeAt, otherThan, servedAs } from './place.ts';

/** The two ends of a change. */
export interface Ends {
  readonly from: { readonly store: ReadableStore; readonly key: StoreKey };
  readonly to: { readonly store: ArtifactStore; readonly key: StoreKey };
  /** For what goes through here: each of them holds memory. */
  readonly streams: Slots;
  /** Takes away what killed runs left in a store. */
  readonly sweep: (store: ArtifactStore) => Promise<void>;
}

/** What may be done at the destination: write under a condition, or nothing, for the reason or the file that is there. */
export type Destination =
  | { readonly free: true; readonly onlyIf: WriteCondition }
  | { readonly free: false; readonly answer: FileAnswer };

const no = (reason: string): FileAnswer => ({ done: false, reason });

/** Looks at the destination: the wanted file there is taken over, anything else than what may be written over is left alone. */
export async function destination({ to }: Ends, wanted: FileChangeDraft): Promise<Destination> {
  const there = await judgeAt(to.store, to.key, wanted);
  if (there === null) return { free: true, onlyIf: 'absent' };
  if (there.isIt) return { free: false, answer: await recorded(to.store, there.object, wanted.digest) };
  if (wanted.before !== null && there.digest === wanted.before) {
    return { free: true, onlyIf: { etag: there.object.etag } };
  }
  return {
    free: false,
    answer: no(
      `another file lies at ${to.key} in ${to.store.name}: ${otherThan(there, wanted)}. Find out who put it there, then plan again`,
    ),
  };
}

/** The file with its digest recorded: by copying it onto itself where it lies without one. Its bytes are known to be right. */
export async function recorded(store: ArtifactStore, object: StoredObject, digest: Digest): Promise<FileAnswer> {
  if (object.sha256 !== null) return { done: true, found: foundIn(object) };
  const { key, size, etag } = object;
  const draft = { size, sha256: digest, served: servedAs(object), onlyIf: { etag } };
  return { done: true, found: foundIn(await store.copy(store.source(key, etag), key, draft)) };
}

/** Looks at the source: one that is gone, or another file, is never copied. */
export async function origin({ from }: Ends, is: FileFacts): Promise<StoredObject | { readonly reason: string }> {
  const there = await judgeAt(from.store, from.key, is);
  const where = `${from.key} in ${from.store.name}`;
  if (there === null)
    return { reason: `lost: ${where} is not there any more. Put it back with the digest ${is.digest}, or plan again` };
  if (!there.isIt) return { reason: `${where} is another file than planned: ${otherThan(there, is)}. Plan again` };
  return there.object;
}

/** Copies a file. Nothing is written unless the source has been found to be the wanted file in the state that is copied. */
export async function copyFile(ends: Ends, wanted: FileCopyDraft): Promise<FileAnswer> {
  const { from, to } = ends;
  const { seen } = wanted;
  const isFree = seen?.isFree === true;
  const place: Destination = isFree ? { free: true, onlyIf: 'absent' } : await destination(ends, wanted);
  if (!place.free) return place.answer;
  const etag = seen?.source ?? null;
  const isKnown = etag !== null && to.store.reaches(from.store.source(from.key, etag));
  const source = isKnown ? { etag, sha256: wanted.digest } : await origin(ends, wanted);
  if ('reason' in source) return no(source.reason);
  try {
    return await transferred(ends, wanted, { source, onlyIf: place.onlyIf, isFree, made: wanted.made });
  } catch (error) {
    const failure = fileFailure(error);
    if (failure === null) throw error;
    // What the listings told does not hold any more: both ends are looked at, and then it is known.
    if (seen !== undefined) return copyFile(ends, { size: wanted.size, digest: wanted.digest, before: wanted.before });
    return afterFailure(ends, wanted, error);
  }
}

interface Transfer {
  /** What is copied: the source as it was looked at, or where it is known by its ETag, that. */
  readonly source: StoredObject | { readonly etag: string; readonly sha256: Digest };
  readonly onlyIf: WriteCondition;
  readonly isFree: boolean;
  readonly made: (() => void) | undefined;
}

async function transferred(ends: Ends, wanted: FileFacts, transfer: Transfer): Promise<FileAnswer> {
  const { source, onlyIf, isFree, made } = transfer;
  const { from, to, streams } = ends;
  const { size, digest: sha256 } = wanted;
  const bytes = from.store.source(from.key, source.etag);
  if ('key' in source && !to.store.reaches(bytes)) {
    const draft = { sha256, served: servedAs(source), onlyIf };
    const object = await streams.run(() => to.store.put(to.key, { size, stream: bytes.stream(0, size) }, draft));
    return { done: true, found: foundIn(object) };
  }
  // Served as the source is, with its record; where it has none, all that is said of it is said anew.
  const served = 'key' in source && source.sha256 === null ? servedAs(source) : null;
  const object = await to.store.copy(bytes, to.key, {
    size,
    sha256,
    served,
    onlyIf,
    isFree,
    isKnown: !('key' in source),
    ...(made === undefined ? {} : { made }),
  });
  if (object.sha256 === sha256) return { done: true, found: foundIn(object) };
  // The store did not carry the record over: the bytes are what is left to go by.
  return provenCopy(ends, wanted);
}

async function provenCopy({ from, to }: Ends, wanted: FileFacts): Promise<FileAnswer> {
  const object = await to.store.look(to.key);
  if (object === null)
    return no(`the copy of ${from.key} in ${from.store.name} was taken away by somebody else. Plan again`);
  const digest = object.sha256 ?? (await digestOfBytes(to.store, object));
  if (digest === wanted.digest) return recorded(to.store, object, digest);
  await to.store.remove(to.key, { etag: object.etag });
  return no(
    `the copy of ${from.key} in ${from.store.name} came out as ${digest}, not ${wanted.digest}, and was taken away again. Plan again`,
  );
}

/** Why a write came to nothing, after a look at both ends. A failure that neither explains is one of the world. */
export async function afterFailure(ends: Ends, wanted: FileChangeDraft, error: unknown): Promise<FileAnswer> {
  const { to, from } = ends;
  const there = await to.store.look(to.key);
  if (there !== null) {
    const now = await judge(to.store, there, wanted);
    if (now.isIt) return recorded(to.store, there, wanted.digest);
    if (wanted.before === null || now.digest !== wanted.before) {
      return no(
        `another file came to lie at ${to.key} in ${to.store.name}: ${otherThan(now, wanted)}. Find out who writes there, then plan again`,
      );
    }
  }
  switch (fileFailure(error)) {
    case 'gone': {
      if ((await from.store.look(from.key)) !== null) throw error;
      return no(
        `lost: ${from.key} in ${from.store.name} is not there any more. Put it back with the digest ${wanted.digest}, or plan again`,
      );
    }
    case 'rewritten':
    case 'taken':
    case 'other-bytes':
      return no(
        `${error instanceof Error ? error.message.replace(/\.$/, '') : String(error)}. Nothing of it stays; somebody else is writing there. Find out who, then apply again`,
      );
    case null:
      throw error;
  }
}
