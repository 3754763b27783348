import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  UploadPartCommand,
  UploadPartCopyCommand,
  type CompletedPart,
} from '@aws-sdk/client-s3';
import { createHash } from 'node:crypto';
import type { Digest } from '../../domain/canonical-json.ts';
import type { StoreKey } from '../../domain/store-key.ts';
import { ArtifactStoreError, type ServedAs, type WriteCondition } from '../../ports/artifact-store.ts';
import { bareEtag, recordOf, type S3Place } from './place.ts';
import { ofSource, type S3Source } from './source.ts';

/** How an object that is made of parts will be known. */
export interface PartsHead {
  readonly sha256: Digest | null;
  readonly served: ServedAs;
  readonly onlyIf: WriteCondition;
}

/** An object that is being made of parts; it is visible only once it is complete. */
export interface Upload {
  /** Sends a part; its number counts from 1. */
  send(number: number, bytes: Uint8Array): Promise<void>;
  /** Copies a part where it lies. */
  copy(number: number, from: S3Source, range: { readonly offset: number; readonly length: number }): Promise<void>;
}

/** The place of a source as the server wants it named in a copy. */
export function copySource({ place, key }: S3Source): string {
  return `${place.bucket}/${place.keyIn(key).split('/').map(encodeURIComponent).join('/')}`;
}

/** Asks the server for the condition too; what it makes of it is not relied upon. */
export function conditionOf(onlyIf: WriteCondition): { IfNoneMatch?: string; IfMatch?: string } {
  if (onlyIf === null) return {};
  return onlyIf === 'absent' ? { IfNoneMatch: '*' } : { IfMatch: `"${onlyIf.etag}"` };
}

/** An ETag is left out here: Ceph refuses a true one for its quotes, and parts cannot be asked for a second time once they are complete. */
function absentOnly(onlyIf: WriteCondition): { IfNoneMatch?: string } {
  return onlyIf === 'absent' ? { IfNoneMatch: '*' } : {};
}

/** Makes an object of the parts that `work` sends or copies; when that fails, nothing of it stays. Returns its ETag. */
export async function inParts(
  place: S3Place,
  key: StoreKey,
  head: PartsHead,
  work: (upload: Upload) => Promise<void>,
): Promise<string> {
  const { client, bucket, ask, keyIn } = place;
  const at = { Bucket: bucket, Key: keyIn(key) };
  const act = `write ${key} into ${place.name}`;
  const { UploadId } = await ask(act, () =>
    client.send(
      new CreateMultipartUploadCommand({
        ...at,
        ContentType: head.served.contentType,
        ...(head.served.cacheControl === null ? {} : { CacheControl: head.served.cacheControl }),
        Metadata: recordOf(head.sha256),
      }),
    ),
  );
  if (UploadId === undefined)
    throw new ArtifactStoreError('unexpected-answer', `${place.name} began ${key} without a number`);
  const parts = new Map<number, string>();
  try {
    await work(uploadOf(place, { ...at, UploadId }, act, parts));
    const Parts: CompletedPart[] = [...parts]
      .toSorted(([left], [right]) => left - right)
      .map(([PartNumber, etag]) => ({ PartNumber, ETag: `"${etag}"` }));
    return await complete(place, { ...at, UploadId, MultipartUpload: { Parts }, ...absentOnly(head.onlyIf) }, act);
  } catch (error) {
    // Whatever stopped it is what is told; parts that stay behind are taken away by the bucket's own rule for them.
    await ask(act, () => client.send(new AbortMultipartUploadCommand({ ...at, UploadId }))).catch(() => undefined);
    throw error;
  }
}

interface At {
  readonly Bucket: string;
  readonly Key: string;
  readonly UploadId: string;
}

function uploadOf(place: S3Place, at: At, act: string, parts: Map<number, string>): Upload {
  const { client, ask } = place;
  return {
    send: async (number, bytes) => {
      const md5 = createHash('md5').update(bytes).digest();
      const input = {
        ...at,
        PartNumber: number,
        Body: bytes,
        ContentLength: bytes.length,
        ContentMD5: md5.toString('base64'),
      };
      const { ETag } = await ask(act, () => client.send(new UploadPartCommand(input)));
      parts.set(number, bareEtag(ETag));
    },
    copy: async (number, from, { offset, length }) => {
      const pinned = from.pinned;
      const input = {
        ...at,
        PartNumber: number,
        CopySource: copySource(from),
        CopySourceRange: `bytes=${offset}-${offset + length - 1}`,
        ...(pinned === null ? {} : { CopySourceIfMatch: `"${pinned}"` }),
      };
      const { CopyPartResult } = await ask(act, () => client.send(new UploadPartCopyCommand(input))).catch(
        (error: unknown) => {
          throw ofSource(from, error);
        },
      );
      parts.set(number, bareEtag(CopyPartResult?.ETag));
    },
  };
}

type Completion = ConstructorParameters<typeof CompleteMultipartUploadCommand>[0];

async function complete(place: S3Place, input: Completion, act: string): Promise<string> {
  let asked = 0;
  const { ETag } = await place.ask(act, async () => {
    asked += 1;
    try {
      return await place.client.send(new CompleteMultipartUploadCommand(input));
    } catch (error) {
      // Asked a second time, after an answer that was lost: it is complete already. The caller looks at what is there.
      if (asked > 1 && error instanceof Error && error.name === 'NoSuchUpload') return { ETag: undefined };
      throw error;
    }
  });
  return ETag === undefined ? etagOfParts(input.MultipartUpload?.Parts ?? []) : bareEtag(ETag);
}

/** What servers give an object of parts for an ETag: the MD5 of the parts' MD5s, and their number. */
function etagOfParts(parts: readonly CompletedPart[]): string {
  const hash = createHash('md5');
  for (const { ETag } of parts) hash.update(Buffer.from(bareEtag(ETag), 'hex'));
  return `${hash.digest('hex')}-${parts.length}`;
}
