import { DeleteObjectCommand } from '@aws-sdk/client-s3';
import { ByteSourceError } from '../../domain/byte-source.ts';
import type { StoreKey } from '../../domain/store-key.ts';
import {
  ArtifactStoreError,
  type CopiedObject,
  type CopyDraft,
  type StoredObject,
} from '../../ports/artifact-store.ts';
import { eachAtOnce } from '../http/slots.ts';
import { requestCopy } from './copy-request.ts';
import { copySource, inParts } from './multipart.ts';
import { planParts } from './parts.ts';
import { bareEtag, momentOf } from './place.ts';
import { checkCondition, readBack, type Writing } from './put.ts';
import type { CopyAnswer } from './quick.ts';
import type { MadeCopy, Shown } from './shown.ts';
import { ofSource, type S3Source } from './source.ts';

const PARTS_AT_ONCE = 8;

/** What copies are made with. */
export interface Copying extends Writing {
  readonly shown: Shown;
}

/**
 * Copies where it lies: one request for the copy, one to look at it, which a listing may do for many; two more where the source's state is not known, or it
 * must be in parts.
 */
export async function copyObject(
  writing: Copying,
  from: S3Source,
  to: StoreKey,
  draft: CopyDraft,
): Promise<CopiedObject> {
  const { place } = writing;
  if (draft.isFree !== true) await checkCondition(writing, to, draft.onlyIf);
  const isOntoItself = from.place.bucket === place.bucket && from.place.keyIn(from.key) === place.keyIn(to);
  const isLarge = draft.size > place.limits.largestCopy;
  // What goes wrong onto itself cannot be taken away again, so it is looked at before.
  if (from.pinned === null || isOntoItself || isLarge) {
    const { size } = await from.check();
    if (size !== draft.size) throw wrong(from, `has ${size} bytes, not ${draft.size}`);
  }
  if (isLarge) {
    const etag = await copyInParts(writing, from, to, draft);
    return afterwards(writing, from, to, { draft, etag, isOntoItself });
  }
  const coming = isShownByListing(from, draft) ? writing.shown() : null;
  const made = await copyWhole(writing, from, to, draft).then(
    (answer) => (coming === null ? null : madeOf(from, to, { answer, draft })),
    (error: unknown) => {
      coming?.failed();
      throw error;
    },
  );
  if (made === null) coming?.failed();
  else {
    draft.made?.();
    if ((await coming?.made(made)) === true) return made;
  }
  return afterwards(writing, from, to, { draft, etag: null, isOntoItself });
}

/** An ETag that is the MD5 of the bytes; one of parts is another for the same bytes, and may be the same for others. */
const OF_BYTES = /^[0-9a-f]{32}$/;

/** Whether a listing can prove the copy: of a known state whose ETag stands for its bytes, to where nothing lay, with all that is told of it. */
function isShownByListing({ pinned }: S3Source, { isKnown, isFree, served, sha256 }: CopyDraft): boolean {
  const isNew = isFree === true && served === null && sha256 !== null;
  return isKnown === true && isNew && pinned !== null && OF_BYTES.test(pinned);
}

interface Answered {
  readonly answer: CopyAnswer;
  readonly draft: CopyDraft;
}

/** What the server says that it made; null where that is not the state that was to be copied, or where it does not say. */
function madeOf({ pinned }: S3Source, key: StoreKey, { answer, draft }: Answered): MadeCopy | null {
  const { size, sha256 } = draft;
  const etag = bareEtag(answer.ETag);
  if (sha256 === null || etag !== pinned || answer.LastModified === undefined) return null;
  return { key, size, etag, sha256, modified: momentOf(answer.LastModified) };
}

function wrong(from: S3Source, what: string): ArtifactStoreError {
  return new ArtifactStoreError('mismatch', `${from.name} ${what}`);
}

async function copyWhole(writing: Writing, from: S3Source, to: StoreKey, draft: CopyDraft): Promise<CopyAnswer> {
  const { place } = writing;
  const request = { from: copySource(from), to: place.keyIn(to), etag: from.pinned, draft };
  const act = `copy ${from.name} to ${to} in ${place.name}`;
  try {
    return await place.ask(act, () => requestCopy(place, request));
  } catch (error) {
    // Which of the two conditions failed is not said.
    if (error instanceof ArtifactStoreError && error.code === 'changed')
      await checkCondition(writing, to, draft.onlyIf);
    throw ofSource(from, error);
  }
}

/** Above what one copy may have: in as few parts as there can be. How it is served has to be said anew, so it is read first. */
async function copyInParts(writing: Writing, from: S3Source, to: StoreKey, draft: CopyDraft): Promise<string> {
  const { place } = writing;
  const source = await from.check();
  const head = {
    sha256: draft.served === null ? source.sha256 : draft.sha256,
    served: draft.served ?? {
      contentType: source.contentType ?? 'application/octet-stream',
      cacheControl: source.cacheControl,
    },
    onlyIf: draft.onlyIf,
  };
  const splice = { size: draft.size, pieces: [{ kind: 'copy' as const, offset: 0, length: draft.size }] };
  const parts = planParts(splice, place.limits);
  if (parts === null)
    throw new ArtifactStoreError('invalid', `${to}: ${draft.size} bytes are more than an object can have`);
  return inParts(place, to, head, async (upload) => {
    await eachAtOnce(parts.entries(), PARTS_AT_ONCE, async ([index, part]) => {
      if (part.kind === 'copy') await upload.copy(index + 1, from, part);
    });
    await from.check();
  });
}

interface Outcome {
  readonly draft: CopyDraft;
  readonly etag: string | null;
  readonly isOntoItself: boolean;
}

/**
 * Looks at the copy. The ETag of the source proves it; with another, the source is looked at once more, since a store that ignores the condition
 * would have copied whatever was there. A copy of something else does not stay.
 */
async function afterwards(writing: Writing, from: S3Source, to: StoreKey, outcome: Outcome): Promise<StoredObject> {
  try {
    return await proven(writing, from, to, outcome);
  } catch (error) {
    if (!isOther(error) || outcome.isOntoItself) throw error;
    const { place } = writing;
    const input = { Bucket: place.bucket, Key: place.keyIn(to) };
    const act = `remove the wrong copy ${to} from ${place.name}`;
    await place.ask(act, () => place.client.send(new DeleteObjectCommand(input)));
    throw error;
  }
}

function isOther(error: unknown): boolean {
  if (error instanceof ByteSourceError) return error.code === 'changed' || error.code === 'missing';
  return error instanceof ArtifactStoreError && error.code === 'mismatch';
}

async function proven(writing: Writing, from: S3Source, to: StoreKey, outcome: Outcome): Promise<StoredObject> {
  const { draft, etag } = outcome;
  const expected = draft.served === null ? null : draft.sha256;
  try {
    const back = await readBack(writing, to, { size: draft.size, sha256: expected, etag });
    if (draft.sha256 !== null && back.sha256 !== null && back.sha256 !== draft.sha256) {
      throw wrong(from, `is recorded as ${back.sha256}, not ${draft.sha256}`);
    }
    if (back.etag !== from.pinned) await from.check();
    return back;
  } catch (error) {
    // That the source was written again explains a mismatch, and is the better answer.
    if (error instanceof ArtifactStoreError && error.code === 'mismatch') await from.check();
    throw error;
  }
}
