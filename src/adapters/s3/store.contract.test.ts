import { describe } from 'vitest';
import { artifactStoreContract } from '../../testing/artifact-store-contract.ts';
import { objectServer, SMALLEST_PART, WITHOUT_CEPH } from '../../testing/ceph.ts';
import { memoryStores } from '../../testing/memory-store.ts';
import { testBucket } from '../../testing/test-bucket.ts';
import { s3Store } from './store.ts';

describe.skipIf(WITHOUT_CEPH)('on a real server', () => {
  for (const quick of [true, false])
    artifactStoreContract(
      `S3 (Ceph), ${quick ? 'copies and looks without the client' : 'all by the client'}`,
      async () => {
        const { endpoint, ...credentials } = await objectServer();
        const bucket = await testBucket({ endpoint, ...credentials });
        const other = await testBucket({ endpoint, ...credentials });
        const at = {
          endpoint,
          region: 'us-east-1',
          pathStyle: true,
          credentials,
          limits: { smallestPart: SMALLEST_PART },
          quick,
        };
        const store = s3Store({ ...at, bucket: bucket.name, prefix: 'whl/test' });
        const neighbour = s3Store({ ...at, bucket: other.name, prefix: '' });
        return {
          store,
          neighbour,
          elsewhere: memoryStores().store('memory'),
          plant: (key, bytes) => bucket.plant(`whl/test/${key}`, bytes),
          smallestPart: SMALLEST_PART,
          close: async () => {
            for (const each of [store, neighbour, bucket, other]) each.close();
          },
        };
      },
    );
});
