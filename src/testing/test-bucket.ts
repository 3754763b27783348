import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { randomBytes } from 'node:crypto';
import type { ObjectServer } from './ceph.ts';

/** A bucket of its own for a test, reached by other hands than the product's. */
export interface TestBucket {
  readonly name: string;
  readonly client: S3Client;
  /** Puts an object there as other programs do: without a recorded digest. */
  plant: (key: string, bytes: Uint8Array) => Promise<void>;
  close: () => void;
}

export async function testBucket({ endpoint, accessKeyId, secretAccessKey }: ObjectServer): Promise<TestBucket> {
  const name = `test-${randomBytes(6).toString('hex')}`;
  const client = new S3Client({
    endpoint,
    region: 'us-east-1',
    forcePathStyle: true,
    credentials: { accessKeyId, secretAccessKey },
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  });
  await client.send(new CreateBucketCommand({ Bucket: name }));
  return {
    name,
    client,
    plant: async (key, bytes) => {
      await client.send(new PutObjectCommand({ Bucket: name, Key: key, Body: bytes }));
    },
    close: () => client.destroy(),
  };
}
