import { HeadBucketCommand, HeadObjectCommand, ListObjectsV2Command, type _Object } from '@aws-sdk/client-s3';
import { compareKeys, StoreKey } from '../../domain/store-key.ts';
import {
  ArtifactStoreError,
  type ListedObject,
  type ListedPage,
  type StoredObject,
} from '../../ports/artifact-store.ts';
import { bareEtag, momentOf, objectIn, type S3Place } from './place.ts';
import type { ObjectHead } from './quick.ts';

/** Looks at objects of a place. */
export type Look = (key: StoreKey) => Promise<StoredObject | null>;

/** The bucket is asked for once, when something is said not to be there: a missing bucket says the same of every key. */
export function looking(place: S3Place): Look {
  const { client, bucket, ask, keyIn } = place;
  let isThere: Promise<unknown> | null = null;
  return async (key) => {
    try {
      const act = `look at ${key} in ${place.name}`;
      return objectIn(await ask(act, () => headOf(place, keyIn(key))), key, place);
    } catch (error) {
      if (!(error instanceof ArtifactStoreError) || error.code !== 'missing') throw error;
      isThere ??= ask(`find the bucket of ${place.name}`, () => client.send(new HeadBucketCommand({ Bucket: bucket })));
      await isThere.catch((failure: unknown) => {
        isThere = null;
        // Not allowed to ask for the bucket, only for its objects: then the object's answer is all there is.
        if (!(failure instanceof ArtifactStoreError) || failure.code !== 'not-allowed') throw failure;
      });
      return null;
    }
  };
}

function headOf({ client, quick, bucket, nativeDigests }: S3Place, key: string): Promise<ObjectHead> {
  if (quick !== null) return quick.head(key, nativeDigests);
  const checksums = nativeDigests ? { ChecksumMode: 'ENABLED' as const } : {};
  return client.send(new HeadObjectCommand({ Bucket: bucket, Key: key, ...checksums }));
}

/** Of a page, for S3. */
const MOST_KEYS = 1000;

/** Pages of the listing, of `most` keys where that is less than the server would give; a page that is not in order would hide objects, and is refused. */
export async function* listing(
  place: S3Place,
  prefix: string,
  { after, most }: { readonly after: string; readonly most?: number },
): AsyncGenerator<ListedPage> {
  const { client, bucket, ask, keyIn, name } = place;
  let token: string | undefined;
  let last = after;
  do {
    const input = {
      Bucket: bucket,
      Prefix: keyIn(prefix),
      // Names may hold what XML cannot.
      EncodingType: 'url' as const,
      ...(most === undefined ? {} : { MaxKeys: Math.min(most, MOST_KEYS) }),
      ...(token === undefined ? {} : { ContinuationToken: token }),
      ...(token === undefined && after !== '' ? { StartAfter: keyIn(after) } : {}),
    };
    const answer = await ask(`list ${name}`, () => client.send(new ListObjectsV2Command(input)));
    const page = pageOf(place, answer.Contents ?? [], last);
    last = page.objects.at(-1)?.key ?? last;
    if (page.objects.length + page.strange.length > 0) yield page;
    if (answer.IsTruncated !== true) return;
    if (answer.NextContinuationToken === undefined || answer.NextContinuationToken === token) {
      throw new ArtifactStoreError('unexpected-answer', `${name} says that there is more, and not where`);
    }
    token = answer.NextContinuationToken;
  } while (token !== undefined);
}

function decoded(key: string, place: S3Place): string {
  try {
    return decodeURIComponent(key.replaceAll('+', ' '));
  } catch (error) {
    throw new ArtifactStoreError('unexpected-answer', `${place.name} lists a name that cannot be read`, {
      cause: error,
    });
  }
}

function pageOf(place: S3Place, contents: readonly _Object[], after: string): ListedPage {
  const objects: ListedObject[] = [];
  const strange: string[] = [];
  let last = after;
  for (const { Key = '', Size, ETag, LastModified } of contents) {
    const inBucket = decoded(Key, place);
    const text = place.keyFrom(inBucket);
    if (text === null)
      throw new ArtifactStoreError('unexpected-answer', `${place.name} lists ${inBucket}, which does not lie in it`);
    const key = StoreKey.safeParse(text);
    if (!key.success) {
      strange.push(text);
      continue;
    }
    if (last !== '' && compareKeys(key.data, last) <= 0) {
      throw new ArtifactStoreError('unexpected-answer', `${place.name} lists ${key.data} after ${last}: out of order`);
    }
    last = key.data;
    objects.push({
      key: key.data,
      size: Size ?? null,
      etag: ETag === undefined ? null : bareEtag(ETag),
      sha256: null,
      modified: LastModified === undefined ? null : momentOf(LastModified),
    });
  }
  return { objects, strange };
}
