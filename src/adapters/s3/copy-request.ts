import { CopyObjectCommand } from '@aws-sdk/client-s3';
import type { CopyDraft } from '../../ports/artifact-store.ts';
import { conditionOf } from './multipart.ts';
import { recordOf, type S3Place } from './place.ts';
import type { CopyAnswer } from './quick.ts';

/** One copy, as it is asked for. */
export interface CopyRequest {
  /** Both in their buckets. */
  readonly from: string;
  readonly to: string;
  /** The state that is to be copied; null for whatever there is. */
  readonly etag: string | null;
  readonly draft: Pick<CopyDraft, 'served' | 'sha256' | 'onlyIf'>;
}

/** Asks for the copy; the answer is what the server told of it. */
export async function requestCopy({ client, quick, bucket }: S3Place, request: CopyRequest): Promise<CopyAnswer> {
  const { to } = request;
  if (quick !== null) return quick.copy(to, headersOf(request));
  const answer = await client.send(new CopyObjectCommand({ Bucket: bucket, Key: to, ...inputOf(request) }));
  return answer.CopyObjectResult ?? {};
}

function headersOf({ from, etag, draft }: CopyRequest): Record<string, string> {
  const { served, sha256 } = draft;
  const { IfMatch, IfNoneMatch } = conditionOf(draft.onlyIf);
  const records = Object.entries(recordOf(sha256)).map(([name, value]) => [`x-amz-meta-${name}`, value] as const);
  return {
    'x-amz-copy-source': from,
    ...(etag === null ? {} : { 'x-amz-copy-source-if-match': `"${etag}"` }),
    ...(IfMatch === undefined ? {} : { 'if-match': IfMatch }),
    ...(IfNoneMatch === undefined ? {} : { 'if-none-match': IfNoneMatch }),
    'x-amz-metadata-directive': served === null ? 'COPY' : 'REPLACE',
    ...(served === null ? {} : { 'content-type': served.contentType, ...Object.fromEntries(records) }),
    ...(served === null || served.cacheControl === null ? {} : { 'cache-control': served.cacheControl }),
  };
}

function inputOf({ from, etag, draft }: CopyRequest) {
  const { served, sha256, onlyIf } = draft;
  const condition = etag === null ? {} : { CopySourceIfMatch: `"${etag}"` };
  const asked = { CopySource: from, ...condition, ...conditionOf(onlyIf) };
  if (served === null) return { ...asked, MetadataDirective: 'COPY' as const };
  const { contentType, cacheControl } = served;
  const cached = cacheControl === null ? {} : { CacheControl: cacheControl };
  const told = { MetadataDirective: 'REPLACE' as const, Metadata: recordOf(sha256), ContentType: contentType };
  return { ...asked, ...told, ...cached };
}
