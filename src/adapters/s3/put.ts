import { PutObjectCommand, type PutObjectCommandInput } from '@aws-sdk/client-s3';
import { createHash } from 'node:crypto';
import type { Digest } from '../../domain/canonical-json.ts';
import { runningDigest } from '../../domain/sha256.ts';
import type { StoreKey } from '../../domain/store-key.ts';
import {
  ArtifactStoreError,
  type Content,
  type ServedAs,
  type StoredObject,
  type WriteCondition,
} from '../../ports/artifact-store.ts';
import { eachAtOnce } from '../http/slots.ts';
import { conditionOf, inParts } from './multipart.ts';
import { nativeDigest, recordOf, type S3Place } from './place.ts';
import type { Look } from './read.ts';
import { S3Source } from './source.ts';

/** A place that is written to. */
export interface Writing {
  readonly place: S3Place;
  readonly look: Look;
}

export interface Written {
  /** Null where nobody knows it before; it is not recorded then. */
  readonly sha256: Digest | null;
  readonly served: ServedAs;
  readonly onlyIf: WriteCondition;
}

const SENT_AT_ONCE = 3;
const MOST_SENT_PART = 1024 * 1024 * 1024;

/** Holds the condition against what is there now. */
export async function checkCondition({ place, look }: Writing, key: StoreKey, onlyIf: WriteCondition): Promise<void> {
  if (onlyIf === null) return;
  const there = await look(key);
  if (onlyIf === 'absent') {
    if (there !== null) throw new ArtifactStoreError('exists', `${key} is in ${place.name} already`);
    return;
  }
  if (there?.etag !== onlyIf.etag) {
    throw new ArtifactStoreError('changed', `${key} in ${place.name} is not what was looked at; look again`);
  }
}

export async function putObject(
  writing: Writing,
  key: StoreKey,
  content: Content,
  draft: Written,
): Promise<StoredObject> {
  await checkCondition(writing, key, draft.onlyIf);
  const { sentPart } = writing.place.limits;
  if ('bytes' in content && content.bytes.length <= sentPart) return putWhole(writing, key, content.bytes, draft);
  const size = 'bytes' in content ? content.bytes.length : content.size;
  const stream = 'bytes' in content ? [content.bytes] : content.stream;
  if (size > sentPart) return putInParts(writing, key, { size, stream }, draft);
  const [bytes = new Uint8Array()] = await gather(measured(key, { size, stream }), Math.max(1, size));
  return putWhole(writing, key, bytes, draft);
}

function mismatch(key: StoreKey, what: string): ArtifactStoreError {
  return new ArtifactStoreError('mismatch', `${key}: ${what}. Nothing was written.`);
}

interface Stream {
  readonly size: number;
  readonly stream: AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
}

/** The pieces, which must come to the promised size. */
async function* measured(key: StoreKey, { size, stream }: Stream): AsyncGenerator<Uint8Array> {
  let came = 0;
  for await (const piece of stream) {
    came += piece.length;
    if (came > size) throw mismatch(key, `more than the ${size} bytes promised came`);
    yield piece;
  }
  if (came < size) throw mismatch(key, `${came} bytes came, not ${size}`);
}

async function gather(pieces: AsyncIterable<Uint8Array>, length: number): Promise<readonly Uint8Array[]> {
  const all: Uint8Array[] = [];
  for await (const part of partsOf(pieces, length)) all.push(part);
  return all;
}

/** The bytes anew in parts of one length; the last may be shorter. */
async function* partsOf(pieces: AsyncIterable<Uint8Array>, length: number): AsyncGenerator<Uint8Array> {
  let part = Buffer.allocUnsafeSlow(length);
  let filled = 0;
  for await (const piece of pieces) {
    for (let at = 0; at < piece.length;) {
      const taken = Math.min(piece.length - at, length - filled);
      part.set(piece.subarray(at, at + taken), filled);
      at += taken;
      filled += taken;
      if (filled < length) continue;
      yield part;
      part = Buffer.allocUnsafeSlow(length);
      filled = 0;
    }
  }
  if (filled > 0) yield part.subarray(0, filled);
}

async function putWhole(writing: Writing, key: StoreKey, bytes: Uint8Array, draft: Written): Promise<StoredObject> {
  const { place } = writing;
  const digest = runningDigest();
  digest.add(bytes);
  const sha256 = digest.digest();
  if (draft.sha256 !== null && draft.sha256 !== sha256)
    throw mismatch(key, `what came is ${sha256}, not ${draft.sha256}`);
  const md5 = createHash('md5').update(bytes);
  const sum = md5.copy().digest('base64');
  const etag = md5.digest('hex');
  const input = {
    Bucket: place.bucket,
    Key: place.keyIn(key),
    Body: bytes,
    ContentLength: bytes.length,
    ContentMD5: sum,
    ...(place.nativeDigests ? { ChecksumSHA256: nativeDigest(sha256) } : {}),
    ContentType: draft.served.contentType,
    ...(draft.served.cacheControl === null ? {} : { CacheControl: draft.served.cacheControl }),
    Metadata: recordOf(sha256),
  };
  await sendUnder(writing, key, { input, onlyIf: draft.onlyIf, etag });
  return readBack(writing, key, { size: bytes.length, sha256, etag });
}

interface Sent {
  readonly input: PutObjectCommandInput;
  readonly onlyIf: WriteCondition;
  /** What the object will have when it is ours. */
  readonly etag: string;
}

async function sendUnder(writing: Writing, key: StoreKey, { input, onlyIf, etag }: Sent): Promise<void> {
  const { place, look } = writing;
  let asked = 0;
  const send = (condition: ReturnType<typeof conditionOf>): Promise<unknown> =>
    place.ask(`write ${key} into ${place.name}`, () => {
      asked += 1;
      return place.client.send(new PutObjectCommand({ ...input, ...condition }));
    });
  try {
    await send(conditionOf(onlyIf));
  } catch (error) {
    if (!(error instanceof ArtifactStoreError) || error.code !== 'changed') throw error;
    // An earlier answer was lost, and what is in the way is what we wrote.
    if (asked > 1 && (await look(key))?.etag === etag) return;
    await checkCondition(writing, key, onlyIf);
    // The condition holds, and the server says that it does not: Ceph compares the ETag with its quotes.
    await send({});
  }
}

async function putInParts(writing: Writing, key: StoreKey, what: Stream, draft: Written): Promise<StoredObject> {
  const { place } = writing;
  const { sentPart, mostParts } = place.limits;
  const length = Math.max(sentPart, Math.ceil(what.size / mostParts));
  if (length > MOST_SENT_PART)
    throw new ArtifactStoreError('invalid', `${key}: ${what.size} bytes are more than an object can have`);
  const etag = await inParts(place, key, draft, async (upload) => {
    const digest = runningDigest();
    let number = 0;
    await eachAtOnce(partsOf(measured(key, what), length), SENT_AT_ONCE, (part) => {
      digest.add(part);
      return upload.send((number += 1), part);
    });
    const sha256 = digest.digest();
    if (draft.sha256 !== null && sha256 !== draft.sha256)
      throw mismatch(key, `what came is ${sha256}, not ${draft.sha256}`);
    await checkCondition(writing, key, draft.onlyIf);
  });
  return readBack(writing, key, { size: what.size, sha256: draft.sha256, etag });
}

/** What was written, as it must be told afterwards. */
export interface Expected {
  readonly size: number;
  /** Null: whatever is recorded. */
  readonly sha256: Digest | null;
  /** The ETag that these bytes have where ETags are MD5s; null where it is not known. */
  readonly etag: string | null;
}

/**
 * Looks at what was written. An ETag that is the MD5 of what was sent proves the bytes; where the store makes its ETags otherwise, they are read
 * back and hashed.
 */
export async function readBack({ place, look }: Writing, key: StoreKey, expected: Expected): Promise<StoredObject> {
  const back = await look(key);
  const where = `${key} in ${place.name}`;
  if (back === null) throw new ArtifactStoreError('mismatch', `${where} is not there after it was written`);
  if (back.size !== expected.size) {
    throw new ArtifactStoreError(
      'mismatch',
      `${where} has ${back.size} bytes after it was written, not ${expected.size}`,
    );
  }
  if (expected.sha256 !== null && back.sha256 !== expected.sha256) {
    throw new ArtifactStoreError(
      'mismatch',
      `${where} is recorded as ${back.sha256 ?? 'nothing'}, not ${expected.sha256}; somebody else may be writing it`,
    );
  }
  if (expected.etag === null || back.etag === expected.etag || expected.sha256 === null) return back;
  const digest = runningDigest();
  for await (const piece of new S3Source(place, key, { etag: back.etag, look }).stream(0, back.size)) digest.add(piece);
  if (digest.digest() === expected.sha256) return back;
  throw new ArtifactStoreError('mismatch', `${where} holds other bytes than were written`);
}
