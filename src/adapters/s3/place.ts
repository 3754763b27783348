import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';
import { Digest } from '../../domain/canonical-json.ts';
import { instantOf, type Instant } from '../../domain/instant.ts';
import type { StoreKey } from '../../domain/store-key.ts';
import { ArtifactStoreError, type StoredObject } from '../../ports/artifact-store.ts';
import { withRetries } from '../http/retry.ts';
import { slots } from '../http/slots.ts';
import { systemTimers, type Timers } from '../http/timers.ts';
import { judge, storeError } from './failure.ts';
import { quickRequests, type ObjectHead, type QuickRequests } from './quick.ts';

/** What is known of the server; the defaults are those of S3 itself. */
export interface StoreLimits {
  /** Most bytes that one copy, or one copied part, may have; at least twice the smallest part. */
  readonly largestCopy: number;
  /** Least bytes that a part may have which is not the last. */
  readonly smallestPart: number;
  /** Most parts of one object. */
  readonly mostParts: number;
  /** Bytes of a part that is sent from here; below that, an object is sent whole. */
  readonly sentPart: number;
}

const MEBIBYTE = 1024 * 1024;

const usualLimits: StoreLimits = {
  largestCopy: 5 * 1024 * MEBIBYTE,
  smallestPart: 5 * MEBIBYTE,
  mostParts: 10_000,
  sentPart: 16 * MEBIBYTE,
};

export interface S3Options {
  readonly bucket: string;
  /** Below which its keys begin, without slashes at the ends; '' for the whole bucket. */
  readonly prefix: string;
  /** Null for the server that the region says. */
  readonly endpoint: string | null;
  readonly region: string;
  /** Whether the bucket is in the path instead of the host's name. */
  readonly pathStyle: boolean;
  /** Null asks without a name, as everybody may ask a public bucket. */
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string } | null;
  /** Whether the server is told digests in its own way too, where it knows one. */
  readonly nativeDigests?: boolean;
  readonly limits?: Partial<StoreLimits>;
  readonly timers?: Timers;
  /** Requests under way at once. */
  readonly parallel?: number;
  /** False: every request through the client. */
  readonly quick?: boolean;
}

/** One place on an S3 server, with what it takes to ask for something there. */
export interface S3Place {
  readonly client: S3Client;
  /** Null where the address of the server is the client's to find out. */
  readonly quick: QuickRequests | null;
  readonly bucket: string;
  readonly name: string;
  /** Equal for places between which the server copies. */
  readonly server: string;
  readonly limits: StoreLimits;
  readonly nativeDigests: boolean;
  readonly timers: Timers;
  /** The key in the bucket. */
  readonly keyIn: (key: string) => string;
  /** The key in this place; null for one that does not lie in it. */
  readonly keyFrom: (inBucket: string) => string | null;
  /** Asks, as often as it is sensible; `act` follows "cannot" in the error. */
  readonly ask: <Answer>(act: string, attempt: () => Promise<Answer>) => Promise<Answer>;
}

const CONNECT = 10_000;
const ANSWER = 120_000;
const IDLE = 60_000;
const PARALLEL = 64;

/** Signs nothing, and keeps the client from looking for credentials where this project does not: in files and services of the machine. */
const NOBODY: Pick<S3ClientConfig, 'credentials' | 'signer'> = {
  credentials: { accessKeyId: 'nobody', secretAccessKey: 'nothing' },
  signer: { sign: async (request) => request },
};

export function s3Place(options: S3Options): S3Place {
  const { bucket, prefix, endpoint, region, credentials } = options;
  const timers = options.timers ?? systemTimers;
  const parallel = options.parallel ?? PARALLEL;
  const allowed = slots(parallel);
  const client = new S3Client({
    region,
    ...(endpoint === null ? {} : { endpoint }),
    forcePathStyle: options.pathStyle,
    ...(credentials === null ? NOBODY : { credentials }),
    // Servers other than Amazon's break on the checksums that the client would add by itself, and on the trailers it sends them in.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    // Calls are repeated in one place of this project: src/adapters/http/retry.ts.
    maxAttempts: 1,
    requestHandler: {
      connectionTimeout: CONNECT,
      requestTimeout: ANSWER,
      throwOnRequestTimeout: true,
      socketTimeout: IDLE,
      httpAgent: { keepAlive: true, maxSockets: parallel },
      httpsAgent: { keepAlive: true, maxSockets: parallel },
    },
  });
  const isQuick = endpoint !== null && options.quick !== false;
  const quick = isQuick ? quickRequests({ ...options, endpoint, keys: credentials, parallel, idle: IDLE }) : null;
  const below = prefix === '' ? '' : `${prefix}/`;
  return {
    client,
    quick,
    bucket,
    name: `s3://${bucket}${prefix === '' ? '' : `/${prefix}`}`,
    server: [endpoint ?? 'aws', region, credentials?.accessKeyId ?? ''].join(' '),
    limits: { ...usualLimits, ...options.limits },
    nativeDigests: options.nativeDigests ?? true,
    timers,
    keyIn: (key) => `${below}${key}`,
    keyFrom: (inBucket) => (inBucket.startsWith(below) ? inBucket.slice(below.length) : null),
    ask: async (act, attempt) => {
      try {
        return await withRetries(
          () => allowed.run(attempt),
          (outcome) => (outcome.answered ? { again: false } : judge(outcome.error, Date.now())),
          timers,
        );
      } catch (error) {
        throw storeError(error, act);
      }
    },
  };
}

/** The names under which a digest is recorded; the first is the one we write. */
const RECORDED = ['checksum-sha256', 'x-amz-meta-checksum-sha256'];

/** What is sent along so that the digest is recorded with the object. */
export function recordOf(sha256: Digest | null): Record<string, string> {
  return sha256 === null ? {} : { 'checksum-sha256': sha256.slice('sha256:'.length) };
}

/** In the way that S3 itself writes it. */
export function nativeDigest(sha256: Digest): string {
  return Buffer.from(sha256.slice('sha256:'.length), 'hex').toString('base64');
}

function recordedDigest({ Metadata, ChecksumSHA256 }: ObjectHead): Digest | null {
  // A digest over the digests of parts ends in their number, and is not the object's.
  const native = ChecksumSHA256 === undefined || ChecksumSHA256.includes('-') ? null : ChecksumSHA256;
  const recorded = RECORDED.map((name) => Metadata?.[name]).find((each) => each !== undefined);
  const hex = native === null ? recorded?.toLowerCase() : Buffer.from(native, 'base64').toString('hex');
  const digest = Digest.safeParse(`sha256:${hex ?? ''}`);
  return digest.success ? digest.data : null;
}

/** An ETag without its quotes: some servers leave them out in some answers. */
export function bareEtag(etag: string | undefined): string {
  return (etag ?? '').replaceAll('"', '');
}

/** To the second: listings are more exact than the headers of one object, and the two shall agree. */
export function momentOf(date: Date): Instant {
  return instantOf(Math.floor(date.getTime() / 1000) * 1000);
}

/** What an answer about an object tells. */
export function objectIn(answer: ObjectHead, key: StoreKey, place: S3Place): StoredObject {
  const { ContentLength, ETag, LastModified } = answer;
  if (ContentLength === undefined || ETag === undefined || LastModified === undefined) {
    throw new ArtifactStoreError('unexpected-answer', `${place.name} tells of ${key} without size, ETag or time`);
  }
  return {
    key,
    size: ContentLength,
    etag: bareEtag(ETag),
    sha256: recordedDigest(answer),
    modified: momentOf(LastModified),
    contentType: answer.ContentType ?? null,
    cacheControl: answer.CacheControl ?? null,
  };
}
